/**
 * Public keys: their kind and size, and whether to trust their signatures (RFC 3279, RFC 5480, RFC 8410, RFC 9881).
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { type Check, PASSED } from '../model/passed.ts';
import { cursor, type Element, elementOf, malformed, TAG } from './der.ts';
import { pointForm } from './curve.ts';
import { type Curve, curveOf, CURVES, KEY, ML_DSA, mlDsaOf, type MlDsaSet } from './oids.ts';
import { magnitudeOf, nullOf, oidOf, wholeBitsOf } from './primitives.ts';

/** A public key's kind and size in bits. */
export type PublicKey =
  | { readonly kind: 'rsa'; readonly bits: number; readonly exponent: number }
  | { readonly kind: 'ec'; readonly bits: number; readonly curve: Curve }
  | { readonly kind: 'ed25519'; readonly bits: 256 }
  | { readonly kind: 'ml-dsa'; readonly parameterSet: MlDsaSet }
  /** Another kind, by its object identifier, or an EC key on another curve or with a compressed point. */
  | { readonly kind: 'other'; readonly oid: string };

/** A public key with its original DER from the certificate (SubjectPublicKeyInfo). */
export interface ReadKey {
  readonly key: PublicKey;
  readonly spki: Uint8Array;
  /** The bits of the key itself, from which key identifiers are made. */
  readonly bits: Uint8Array;
}

const bitLength = (magnitude: Uint8Array): number =>
  magnitude.length === 0 ? 0 : 8 * (magnitude.length - 1) + (32 - Math.clz32(magnitude[0] ?? 0));

const readRsa = (bits: Uint8Array): PublicKey => {
  const numbers = cursor(elementOf(bits));
  const modulus = magnitudeOf(numbers.take(TAG.integer).content);
  const exponent = magnitudeOf(numbers.take(TAG.integer).content);
  numbers.end();
  // A product of odd primes is odd, and so is an invertible exponent.
  const isOdd = (magnitude: Uint8Array): boolean => ((magnitude.at(-1) ?? 0) & 1) === 1;
  if (!isOdd(modulus) || !isOdd(exponent) || (exponent.length === 1 && exponent[0] === 1)) malformed('public-key');
  // Exponents are 3 or 65537 in practice. A longer one would only slow down verification, and WebCrypto may refuse it.
  const short = exponent.length <= 4 ? exponent.reduce((sum, byte) => sum * 256 + byte, 0) : malformed('value');
  return { kind: 'rsa', bits: bitLength(modulus), exponent: short };
};

/** The curve is named, or the key is of another kind: explicit parameters may be there instead. */
const readEc = (parameters: Element, bits: Uint8Array): PublicKey => {
  if (parameters.tag !== TAG.oid) return { kind: 'other', oid: KEY.ec };
  const oid = oidOf(parameters.content);
  const curve = curveOf(oid);
  if (curve === null) return { kind: 'other', oid };
  const form = pointForm(bits, curve);
  if (form === 'none') return malformed('public-key');
  return form === 'whole' ? { kind: 'ec', bits: CURVES[curve].bits, curve } : { kind: 'other', oid };
};

/** Reads a SubjectPublicKeyInfo. */
export const readPublicKey = (element: Element): ReadKey => {
  const parts = cursor(element);
  const algorithm = cursor(parts.take(TAG.sequence));
  const bits = wholeBitsOf(parts.take(TAG.bitString).content);
  parts.end();
  const oid = oidOf(algorithm.take(TAG.oid).content);
  const read = (): PublicKey => {
    if (oid === KEY.rsa) {
      nullOf(algorithm.take(TAG.null).content);
      algorithm.end();
      return readRsa(bits);
    }
    if (oid === KEY.ec) {
      const parameters = algorithm.any();
      algorithm.end();
      return readEc(parameters, bits);
    }
    const parameterSet = mlDsaOf(oid);
    if (oid !== KEY.ed25519 && parameterSet === null) return { kind: 'other', oid };
    algorithm.end();
    if (parameterSet !== null) {
      return bits.length === ML_DSA[parameterSet].keySize ? { kind: 'ml-dsa', parameterSet } : malformed('public-key');
    }
    return bits.length === 32 ? { kind: 'ed25519', bits: 256 } : malformed('public-key');
  };
  return { key: read(), spki: element.whole, bits };
};

/** Largest supported modulus in bits. OpenSSL's limit is 16384, Go's 8192; the time of a check grows with the square. */
const MAX_RSA_BITS = 8192;

/** RSA keys below this size can be broken: 829 bits were factored in public in 2020. */
const MIN_RSA_BITS = 1024;

/** Whether a signature made with this key can be trusted. Whether the runtime has ML-DSA only shows when it is used. */
export const checkKey = (key: PublicKey): Check<'key-too-short' | 'key-unsupported'> => {
  if (key.kind === 'other') return E.left('key-unsupported');
  if (key.kind !== 'rsa') return PASSED;
  if (key.bits < MIN_RSA_BITS) return E.left('key-too-short');
  return key.bits > MAX_RSA_BITS ? E.left('key-unsupported') : PASSED;
};
