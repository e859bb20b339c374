/**
 * Keys of our own: making them, and reading them back together with their public half.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { PrivateKey } from '../model/certificate.ts';
import { type Curve, ML_DSA, type MlDsaSet } from './oids.ts';
import { type Encoded, writePem } from './pem.ts';
import { algorithmsOf, importKey, type KeyFault, type PrivateKeyInfo, readPrivateKey } from './private-key.ts';

/** A kind of key that is made here; the runtime has to have it, which Node 20 does not of ML-DSA. */
export type KeyAlgorithm = Curve | 'Ed25519' | MlDsaSet | 'RSA-2048' | 'RSA-3072' | 'RSA-4096';

/**
 * A private key with its public half, as WebCrypto holds them.
 *
 * @internal
 */
export interface Keys {
  readonly kind: PrivateKeyInfo['kind'];
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

const RSA = /^RSA-(\d+)$/;

const generationOf = (algorithm: KeyAlgorithm): object => {
  const bits = RSA.exec(algorithm)?.[1];
  if (bits !== undefined) {
    const { importAs } = algorithmsOf('rsa');
    return { ...importAs, modulusLength: Number(bits), publicExponent: Uint8Array.of(1, 0, 1) };
  }
  return algorithm === 'Ed25519' || algorithm in ML_DSA
    ? { name: algorithm }
    : { name: 'ECDSA', namedCurve: algorithm };
};

/**
 * Makes a private key, as PKCS#8 in PEM. It is a secret: whoever calls this has to keep it.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { generateKey } from 'interface-tls-certificates/x509';
 * const key = await generateKey('Ed25519')();
 * assert.equal(key._tag === 'Right' && key.right.startsWith('-----BEGIN PRIVATE KEY-----'), true);
 * ```
 */
export const generateKey =
  (algorithm: KeyAlgorithm = 'P-256'): TE.TaskEither<'key-unsupported', PrivateKey> => async () => {
    try {
      const parameters = { name: '', ...generationOf(algorithm) };
      const made = await crypto.subtle.generateKey(parameters, true, ['sign', 'verify']);
      // A single key comes only of symmetric algorithms.
      if (!('privateKey' in made)) return E.left('key-unsupported');
      const pkcs8 = await crypto.subtle.exportKey('pkcs8', made.privateKey);
      return E.right(writePem('PRIVATE KEY', new Uint8Array(pkcs8)) as PrivateKey);
    } catch {
      return E.left('key-unsupported');
    }
  };

/** Reads a private key and finds its public half. */
export const readKeys = (encoded: Encoded): TE.TaskEither<KeyFault, Keys> => async () => {
  const read = readPrivateKey(encoded);
  if (E.isLeft(read)) return read;
  const extractable = await importKey(read.right, true)();
  if (E.isLeft(extractable)) return extractable;
  try {
    // Types do not know the public half of ML-DSA yet, which goes with the name of its algorithm (RFC 9964).
    const jwk: JsonWebKey & { readonly alg?: string; readonly pub?: string } = await crypto.subtle.exportKey(
      'jwk',
      extractable.right,
    );
    const { kty, crv, n, e, x, y, pub } = jwk;
    const alg = pub === undefined ? undefined : jwk.alg;
    const members = Object.entries({ kty, alg, crv, n, e, x, y, pub }).filter(([, value]) => value !== undefined);
    const { importAs } = algorithmsOf(read.right.kind);
    const publicKey = await crypto.subtle.importKey('jwk', Object.fromEntries(members), importAs, true, ['verify']);
    return E.right({ kind: read.right.kind, privateKey: extractable.right, publicKey });
  } catch {
    return E.left('key-unreadable');
  }
};
