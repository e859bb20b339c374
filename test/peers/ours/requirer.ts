/**
 * Our requirer as a charm: the core's decision, the keyring, and keys in secrets under the labels of the Python library.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { run } from '../../../adapters/host.ts';
import { csrRequires } from '../../../core/csr/requires.ts';
import { type CsrRequest, type CsrRequiresIntent, nothing } from '../../../core/csr/requires/intent.ts';
import type { CsrRequiresView } from '../../../core/csr/requires/view.ts';
import { makeMissing } from '../../../core/keyring/keyring.ts';
import type { PrivateKey } from '../../../core/model/certificate.ts';
import type { Bag } from '../../../core/model/outcome.ts';
import type { KeptKey, PublicKeyText } from '../../../core/model/snapshot.ts';
import type { CharmFunction } from '../../juju/juju.ts';
import { ENDPOINT, keep, ourCharm, type OurHook, secret, told } from './hook.ts';

/** The Python library's id, with which its labels begin. */
const LIBRARY = 'afd8c2bccf834997afce12c2706d2ede';
const FIELD = 'private-key';

/** Where the library keeps a key. */
const labelOf = (owner: Bag, unit: string): string =>
  `${LIBRARY}-private-key-${owner === 'application' ? 'app' : unit.replace(/^.*\//, '')}-${ENDPOINT}`;

/** RSA-2048 in the traditional form without an end of line, as the library writes it. */
const newKey = (): string =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey.trim();

/** The key of an owner: the one that is kept, else a new one where it may be made. */
const keyOf = async ({ tools, environment, isLeader }: OurHook, owner: Bag): Promise<PrivateKey | null> => {
  const label = labelOf(owner, environment.unit);
  const kept = await secret(tools, label);
  // Whatever is kept there is a key.
  if (kept !== null) return (kept[FIELD] ?? '') as PrivateKey;
  if (owner === 'application' && !isLeader) return null;
  const key = newKey();
  await keep(tools, { [FIELD]: key }, { label, owner });
  return key as PrivateKey;
};

const publicHalf = (owner: Bag, key: PrivateKey): KeptKey => ({
  owner,
  name: owner,
  // What the keeper keeps is a key; its public half in base64 is what the type says.
  publicKey: createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64') as PublicKeyText,
});

/** What the options ask for: the same as `charms/requirer`. */
export const requestsOf = ({ environment: { unit }, option }: OurHook): ReadonlyArray<CsrRequest> => {
  const mode = option('mode');
  const names = option('sans').split(',').filter((name) => name !== '');
  const request = (certType: 'server' | 'application', commonName: string): CsrRequest => ({
    certType,
    commonName,
    sans: [commonName, ...names],
    uniqueIdentifier: true,
  });
  return [
    ...(mode === 'UNIT' ? [] : [request('application', `${unit.replace(/\/.*$/, '')}.example`)]),
    ...(mode === 'APP' ? [] : [request('server', `${unit.replace('/', '-')}.example`)]),
  ];
};

/** What the status says: the same as that of `charms/requirer`. */
const statusOf = ({ requests }: CsrRequiresView, isLeader: boolean): string => {
  const certificates: Record<string, Array<string>> = {};
  for (const { bag, request, certificate } of requests) {
    const names = certificates[bag === 'unit' ? 'UNIT' : 'APP'] ??= [];
    // The library tells the leader alone of the application's certificate.
    if (certificate !== null && (bag === 'unit' || isLeader)) names.push(request.commonName);
  }
  return JSON.stringify({ certificates, denied: requests.flatMap(({ denied }) => denied?.code ?? []) });
};

/** The requirer. `seen` gets what it saw in each hook. */
export const ourRequirer = (seen: (view: CsrRequiresView) => void = () => {}, now?: () => Date): CharmFunction =>
  ourCharm(async (hook) => {
    const { tools, host, environment, isLeader } = hook;
    const requests = requestsOf(hook);
    const isRelated = (await told(tools.relationIds(ENDPOINT))).length > 0;
    const owners = (['unit', 'application'] as const).filter((owner) =>
      requests.some(({ certType }) => (certType === 'application') === (owner === 'application'))
    );
    const keys: { [B in Bag]: PrivateKey | null } = { unit: null, application: null };
    if (isRelated) { for (const owner of owners) keys[owner] = await keyOf(hook, owner); }
    const publicKeys = owners.flatMap((owner) => {
      const key = keys[owner];
      return key === null ? [] : [publicHalf(owner, key)];
    });
    const renew = environment.action === 'renew' ? requests : [];
    const intent: CsrRequiresIntent = { ...nothing, requests, renew };
    const outcome = await told(
      run(host(publicKeys))({
        side: csrRequires,
        intent,
        react: async ({ view }) => {
          const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
          const { made } = await told(pipe(
            makeMissing(view, { keys, random }),
            TE.mapLeft((fault) => ({ _tag: 'HostError' as const, reason: 'failed' as const, message: fault })),
          ));
          return made.length === 0 ? intent : { ...intent, made };
        },
      }),
    );
    seen(outcome.view);
    await told(tools.statusSet('active', statusOf(outcome.view, isLeader)));
  }, now);
