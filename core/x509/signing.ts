/**
 * Signs with a private key: the bytes, the algorithm and the signature, as in certificates and requests.
 *
 * Source: RFC 5280 section 4.1.1, RFC 2986 section 4.2; for the algorithms RFC 4055 section 5 (RSA), RFC 5758 section 3.2 (ECDSA), RFC 8410
 * section 6 (Ed25519), RFC 9881 section 3 (ML-DSA).
 *
 * @module
 */
import { type Bytes, der, derOid, joined, positive } from './der-write.ts';
import { TAG } from './der.ts';
import type { SigningKey } from './key.ts';
import { KEY, ML_DSA } from './oids.ts';
import { algorithmsOf } from './private-key.ts';

const alone = (oid: string): Bytes => der(TAG.sequence, derOid(oid));

/** The signature algorithm of each kind of key, DER. Only RSA's identifier is followed by a NULL. */
const ALGORITHMS: Readonly<Record<SigningKey['kind'], Bytes>> = {
  rsa: der(TAG.sequence, derOid('1.2.840.113549.1.1.11'), der(TAG.null)),
  'P-256': alone('1.2.840.10045.4.3.2'),
  'P-384': alone('1.2.840.10045.4.3.3'),
  'P-521': alone('1.2.840.10045.4.3.4'),
  ed25519: alone(KEY.ed25519),
  'ML-DSA-44': alone(ML_DSA['ML-DSA-44'].oid),
  'ML-DSA-65': alone(ML_DSA['ML-DSA-65'].oid),
  'ML-DSA-87': alone(ML_DSA['ML-DSA-87'].oid),
};

/** The algorithm that a key signs with, DER. */
export const signatureAlgorithmDer = (kind: SigningKey['kind']): Bytes => ALGORITHMS[kind];

/** WebCrypto returns the two numbers of an ECDSA signature side by side (RFC 3279 section 2.2.3 puts them in a sequence). */
const signatureDer = (kind: SigningKey['kind'], raw: Uint8Array): Uint8Array => {
  if (!kind.startsWith('P-')) return raw;
  const half = raw.length / 2;
  return der(TAG.sequence, positive(raw.subarray(0, half)), positive(raw.subarray(half)));
};

/** The signed content, followed by its algorithm and its signature, DER. It rejects if the runtime does not sign. */
export const signedDer = async (bytes: Bytes, { kind, privateKey }: SigningKey): Promise<Bytes> => {
  const raw = new Uint8Array(await crypto.subtle.sign(algorithmsOf(kind).signAs, privateKey, bytes));
  const bits = der(TAG.bitString, joined(Uint8Array.of(0), signatureDer(kind, raw)));
  return der(TAG.sequence, bytes, signatureAlgorithmDer(kind), bits);
};
