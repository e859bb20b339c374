/**
 * Why the provider writes or sets something, in a few words for people.
 *
 * @module
 */
import { PROVIDER_KEYS } from '../wire.ts';
import type { CsrProvidesFlagName } from './flags.ts';

/** The flags, without the prefix of the endpoint, and what each says while it is set. */
export const CSR_PROVIDES_FLAGS: Readonly<Record<CsrProvidesFlagName, string>> = {
  'available': 'a requirer unit is joined',
  'certs.requested': 'there are requests without a certificate that counts, and not refused',
};

/** What each key of the provider's application databag is for. */
export const CSR_PROVIDES_KEYS: Readonly<Record<string, string>> = {
  [PROVIDER_KEYS.answers]: 'the certificates, each with the CSR it answers, its CA and its chain',
  [PROVIDER_KEYS.errors]: 'the refused CSRs, each with a code, a name and a message',
  [PROVIDER_KEYS.capabilities]: 'what this provider can issue',
};
