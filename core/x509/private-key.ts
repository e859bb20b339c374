/**
 * Private keys: reading them in all their forms, and proving that one belongs to a certificate. Nothing of a key leaves this room but
 * to WebCrypto and, as PKCS#8, to whoever made it here.
 *
 * Sources: RFC 5958 (PKCS#8), RFC 8017 appendix A.1.2 (PKCS#1), RFC 5915 (SEC1), RFC 8410 (Ed25519).
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as T from 'fp-ts/lib/Task.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { context, cursor, elementOf, malformed, reading, TAG } from './der.ts';
import { type Curve, curveOf, CURVES, KEY } from './oids.ts';
import { type BlockKind, type Encoded, KEY_KINDS, readBlocks } from './pem.ts';
import { countOf, nullOf, octetsOf, oidOf } from './primitives.ts';
import type { PublicKey, ReadKey } from './public-key.ts';
import { copyOf } from './signature.ts';

/** Why a key cannot be used, or does not belong to a certificate. */
export type KeyFault =
  /** There is no private key in it. */
  | 'key-missing'
  /** There is one, but it cannot be read. */
  | 'key-unreadable'
  /** It is protected by a password. */
  | 'key-encrypted'
  /** Its kind, or the certificate's, is none of RSA, P-256, P-384, P-521 and Ed25519. */
  | 'key-unsupported'
  /** It belongs to another certificate. */
  | 'key-mismatch';

/** A private key's kind, and its PKCS#8 in the one form that all runtimes take. */
export interface PrivateKeyInfo {
  readonly kind: 'rsa' | Curve | 'ed25519';
  readonly pkcs8: Uint8Array;
}

/** DER of a value: tag, length, content. */
const der = (tag: number, ...contents: ReadonlyArray<Uint8Array>): Uint8Array => {
  const length = contents.reduce((sum, { length }) => sum + length, 0);
  const size = length < 0x80 ? 0 : length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
  const lengthBytes = size === 0
    ? [length]
    : [0x80 + size, ...Array.from({ length: size }, (_, i) => (length >> (8 * (size - 1 - i))) & 0xff)];
  return Uint8Array.from([tag, ...lengthBytes, ...contents.flatMap((content) => [...content])]);
};

const derOid = (oid: string): Uint8Array => {
  const [top = 0, second = 0, ...rest] = oid.split('.').map(Number);
  const arc = (n: number): Array<number> => {
    const bytes = [n & 0x7f];
    for (let left = Math.floor(n / 128); left > 0; left = Math.floor(left / 128)) bytes.unshift(0x80 | (left & 0x7f));
    return bytes;
  };
  return der(TAG.oid, Uint8Array.from([top * 40 + second, ...rest].flatMap(arc)));
};

const ZERO = der(TAG.integer, Uint8Array.of(0));
const ONE = der(TAG.integer, Uint8Array.of(1));

const pkcs8Of = (algorithm: ReadonlyArray<Uint8Array>, key: Uint8Array): Uint8Array =>
  der(TAG.sequence, ZERO, der(TAG.sequence, ...algorithm), der(TAG.octetString, key));

const rsaInfo = (pkcs1: Uint8Array): PrivateKeyInfo => {
  const numbers = cursor(elementOf(pkcs1));
  if (countOf(numbers.take(TAG.integer).content) !== 0) malformed('value');
  for (let i = 0; i < 8; i++) numbers.take(TAG.integer);
  numbers.end();
  return { kind: 'rsa', pkcs8: pkcs8Of([derOid(KEY.rsa), der(TAG.null)], pkcs1) };
};

/** ECPrivateKey. The curve stands in it, or beside it in PKCS#8; its public part is kept where it is there. */
const ecInfo = (sec1: Uint8Array, outerCurve: string | null): PrivateKeyInfo | 'key-unsupported' => {
  const parts = cursor(elementOf(sec1));
  if (countOf(parts.take(TAG.integer).content) !== 1) malformed('value');
  const scalar = octetsOf(parts.take(TAG.octetString));
  const parameters = parts.maybe(context(0));
  const publicPart = parts.maybe(context(1));
  parts.end();
  const inner = parameters === null ? null : elementOf(parameters.content);
  if (inner !== null && inner.tag !== TAG.oid) return 'key-unsupported';
  const innerCurve = inner === null ? null : oidOf(inner.content);
  const oid = outerCurve ?? innerCurve;
  if (oid === null || (innerCurve !== null && innerCurve !== oid)) return malformed('value');
  const curve = curveOf(oid);
  if (curve === null) return 'key-unsupported';
  const { size } = CURVES[curve];
  if (scalar.length > size) return malformed('value');
  const padded = new Uint8Array(size);
  padded.set(scalar, size - scalar.length);
  const key = der(TAG.sequence, ONE, der(TAG.octetString, padded), ...(publicPart === null ? [] : [publicPart.whole]));
  return { kind: curve, pkcs8: pkcs8Of([derOid(KEY.ec), derOid(oid)], key) };
};

