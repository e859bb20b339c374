/**
 * The requirer's words for people: what each flag says while it is set, and what each key is for, in either form.
 *
 * @module
 */
import { CSR_REQUIRES_FLAGS, CSR_REQUIRES_KEYS } from '../../csr/requires/explain.ts';
import { REQUIRES_FLAGS, REQUIRES_KEYS } from '../../reactive/requires/explain.ts';
import type { AnyRequiresFlagName } from './flags.ts';

/** The flags, without the endpoint's prefix, and what each says while it is set. */
export const ANY_REQUIRES_FLAGS: Readonly<Record<AnyRequiresFlagName, string>> = {
  ...CSR_REQUIRES_FLAGS,
  ...REQUIRES_FLAGS,
};

/** What each key of the requirer's databags is for. */
export const ANY_REQUIRES_KEYS: Readonly<Record<string, string>> = { ...REQUIRES_KEYS, ...CSR_REQUIRES_KEYS };
