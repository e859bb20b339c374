/**
 * Two applications of the CSR protocol on a model, and what has to hold of them: `web` asks as its configuration says, `ca` is a small CA.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { caOf } from '../../../adapters/authority/mod.ts';
import { orThrow } from '../../../adapters/host.ts';
import {
  type Application,
  csrRequirer,
  handler,
  type HookContext,
  type Model,
  model,
  type ModelHandler,
  type ModelOptions,
  type ModelState,
  secretKeeper,
} from '../../../adapters/memory/mod.ts';
import { type CsrRequest, csrRequires, type RequestView } from '../../../core/csr/mod.ts';
import { addressOf, addressText } from '../../../core/model/hosts.ts';
import { readBundle } from '../../../core/x509/bundle.ts';
import { generateKey } from '../../../core/x509/mod.ts';
import type { Certificate } from '../../../core/x509/certificate.ts';
import { type Flag, flagOf, type PrivateKey } from '../../../mod.ts';

export const DAY = 86_400;
export const RELATION = 'certificates:0';

const random = (n: number): Uint8Array => crypto.getRandomValues(new Uint8Array(n));

const POOL = 48;

/** Keys that were made before, since making them takes longer than a history. */
let pool: ReadonlyArray<PrivateKey> = [];
let taken = 0;

/** A P-256 key that no charm of the same history has. */
const pooledKey = async (): Promise<PrivateKey> => {
  if (pool.length === 0) pool = await Promise.all(Array.from({ length: POOL }, () => orThrow(keyOf)));
  return pool[taken++ % POOL] ?? assert.fail('there is no key');
};

const keyOf = async () => {
  const made = await generateKey('P-256')();
  return made._tag === 'Right' ? made : { _tag: 'Left' as const, left: { message: 'no key could be made' } };
};

const number = (unit: string): number => Number(unit.split('/')[1]);

/** What a unit asks for, by the number of the wish that its application is configured with. */
export const wishOf = (wish: number, unit: string): ReadonlyArray<CsrRequest> => {
  const host = `web-${number(unit)}.example`;
  const of = (certType: CsrRequest['certType'], commonName: string, ...sans: ReadonlyArray<string>): CsrRequest => ({
    certType,
    commonName,
    sans,
    uniqueIdentifier: true,
  });
  const server = of('server', host, host, `10.0.0.${number(unit)}`);
  const client = of('client', 'system:web');
  const shared = of('application', 'web.example', 'web.example', 'fd00::1');
  switch (wish) {
    case 0:
      return [server];
    case 1:
      return [server, client];
    case 2:
      return [server, shared];
    case 3:
      return [of('server', host, host, 'more.example', '1.3.6.1.4.1.99'), shared, of('intermediate', `CA of ${unit}`)];
    case 4:
      return [of('application', 'web.example', 'web.example', 'other.example'), { ...client, uniqueIdentifier: false }];
    case 6:
      return ['a', 'b', 'c'].map((name) => of('application', `${name}.example`, `${name}.example`, '10.0.0.9'));
    default:
      return [];
  }
};

/** What a number in the configuration says, if it is another than the secret of this label has; it then has it. */
const isNew = ({ secrets, config }: HookContext, owner: 'unit' | 'application', name: string): boolean => {
  const wanted = String(config[name] ?? 0);
  if ((secrets.get(owner, name)?.['n'] ?? '0') === wanted) return false;
  secrets.set(owner, name, { n: wanted });
  return true;
};

/** The requirer: `wish` and `rotation`, the number of its keys, are its configuration. */
export const asking: ModelHandler = csrRequirer({
  makeKey: pooledKey,
  wants: (context) => {
    const { config, hook: { unit }, state: { snapshot }, endpoint } = context;
    const owners = snapshot.isLeader ? (['unit', 'application'] as const) : (['unit'] as const);
    return {
      requests: wishOf(Number(config['wish'] ?? 0), unit),
      rotate: owners.filter((owner) => isNew(context, owner, 'rotation')),
      handle: ({ memory }): ReadonlyArray<Flag> =>
        ['ca', 'certs', 'server.certs', 'client.certs', 'application.certs', 'intermediate.certs']
          .map((topic) => flagOf(endpoint, `${topic}.changed`))
          .filter((flag) => memory.flags.includes(flag)),
    };
  },
});

