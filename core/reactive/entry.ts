/**
 * An answer as one entry of a databag's JSON: an object with `cert` and `key`.
 *
 * @module
 */
import type { KeyPair, PrivateKey } from '../model/certificate.ts';
import { isObject } from '../model/codec.ts';

/** A member of an entry that is a text and not empty, else null; own members only. */
export const textIn = (entry: unknown, member: 'cert' | 'key'): string | null => {
  const value = isObject(entry) && Object.hasOwn(entry, member) ? entry[member] : null;
  return typeof value === 'string' && value !== '' ? value : null;
};

/** A certificate with its key; null where either is missing (D4). */
export const pairIn = (entry: unknown): KeyPair | null => {
  const [cert, key] = [textIn(entry, 'cert'), textIn(entry, 'key')];
  // What stands there as a key is one.
  return cert !== null && key !== null ? { cert, key: key as PrivateKey } : null;
};
