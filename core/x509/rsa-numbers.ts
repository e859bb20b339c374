/**
 * The numbers of an RSA private key: whether they belong together.
 *
 * A runtime may accept a key whose numbers for the Chinese remainder theorem are damaged, and then sign wrongly, or reveal the key with its
 * first signature (Boneh, DeMillo and Lipton, 1997). Source: RFC 8017 sections 3.2 and A.1.2.
 *
 * @module
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { cursor, elementOf, malformed, TAG } from './der.ts';
import { countOf, magnitudeOf } from './primitives.ts';

/** Largest supported modulus in bytes: 16384 bits, OpenSSL's limit. */
const MAX_BYTES = 2048;

/** Reads an RSAPrivateKey and checks its numbers; `several` if it has more than two primes. */
export const checkRsaNumbers = (pkcs1: Uint8Array): 'right' | 'several' => {
  const parts = cursor(elementOf(pkcs1));
  const version = countOf(parts.take(TAG.integer).content);
  const next = (): bigint => {
    const magnitude = magnitudeOf(parts.take(TAG.integer).content);
    // No number is zero, and none is longer than the modulus may be.
    return magnitude.length === 0 || magnitude.length > MAX_BYTES
      ? malformed('value')
      : BigInt(`0x${bytesToHex(magnitude)}`);
  };
  const [n, e, d, p, q, dP, dQ, qInverse] = [next(), next(), next(), next(), next(), next(), next(), next()];
  if (version === 1) return 'several';
  parts.end();
  const isRight = version === 0 && p > 1n && q > 1n && p * q === n && e > 1n &&
    (e * d) % (p - 1n) === 1n && (e * d) % (q - 1n) === 1n &&
    dP === d % (p - 1n) && dQ === d % (q - 1n) && qInverse < p && (qInverse * q) % p === 1n;
  return isRight ? 'right' : malformed('value');
};
