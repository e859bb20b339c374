/**
 * What is weak about a certificate that may still be accepted: old hashes, short keys, odd serial numbers, a near end.
 *
 * @module
 */
import type { Description } from './certificate.ts';
import { BROKEN_HASHES } from './signature.ts';

/** One weakness. */
export type Weakness =
  /** Its signature uses MD2, MD5 or SHA-1. For a certificate that signs itself this does not matter. */
  | { readonly code: 'broken-hash'; readonly hash: string }
  /** Its key is RSA below 2048 bits (NIST SP 800-57 part 1, table 2: not to be used since 2014). */
  | { readonly code: 'short-key'; readonly bits: number }
  /** Its serial number is negative: Go cannot read it since 1.23 (RFC 5280 section 4.1.2.2). */
  | { readonly code: 'serial-negative' }
  /** It ends within the given number of days; whole days that are left. */
  | { readonly code: 'ends-soon'; readonly days: number };

/** Least size of an RSA key in bits. */
const MIN_RSA_BITS = 2048;

const DAY = 86_400_000;

/**
 * The weaknesses of a certificate. With `ends`, also whether it ends within so many days; verification refuses one that has ended already.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority } from 'interface-tls-certificates/authority';
 * import { describe, weak } from 'interface-tls-certificates/x509';
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * const now = new Date('2026-11-25');
 * const made = await createAuthority({ commonName: 'Our CA', days: 100 }, { now, random })();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const [certificate] = describe(made.right.certificate).certificates;
 * assert.ok(certificate !== undefined);
 * const ends = { now: new Date('2027-03-01'), withinDays: 30 };
 * assert.deepEqual(weak(certificate, ends).map(({ code }) => code), ['ends-soon']);
 * ```
 */
export const weak = (
  { signatureAlgorithm, publicKey, serialNumber, notAfter }: Description,
  ends?: { readonly now: Date; readonly withinDays: number },
): ReadonlyArray<Weakness> => {
  const found: Array<Weakness> = [];
  if ('hash' in signatureAlgorithm && BROKEN_HASHES.has(signatureAlgorithm.hash)) {
    found.push({ code: 'broken-hash', hash: signatureAlgorithm.hash });
  }
  if (publicKey.kind === 'rsa' && publicKey.bits < MIN_RSA_BITS) {
    found.push({ code: 'short-key', bits: publicKey.bits });
  }
  if (serialNumber.startsWith('-')) found.push({ code: 'serial-negative' });
  const left = ends === undefined ? NaN : Date.parse(notAfter) - ends.now.getTime();
  if (ends !== undefined && left >= 0 && left <= ends.withinDays * DAY) {
    found.push({ code: 'ends-soon', days: Math.floor(left / DAY) });
  }
  return found;
};

/** A weakness of a certificate in a path. */
export type PathWeakness = Exclude<Weakness, { readonly code: 'ends-soon' }> & {
  /** Its place in the path; 0 is the leaf. */
  readonly at: number;
  /** The subject of the certificate. */
  readonly name: string;
};

/**
 * What is weak about the certificates of a path. A certificate that signs itself is trusted as it is, so the hash of its signature does not
 * matter.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority } from 'interface-tls-certificates/authority';
 * import { describe, weakAlong } from 'interface-tls-certificates/x509';
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * const now = new Date('2026-11-25');
 * const made = await createAuthority({ commonName: 'Our CA', days: 100 }, { now, random })();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const path = describe(made.right.certificate).certificates;
 * assert.deepEqual(weakAlong(path), []);
 * ```
 */
export const weakAlong = (path: ReadonlyArray<Description>): ReadonlyArray<PathWeakness> =>
  path.flatMap((description, at) =>
    weak(description).flatMap((weakness): ReadonlyArray<PathWeakness> => {
      if (weakness.code === 'ends-soon') return [];
      if (weakness.code === 'broken-hash' && description.selfIssued) return [];
      return [{ ...weakness, at, name: description.subject.text }];
    })
  );
