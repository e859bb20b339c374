/**
 * Why a charm that trusts the certificates of others writes or sets something, in a few words for people.
 *
 * @module
 */
import { APPLICATION_KEYS } from '../wire.ts';
import type { TrustRequiresFlagName } from './flags.ts';

/** The flags, without the endpoint's prefix, and what each says while it is set. */
export const TRUST_REQUIRES_FLAGS: Readonly<Record<TrustRequiresFlagName, string>> = {
  'available': 'a provider unit is joined',
  'certificates.available': 'there are certificates to trust',
  'certificates.changed': 'the certificates to trust are others than before, or none; clear it once dealt with',
};

/** What each key of the requirer's databag is for. */
export const TRUST_REQUIRES_KEYS: Readonly<Record<string, string>> = {
  [APPLICATION_KEYS.version]: 'the version of the interface that this application reads',
};
