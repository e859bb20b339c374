/**
 * Our own keys: makes them, and reads them together with their public half.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { PrivateKey } from '../model/certificate.ts';
import type { Bytes } from './der-write.ts';
import { type Curve, ML_DSA, type MlDsaSet } from './oids.ts';
import { type Encoded, writePem } from './pem.ts';
import { algorithmsOf, importKey, type KeyFault, type PrivateKeyInfo, readPrivateKey } from './private-key.ts';
import { spkiOfJwk } from './spki-write.ts';

/** A kind of key that is made here. The runtime must support it; Node 20 does not support ML-DSA. */
export type KeyAlgorithm = Curve | 'Ed25519' | MlDsaSet | 'RSA-2048' | 'RSA-3072' | 'RSA-4096';

/** A private key as WebCrypto holds it. */
export interface SigningKey {
  readonly kind: PrivateKeyInfo['kind'];
  readonly privateKey: CryptoKey;
}

/**
 * A private key with its public half, as WebCrypto holds them.
 *
 * @internal
 */
export interface Keys extends SigningKey {
  readonly publicKey: CryptoKey;
}

/** A private key with its public half as in certificates (SubjectPublicKeyInfo, DER). */
export interface OwnKey extends SigningKey {
  readonly spki: Bytes;
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
 * Makes a private key, as PKCS#8 in PEM. It is a secret that the caller must protect.
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
      // Only symmetric algorithms return a single key.
      if (!('privateKey' in made)) return E.left('key-unsupported');
      const pkcs8 = await crypto.subtle.exportKey('pkcs8', made.privateKey);
      return E.right(writePem('PRIVATE KEY', new Uint8Array(pkcs8)) as PrivateKey);
    } catch {
      return E.left('key-unsupported');
    }
  };

/** Reads a private key and finds its public half, as in certificates. */
export const openKey = (encoded: Encoded): TE.TaskEither<KeyFault, OwnKey> => async () => {
  const read = readPrivateKey(encoded);
  if (E.isLeft(read)) return read;
  const privateKey = await importKey(read.right, true)();
  if (E.isLeft(privateKey)) return privateKey;
  const { kind } = read.right;
  try {
    // WebCrypto exports the public half of a private key only in this form.
    const spki = spkiOfJwk(kind, await crypto.subtle.exportKey('jwk', privateKey.right));
    return spki === null ? E.left('key-unreadable') : E.right({ kind, privateKey: privateKey.right, spki });
  } catch {
    return E.left('key-unreadable');
  }
};

/** Reads a private key and finds its public half. */
export const readKeys = (encoded: Encoded): TE.TaskEither<KeyFault, Keys> => async () => {
  const opened = await openKey(encoded)();
  if (E.isLeft(opened)) return opened;
  const { kind, privateKey, spki } = opened.right;
  try {
    const publicKey = await crypto.subtle.importKey('spki', spki, algorithmsOf(kind).importAs, true, ['verify']);
    return E.right({ kind, privateKey, publicKey });
  } catch {
    return E.left('key-unreadable');
  }
};
