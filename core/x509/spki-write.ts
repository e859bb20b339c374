/**
 * Writes public keys as in certificates, from the form that WebCrypto exports.
 *
 * Source: RFC 7518 section 6 and RFC 8037 section 2 for the JWK, RFC 9964 for that of ML-DSA; RFC 3279 section 2.3, RFC 5480 section 2,
 * RFC 8410 section 4 and RFC 9881 section 4 for the DER.
 *
 * @module
 */
import { type Bytes, der, derOid, joined, positive } from './der-write.ts';
import { TAG } from './der.ts';
import { CURVES, KEY, ML_DSA } from './oids.ts';
import type { PrivateKeyInfo } from './private-key.ts';

const bytesOf = (base64url: string): Bytes => {
  const binary = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
};

const spkiDer = (algorithm: ReadonlyArray<Uint8Array>, bits: Uint8Array): Bytes =>
  der(TAG.sequence, der(TAG.sequence, ...algorithm), der(TAG.bitString, Uint8Array.of(0), bits));

const RSA = [derOid(KEY.rsa), der(TAG.null)];
const ED25519 = [derOid(KEY.ed25519)];
const EC = derOid(KEY.ec);

/** A coordinate, with the leading zeros that some implementations omit. */
const coordinate = (base64url: string, size: number): Bytes => {
  const bytes = bytesOf(base64url);
  const whole = new Uint8Array(size);
  whole.set(bytes, size - bytes.length);
  return whole;
};

/** The public half of a key, SubjectPublicKeyInfo in DER; null if a member is missing. It throws if a member is not base64, or is too long. */
export const spkiOfJwk = (
  kind: PrivateKeyInfo['kind'],
  // The types do not include the public half of ML-DSA yet.
  { n, e, x, y, pub }: JsonWebKey & { readonly pub?: string },
): Bytes | null => {
  switch (kind) {
    case 'rsa':
      return n === undefined || e === undefined
        ? null
        : spkiDer(RSA, der(TAG.sequence, positive(bytesOf(n)), positive(bytesOf(e))));
    case 'ed25519':
      return x === undefined ? null : spkiDer(ED25519, bytesOf(x));
    case 'P-256':
    case 'P-384':
    case 'P-521': {
      const { oid, size } = CURVES[kind];
      return x === undefined || y === undefined
        ? null
        : spkiDer([EC, derOid(oid)], joined(Uint8Array.of(4), coordinate(x, size), coordinate(y, size)));
    }
    default:
      return pub === undefined ? null : spkiDer([derOid(ML_DSA[kind].oid)], bytesOf(pub));
  }
};
