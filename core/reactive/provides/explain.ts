/**
 * Why something is written or set: what each key and each flag of the provider is for, in a few words for people.
 *
 * @module
 */
import { wordIn } from '../../side/row.ts';
import { PROVIDER_KEYS } from '../wire.ts';
import type { ProvidesFlagName } from './flags.ts';

/** The flags, without the endpoint's prefix, and what each says while it is set (docs/reactive-protocol.md section 7). */
export const PROVIDES_FLAGS: Readonly<Record<ProvidesFlagName, string>> = {
  'available': 'a requirer unit is joined',
  'certs.requested': 'there are new requests',
  'server.certs.requested': 'there are new requests for server certificates',
  'client.certs.requested': 'there are new requests for client certificates',
  'application.certs.requested': 'there are new requests for certificates that an application shares',
  'intermediate.certs.requested': 'there are new requests for intermediate CAs',
  'server.cert.requested': 'there are new requests for server certificates (deprecated: server.certs.requested)',
  'client.cert.requested': 'there are new requests for client certificates (deprecated: client.certs.requested)',
};

/** What each key is there for that speaks to everybody (docs/reactive-protocol.md section 2). */
export const PROVIDES_KEYS: Readonly<Record<string, string>> = {
  [PROVIDER_KEYS.ca]: 'the root CA, two of them while one takes the place of the other',
  [PROVIDER_KEYS.chain]: 'the chain of trust',
  [PROVIDER_KEYS.clientCert]: 'the client certificate that everybody shares',
  [PROVIDER_KEYS.clientKey]: 'its private key',
};

/** What a key that answers one requirer unit is for, by its suffix. */
export const ANSWER_KEYS: Readonly<Record<string, string>> = {
  '.server.cert': 'the answer to the first server request of this unit',
  '.server.key': 'its private key',
  '.processed_requests': 'the answers to further server requests of this unit',
  '.processed_client_requests': 'the answers to client requests of this unit',
  '.processed_application_requests': 'the certificate that the units of the application share',
  '.processed_intermediate_requests': 'the intermediate CAs of this unit',
};

const published = wordIn(PROVIDES_KEYS);

/** What a key of the provider's databag is for; null for others. */
export const providesKey = (key: string): string | null =>
  published(key) ?? Object.entries(ANSWER_KEYS).find(([ending]) => key.endsWith(ending))?.[1] ?? null;
