/**
 * Why a charm that hands out certificates writes or sets something, in a few words for people.
 *
 * @module
 */
import { APPLICATION_KEYS, UNIT_KEYS } from '../wire.ts';

/**
 * All flags, without the endpoint's prefix.
 *
 * @internal
 */
export const TRUST_PROVIDES_FLAG_NAMES = ['available'] as const;

/** @internal */
type FlagNames = typeof TRUST_PROVIDES_FLAG_NAMES;

/** A flag's name without the endpoint's prefix. */
export type TrustProvidesFlagName = FlagNames[number];

/** The flags, without the endpoint's prefix, and what each says while it is set. */
export const TRUST_PROVIDES_FLAGS: Readonly<Record<TrustProvidesFlagName, string>> = {
  available: 'a requirer unit is joined',
};

/** What each key of the provider's databags is for. */
export const TRUST_PROVIDES_KEYS: Readonly<Record<string, string>> = {
  [APPLICATION_KEYS.certificates]: 'the certificates to trust',
  [APPLICATION_KEYS.version]: 'the version of the interface',
  [UNIT_KEYS.certificate]: 'the first certificate to trust, for requirers of version 0',
  [UNIT_KEYS.ca]: 'the first certificate to trust, for requirers of version 0',
  [UNIT_KEYS.chain]: 'the certificates to trust, for requirers of version 0',
};