const pkcs8Info = (bytes: Uint8Array): PrivateKeyInfo | 'key-unsupported' => {
  const parts = cursor(elementOf(bytes));
  if (countOf(parts.take(TAG.integer).content) > 1) malformed('value');
  const algorithm = cursor(parts.take(TAG.sequence));
  const key = octetsOf(parts.take(TAG.octetString));
  parts.maybe(context(0));
  parts.maybe(context(1, 'primitive'));
  parts.end();
  const oid = oidOf(algorithm.take(TAG.oid).content);
  if (oid === KEY.rsa) {
    nullOf(algorithm.take(TAG.null).content);
    algorithm.end();
    return rsaInfo(key);
  }
  if (oid === KEY.ec) {
    const curve = algorithm.maybe(TAG.oid);
    return curve === null ? 'key-unsupported' : ecInfo(key, oidOf(curve.content));
  }
  if (oid !== KEY.ed25519) return 'key-unsupported';
  algorithm.end();
  const seed = octetsOf(elementOf(key));
  return seed.length === 32
    ? { kind: 'ed25519', pkcs8: pkcs8Of([derOid(KEY.ed25519)], der(TAG.octetString, seed)) }
    : malformed('value');
};

const infoOf = (kind: BlockKind, bytes: Uint8Array): PrivateKeyInfo | 'key-unsupported' =>
  kind === 'pkcs1' ? rsaInfo(bytes) : kind === 'sec1' ? ecInfo(bytes, null) : pkcs8Info(bytes);

/** Reads the first private key of a text, or DER in PKCS#8. */
export const readPrivateKey = (encoded: Encoded): E.Either<KeyFault, PrivateKeyInfo> => {
  const { blocks, faults } = readBlocks(encoded, 'pkcs8');
  const block = blocks.find(({ kind }) => KEY_KINDS.has(kind));
  if (block === undefined) return E.left(faults.length > 0 ? 'key-unreadable' : 'key-missing');
  if (block.kind === 'encrypted-key') return E.left('key-encrypted');
  const read = reading(() => infoOf(block.kind, block.bytes));
  if (E.isLeft(read)) return E.left('key-unreadable');
  return read.right === 'key-unsupported' ? E.left(read.right) : E.right(read.right);
};

/** How WebCrypto is told to use a kind of key: to import it, and to sign with it. */
export const algorithmsOf = (
  kind: PrivateKeyInfo['kind'],
): { readonly importAs: KeyParams; readonly signAs: KeyParams } => {
  if (kind === 'ed25519') return { importAs: { name: 'Ed25519' }, signAs: { name: 'Ed25519' } };
  if (kind === 'rsa') {
    return { importAs: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, signAs: { name: 'RSASSA-PKCS1-v1_5' } };
  }
  return { importAs: { name: 'ECDSA', namedCurve: kind }, signAs: { name: 'ECDSA', hash: CURVE_HASHES[kind] } };
};

/** What WebCrypto wants to know of a key or a signature. */
export interface KeyParams {
  readonly name: string;
  readonly hash?: string;
  readonly namedCurve?: string;
}

/** The hash that goes with each curve's size (RFC 5758 section 3.2 allows all). */
const CURVE_HASHES: Readonly<Record<Curve, string>> = { 'P-256': 'SHA-256', 'P-384': 'SHA-384', 'P-521': 'SHA-512' };

/** The kind of private key that belongs to a public key. */
const kindOf = (key: PublicKey): PrivateKeyInfo['kind'] | null =>
  key.kind === 'ec' ? key.curve : key.kind === 'other' ? null : key.kind;

/** Imports a private key that was read. The runtime's own message is dropped: nobody knows what it quotes. */
export const importKey =
  ({ kind, pkcs8 }: PrivateKeyInfo, extractable = false): TE.TaskEither<KeyFault, CryptoKey> => async () => {
    try {
      return E.right(
        await crypto.subtle.importKey('pkcs8', copyOf(pkcs8), algorithmsOf(kind).importAs, extractable, ['sign']),
      );
    } catch {
      return E.left('key-unreadable');
    }
  };

/** What is signed to prove that a key belongs to a certificate. */
const CHALLENGE = new TextEncoder().encode('interface-tls-certificates: does this key belong to this certificate?');

/** Whether a private key belongs to a public one: null if it does. */
export const provesKey = (encoded: Encoded, { key, spki }: ReadKey): T.Task<KeyFault | null> => async () => {
  const read = readPrivateKey(encoded);
  if (E.isLeft(read)) return read.left;
  const kind = kindOf(key);
  if (kind === null) return 'key-unsupported';
  if (kind !== read.right.kind) return 'key-mismatch';
  const imported = await importKey(read.right)();
  if (E.isLeft(imported)) return imported.left;
  const { importAs, signAs } = algorithmsOf(kind);
  const publicKey = await crypto.subtle.importKey('spki', copyOf(spki), importAs, false, ['verify']).catch(() => null);
  if (publicKey === null) return 'key-unsupported';
  try {
    const signature = await crypto.subtle.sign(signAs, imported.right, CHALLENGE);
    return (await crypto.subtle.verify(signAs, publicKey, signature, CHALLENGE)) ? null : 'key-mismatch';
  } catch {
    // Some runtimes notice only here that the parts of a key do not belong together.
    return 'key-unreadable';
  }
};