/** The provider: common names that are `denied`, the `generation` of its CA and its `rotation` are its configuration. */
export const answering: ModelHandler = handler(async (context) => {
  const { secrets, config, now, state: { snapshot: { isLeader } } } = context;
  const keeper = secretKeeper(secrets, 'ca');
  const moment = new Date(now);
  const ca = caOf({
    keeper,
    authority: { commonName: 'Test CA' },
    random,
    generation: Number(config['generation'] ?? 1),
  });
  if (isLeader) {
    const kept = await orThrow(keeper.load);
    const denied = (Array.isArray(config['denied']) ? config['denied'] : []).map((name) => ({
      commonName: String(name),
    }));
    if (kept !== null && JSON.stringify(kept.denied) !== JSON.stringify(denied)) {
      await orThrow(keeper.save({ ...kept, denied }));
    }
    if (kept !== null && isNew(context, 'application', 'rotation')) await orThrow(ca.rotate(moment));
  }
  const charm = await orThrow(ca.csrCharm(moment, isLeader));
  return { ...charm, wakeAt: charm.nextStep };
});

export const APPLICATIONS: Readonly<Record<'web' | 'ca', Application>> = {
  web: { requires: { certificates: asking } },
  ca: { provides: { clients: answering } },
};

/** A model of both, with nothing deployed. */
export const csrModel = (options: Partial<ModelOptions> = {}): Model =>
  model({ applications: APPLICATIONS, ...options });

/** What a unit's last hook showed of its requests. */
export const requestsOf = (juju: Pick<Model, 'unit'>, unit: string): ReadonlyArray<RequestView> =>
  juju.unit(unit)?.outcome(csrRequires, 'certificates')?.view.requests ?? [];

/** A certificate in PEM. */
export const certificateOf = (pem: string): Certificate =>
  readBundle(pem).certificates[0] ?? assert.fail('it cannot be read');

/** The names of a request or a certificate, as sorted text. */
const namesOf = (sans: ReadonlyArray<string>): ReadonlyArray<string> =>
  sans.map((san) => {
    const address = addressOf(san);
    return address === null ? san : addressText(address);
  }).sort();

/** That a certificate is for exactly what was asked. */
export const assertExact = ({ request, certificate }: RequestView): void => {
  const { description } = certificateOf(certificate ?? assert.fail(`${request.commonName} has no certificate`));
  assert.match(description.subject.text, new RegExp(`^CN=${request.commonName}(, 2\\.5\\.4\\.45=[0-9a-f-]{36})?$`));
  assert.deepEqual(namesOf(description.sans.map(({ value }) => value)), namesOf(request.sans));
  assert.equal(description.basicConstraints?.ca ?? false, request.certType === 'intermediate');
  if (request.certType === 'client') assert.deepEqual(description.extendedKeyUsage, ['clientAuth']);
};

/** Whether a request has a certificate that is valid at a moment and whose key is kept. */
export const isServed = ({ certificate, keyName }: RequestView, now: string): boolean => {
  if (certificate === null || keyName === null) return false;
  const { notBefore, notAfter } = certificateOf(certificate);
  return notBefore <= Date.parse(now) && Date.parse(now) < notAfter;
};

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

/** The secret number of a P-256 key in all the forms that a text could have it in; line breaks are to be taken out of the text. */
export const formsOf = async (pem: PrivateKey): Promise<ReadonlyArray<string>> => {
  const body = Uint8Array.from(atob(pem.replace(/-----[^-]+-----|\s/g, '')), (c) => c.charCodeAt(0));
  const key = await crypto.subtle.importKey('pkcs8', body, { name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign']);
  const { d = '' } = await crypto.subtle.exportKey('jwk', key);
  const number = Uint8Array.from(atob(d.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  const hex = [...number].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  // In base64 of something longer, the number begins at one of three places, and only what is in the middle is sure.
  const inBase64 = [0, 1, 2].map((shift) => base64(number.subarray(shift, shift + 27)));
  return [
    hex,
    BigInt(`0x${hex}`).toString(),
    ...inBase64,
    ...inBase64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
};

/** All private keys that are kept in a model's secrets. */
export const keptKeys = ({ secrets }: ModelState): ReadonlyArray<PrivateKey> =>
  Object.values(secrets).flatMap((byLabel) => Object.values(byLabel)).flatMap(({ content }) =>
    Object.entries(content).flatMap(([field, text]) =>
      field === 'authority'
        ? [JSON.parse(text)].flatMap(({ key, next }) => (next === null ? [key] : [key, next.key]))
        : text.includes('PRIVATE KEY')
        // That is what it is.
        ? [text as PrivateKey]
        : []
    )
  );

/** A text without the line breaks that could be within a key. */
export const withoutBreaks = (text: string): string => text.replace(/\\+[nr]|\s/g, '');
