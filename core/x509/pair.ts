/**
 * A certificate and its private key, tried once for everything that is judged about them. The result contains nothing of the key.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as T from 'fp-ts/lib/Task.js';
import { PASSED } from '../model/passed.ts';
import type { NameMismatch, NamesAsked } from './name-match.ts';
import { nameMismatchesOf } from './name-match.ts';
import { type FormFault, keyFormFaults } from './pem-form.ts';
import type { Encoded } from './pem.ts';
import { type KeyFault, provesKey } from './private-key.ts';
import type { ReadValue } from './value.ts';
import { type Wrapping, wrappingOf } from './wrapping.ts';

/** The result of trying a private key. Plain JSON; it contains nothing of the key. */
export interface TriedKey {
  /** Null if it belongs to the certificate. */
  readonly fault: KeyFault | null;
  /** The place of the certificate in the value that it does belong to; 0 if that is the first, or there is none. */
  readonly index: number;
  /** What some servers would not load. */
  readonly form: ReadonlyArray<FormFault>;
  /** How it is wrapped, if no key was found. */
  readonly wrapping: Wrapping | null;
}

/** A certificate that was read, with the result of trying its key. */
export interface Pair {
  /** The certificate, with what came in the same text. */
  readonly value: ReadValue;
  /** Null if nobody has the key. */
  readonly key: TriedKey | null;
  /** How its names differ from the requested ones; they are prepared once. */
  readonly mismatches: (asked: NamesAsked) => ReadonlyArray<NameMismatch>;
}

/** Most certificates of a value that a key is tried with: longer values are not chains. */
const MAX_TRIED = 12;

/**
 * Tries a private key with the certificates of a value. If it does not belong to the first, it may belong to a later one.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority } from 'interface-tls-certificates/authority';
 * import { readValue, tryKey } from 'interface-tls-certificates/x509';
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * const now = new Date('2026-11-25');
 * const made = await createAuthority({ commonName: 'Our CA', days: 100 }, { now, random })();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const key = await tryKey(readValue(made.right.certificate), made.right.key)();
 * assert.equal(key.fault, null); // the key belongs to the certificate
 * ```
 */
export const tryKey = ({ certificates }: ReadValue, key: Encoded): T.Task<TriedKey> => async () => {
  const [first, ...others] = [...new Set(certificates)].slice(0, MAX_TRIED);
  const proved = first === undefined ? PASSED : await provesKey(key, first.publicKey)();
  // The result is plain JSON, which has no Either.
  const fault = E.isLeft(proved) ? proved.left : null;
  const found = { form: keyFormFaults(key), wrapping: fault === 'key-missing' ? wrappingOf(key) : null };
  if (fault === 'key-mismatch') {
    for (const other of others) {
      if (E.isLeft(await provesKey(key, other.publicKey)())) continue;
      return { ...found, fault: null, index: certificates.indexOf(other) };
    }
  }
  return { ...found, fault, index: 0 };
};

/**
 * A certificate and the result of trying its key.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority } from 'interface-tls-certificates/authority';
 * import { pairOf, readValue } from 'interface-tls-certificates/x509';
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * const now = new Date('2026-11-25');
 * const made = await createAuthority({ commonName: 'Our CA', days: 100 }, { now, random })();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const pair = pairOf(readValue(made.right.certificate), null);
 * assert.equal(pair.mismatches({ certType: 'intermediate', commonName: 'Our CA', sans: [] }).length, 0);
 * ```
 */
export const pairOf = (value: ReadValue, key: TriedKey | null): Pair => {
  const [own] = value.certificates;
  return { value, key, mismatches: own === undefined ? () => [] : nameMismatchesOf(own.description) };
};
