/**
 * Our provider as a charm: the core's decision, and a CA in a secret that answers all that it may.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { run } from '../../../adapters/host.ts';
import { csrProvides } from '../../../core/csr/provides.ts';
import { type CsrAnswer, type CsrProvidesIntent, nothingToPublish } from '../../../core/csr/provides/intent.ts';
import type { CsrProvidesView, ProvidedRequest } from '../../../core/csr/provides/view.ts';
import type { PrivateKey } from '../../../core/model/certificate.ts';
import { type Authority, describe, generateKey, issue, issueRoot, type Terms } from '../../../core/x509/mod.ts';
import type { SecretId } from '../../../adapters/juju/tools.ts';
import type { CharmFunction } from '../../juju/juju.ts';
import { keep, ourCharm, type OurHook, secret, told } from './hook.ts';

const DAY = 86_400_000;

const right = <A>(result: E.Either<unknown, A>): A => {
  if (E.isRight(result)) return result.right;
  throw new Error(JSON.stringify(result.left));
};

const terms = (now: Date, days: number): Terms => ({
  notBefore: new Date(now.getTime() - 60_000),
  notAfter: new Date(now.getTime() + days * DAY),
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
});

const LABEL = 'ca';

/** The CA of this name, made where there is none. */
const authorityOf = async ({ tools, option, now }: OurHook): Promise<Authority> => {
  const commonName = option('ca');
  const kept = await secret(tools, LABEL);
  const certificate = kept?.['certificate'] ?? '';
  // Python's CA has a unique identifier beside its name.
  const isSame = describe(certificate).certificates[0]?.subject.text.split(/, ?/).includes(`CN=${commonName}`) ?? false;
  if (kept !== null && isSame) return { certificate, key: (kept['private-key'] ?? '') as PrivateKey };
  const key = right(await generateKey('P-256')());
  const root = right(await issueRoot({ commonName, key }, terms(now, 365))());
  const content = { 'private-key': key, certificate: root };
  if (kept === null) await keep(tools, content, { label: LABEL, owner: 'application' });
  else {
    const { id } = await told(tools.secretInfo({ label: LABEL }));
    // As Juju names it, with a prefix that it takes everywhere.
    await told(tools.secretSet(`secret:${id}` as SecretId, content));
  }
  return { certificate: root, key };
};

/** A CSR of the view for an intent: both are readable PEM. */
const addressable = (csr: ProvidedRequest['csr']): CsrAnswer['csr'] => csr as string as CsrAnswer['csr'];

const answerTo = async (request: ProvidedRequest, authority: Authority, now: Date): Promise<CsrAnswer> => {
  const { relationId, csr, isCa, commonName, sans } = request;
  const wanted = { certType: isCa ? 'intermediate' : 'server', commonName, sans, holder: { request: csr } } as const;
  // Both were made here as certificates in PEM.
  const certificate = right(await issue(wanted, authority, terms(now, 90))()) as CsrAnswer['certificate'];
  const ca = authority.certificate as CsrAnswer['ca'];
  return { relationId, csr: addressable(csr), certificate, ca, chain: [certificate, ca] };
};

const decided = async (hook: OurHook, { requests }: CsrProvidesView): Promise<CsrProvidesIntent> => {
  const { option, now, environment } = hook;
  const domain = option('allowed-domain');
  const capabilities = domain === '' ? null : {
    supportsIpSans: null,
    supportsWildcardDns: null,
    supportsSubdomain: null,
    supportsCaCertificates: null,
    allowedDomains: [domain],
    providerType: null,
  };
  if (environment.action === 'revoke-all') {
    const revoked = requests.filter(({ state }) => state === 'answered')
      .map(({ relationId, csr }) => ({ relationId, csr: addressable(csr) }));
    return { ...nothingToPublish, revoked, capabilities };
  }
  const authority = await authorityOf(hook);
  const isDenied = ({ sans }: ProvidedRequest): boolean => sans.includes(option('deny'));
  const open = requests.filter(({ state, ca }) =>
    state !== 'answered' || ca?.trim() !== authority.certificate.toString().trim()
  );
  const refusals = open.filter(isDenied).map(({ relationId, csr }) => ({
    relationId,
    csr: addressable(csr),
    code: 102,
    name: 'domain_not_allowed',
    message: 'not here',
  }));
  const answers: Array<CsrAnswer> = [];
  for (const request of open) if (!isDenied(request)) answers.push(await answerTo(request, authority, now));
  return { ...nothingToPublish, answers, refusals, capabilities };
};

/** The provider. */
export const ourProvider = (now?: () => Date): CharmFunction =>
  ourCharm(async (hook) => {
    if (!hook.isLeader) return;
    await told(
      run(hook.host([]))({
        side: csrProvides,
        intent: nothingToPublish,
        react: ({ view }) => decided(hook, view),
      }),
    );
  }, now);
