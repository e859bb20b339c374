/**
 * An answer as one entry in a databag's JSON: an object with `cert` and `key`.
 *
 * @module
 */
import type { KeyPair, PrivateKey } from '../model/certificate.ts';
import { isObject } from '../model/codec.ts';

/** A member of an entry if it is a non-empty text, otherwise null; own members only. */
export const textIn = (entry: unknown, member: 'cert' | 'key'): string | null => {
  const value = isObject(entry) && Object.hasOwn(entry, member) ? entry[member] : null;
  return typeof value === 'string' && value !== '' ? value : null;
};

/** A certificate with its key; null if either is missing (D4). */
export const pairIn = (entry: unknown): KeyPair | null => {
  const [cert, key] = [textIn(entry, 'cert'), textIn(entry, 'key')];
  // The value in the key's place is a key.
  return cert !== null && key !== null ? { cert, key: key as PrivateKey } : null;
};
