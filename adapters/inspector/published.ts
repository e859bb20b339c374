/**
 * What the keys of a provider's databag are there for, in a few words for people.
 *
 * @module
 */
import type { CertType } from '../../core/model/certificate.ts';
import { COLLECTIONS, PROVIDER_KEYS } from '../../core/reactive/wire.ts';

const KEYS: ReadonlyMap<string, string> = new Map([
  [PROVIDER_KEYS.ca, "the CA's certificate"],
  [PROVIDER_KEYS.chain, 'the certificates between the CA and what it issued'],
  [PROVIDER_KEYS.clientCert, 'a client certificate shared with everybody'],
  [PROVIDER_KEYS.clientKey, 'the private key of the shared client certificate'],
]);

const KINDS: Readonly<Record<CertType, string>> = {
  server: 'further server requests',
  client: 'client requests',
  application: 'application requests',
  intermediate: 'intermediate CA requests',
};

const ENDINGS: ReadonlyArray<readonly [ending: string, purpose: string]> = [
  ['.server.cert', 'the certificate for the first server request'],
  ['.server.key', 'the private key for the first server request'],
  ...Object.entries(COLLECTIONS).map(([certType, { answers }]) =>
    // The keys of this table are the kinds.
    [`.${answers}`, `the answers to ${KINDS[certType as CertType]}, with their private keys`] as const
  ),
];

/** What a key of a provider's databag is there for; null for one that the protocol does not know. */
export const explainPublished = (key: string): string | null => {
  const own = KEYS.get(key);
  if (own !== undefined) return own;
  const found = ENDINGS.find(([ending]) => key.endsWith(ending));
  return found === undefined ? null : `${found[1]}, of ${key.slice(0, -found[0].length)}`;
};
