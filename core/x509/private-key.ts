/**
 * Private keys: reads them in all their forms, and proves that one belongs to a certificate. Keys leave this room only to WebCrypto and, as
 * PKCS#8, to whoever generated them here.
 *
 * A key is read by its structure, as in OpenSSL, Go and Node: its label may be wrong.
 *
 * Sources: RFC 5958 (PKCS#8), RFC 8017 appendix A.1.2 (PKCS#1), RFC 5915 (SEC1), RFC 8410 (Ed25519), RFC 9881 section 6 (ML-DSA).
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { sameBytes } from '../model/hosts.ts';
import { PASSED } from '../model/passed.ts';
import { context, cursor, elementOf, inside, malformed, reading, TAG } from './der.ts';
import { der, derOid } from './der-write.ts';
import { type Curve, curveOf, CURVES, KEY, ML_DSA, mlDsaOf, type MlDsaSet } from './oids.ts';
import { type BlockKind, type Encoded, KEY_KINDS, readBlocks } from './pem.ts';
import { contentOf, countOf, nullOf, octetsOf, oidOf, wholeBitsOf } from './primitives.ts';
import type { PublicKey, ReadKey } from './public-key.ts';
import { checkRsaNumbers } from './rsa-numbers.ts';
import { copyOf } from './signature.ts';

/** Why a key is unusable, or does not belong to a certificate. */
export type KeyFault =
  /** There is no private key. */
  | 'key-missing'
  /** There is one, but it is unreadable. */
  | 'key-unreadable'
  /** It is protected by a password. */
  | 'key-encrypted'
  /** Its kind, or the certificate's, is not supported here, or not by this runtime; others may support it. */
  | 'key-unsupported'
  /** It belongs to another certificate. */
  | 'key-mismatch';

/** How a private key is encoded. */
export type KeyForm = 'pkcs8' | 'pkcs1' | 'sec1';

/** A private key's kind, and its PKCS#8 in the one form that all runtimes accept. */
export interface PrivateKeyInfo {
  readonly kind: 'rsa' | Curve | 'ed25519' | MlDsaSet;
  readonly pkcs8: Uint8Array;
  /** The bits of the public key, if they accompany the private one. */
  readonly publicBits: Uint8Array | null;
}

/** A private key as it was found in a text. */
export interface PrivateKeyBlock {
  readonly info: PrivateKeyInfo;
  readonly form: KeyForm;
  /** What its label says it is. */
  readonly label: BlockKind;
  readonly bytes: Uint8Array;
  /** The line where it starts, counted from 1. */
  readonly line: number;
}

type Read = PrivateKeyInfo | 'key-unsupported';

const ZERO = der(TAG.integer, Uint8Array.of(0));
const ONE = der(TAG.integer, Uint8Array.of(1));

const pkcs8Of = (algorithm: ReadonlyArray<Uint8Array>, key: Uint8Array): Uint8Array =>
  der(TAG.sequence, ZERO, der(TAG.sequence, ...algorithm), der(TAG.octetString, key));

const rsaInfo = (pkcs1: Uint8Array): Read =>
  checkRsaNumbers(pkcs1) === 'several'
    ? 'key-unsupported'
    : { kind: 'rsa', pkcs8: pkcs8Of([derOid(KEY.rsa), der(TAG.null)], pkcs1), publicBits: null };

/** ECPrivateKey. The curve is inside it, or beside it in PKCS#8; its public part is kept if present. */
const ecInfo = (sec1: Uint8Array, outerCurve: string | null): Read => {
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
  if (scalar.length > size || scalar.every((byte) => byte === 0)) return malformed('value');
  const padded = new Uint8Array(size);
  padded.set(scalar, size - scalar.length);
  const key = der(TAG.sequence, ONE, der(TAG.octetString, padded), ...(publicPart === null ? [] : [publicPart.whole]));
  return {
    kind: curve,
    pkcs8: pkcs8Of([derOid(KEY.ec), derOid(oid)], key),
    publicBits: publicPart === null ? null : wholeBitsOf(contentOf(elementOf(publicPart.content), TAG.bitString)),
  };
};

/** Bytes of the seeds of Ed25519 and of ML-DSA. */
const SEED = 32;

const seedOf = (seed: Uint8Array): Uint8Array => (seed.length === SEED ? seed : malformed('value'));

/** The seed of ML-DSA, alone or before the expanded key; WebCrypto does not accept a key without a seed. */
const mlDsaInfo = (kind: MlDsaSet, key: Uint8Array, publicBits: Uint8Array | null): Read => {
  const choice = elementOf(key);
  if (choice.tag === TAG.octetString) return 'key-unsupported';
  const seed = choice.tag === TAG.sequence
    ? octetsOf(inside(choice)[0] ?? malformed('unexpected-value'))
    : contentOf(choice, context(0, 'primitive'));
  const pkcs8 = pkcs8Of([derOid(ML_DSA[kind].oid)], der(context(0, 'primitive'), seedOf(seed)));
  return { kind, pkcs8, publicBits };
};

const pkcs8Info = (bytes: Uint8Array): Read => {
  const parts = cursor(elementOf(bytes));
  if (countOf(parts.take(TAG.integer).content) > 1) malformed('value');
  const algorithm = cursor(parts.take(TAG.sequence));
  const key = octetsOf(parts.take(TAG.octetString));
  parts.maybe(context(0));
  const publicPart = parts.maybe(context(1, 'primitive'));
  parts.end();
  const publicBits = publicPart === null ? null : wholeBitsOf(publicPart.content);
  const oid = oidOf(algorithm.take(TAG.oid).content);
  if (oid === KEY.rsa) {
    nullOf(algorithm.take(TAG.null).content);
    algorithm.end();
    return rsaInfo(key);
  }
  if (oid === KEY.ec) {
    const curve = algorithm.any();
    algorithm.end();
    return curve.tag === TAG.oid ? ecInfo(key, oidOf(curve.content)) : 'key-unsupported';
  }
  const set = mlDsaOf(oid);
  if (oid !== KEY.ed25519 && set === null) return 'key-unsupported';
  algorithm.end();
  if (set !== null) return mlDsaInfo(set, key, publicBits);
  const seed = seedOf(octetsOf(elementOf(key)));
  return { kind: 'ed25519', pkcs8: pkcs8Of([derOid(KEY.ed25519)], der(TAG.octetString, seed)), publicBits };
};

const READERS: Readonly<Record<KeyForm, (bytes: Uint8Array) => Read>> = {
  pkcs8: pkcs8Info,
  pkcs1: rsaInfo,
  sec1: (bytes) => ecInfo(bytes, null),
};

/** How a key is encoded, judged by what follows its version: an algorithm, a modulus, or a secret number. */
const formOf = (bytes: Uint8Array): KeyForm | 'encrypted' => {
  const [first, second] = inside(elementOf(bytes));
  // An encrypted key starts with its algorithm (RFC 5958 section 3).
  if (first?.tag === TAG.sequence && second?.tag === TAG.octetString) return 'encrypted';
  if (first?.tag !== TAG.integer) return malformed('unexpected-value');
  if (second?.tag === TAG.sequence) return 'pkcs8';
  return second?.tag === TAG.octetString
    ? 'sec1'
    : second?.tag === TAG.integer
    ? 'pkcs1'
    : malformed('unexpected-value');
};

/** The start of OpenSSH's own format, which is not DER. */
const OPENSSH = new TextEncoder().encode('openssh-key-v1\0');

/** Reads the first private key of a text, or DER in any form, and how it was encoded. */
export const readKeyBlock = (encoded: Encoded): E.Either<KeyFault, PrivateKeyBlock> => {
  const { blocks, faults } = readBlocks(encoded, 'pkcs8');
  const block = blocks.find(({ kind }) => KEY_KINDS.has(kind));
  if (block === undefined) return E.left(faults.length > 0 ? 'key-unreadable' : 'key-missing');
  const { bytes, kind: label, line } = block;
  // Old encrypted keys have no bytes here: their headers say what they are.
  if (bytes.length === 0) return E.left('key-encrypted');
  if (sameBytes(bytes.subarray(0, OPENSSH.length), OPENSSH)) return E.left('key-unsupported');
  const read = reading(() => {
    const form = formOf(bytes);
    return form === 'encrypted' ? form : { form, info: READERS[form](bytes) };
  });
  if (E.isLeft(read)) return E.left('key-unreadable');
  if (read.right === 'encrypted') return E.left('key-encrypted');
  const { form, info } = read.right;
  return info === 'key-unsupported' ? E.left(info) : E.right({ info, form, label, bytes, line });
};

/** Reads the first private key of a text, or DER. */
export const readPrivateKey = (encoded: Encoded): E.Either<KeyFault, PrivateKeyInfo> =>
  E.map(({ info }: PrivateKeyBlock) => info)(readKeyBlock(encoded));

const isMlDsa = (kind: PrivateKeyInfo['kind']): kind is MlDsaSet => kind in ML_DSA;

/** The parameters with which WebCrypto imports a kind of key, and signs with it. */
export const algorithmsOf = (
  kind: PrivateKeyInfo['kind'],
): { readonly importAs: KeyParams; readonly signAs: KeyParams } => {
  if (kind === 'ed25519') return { importAs: { name: 'Ed25519' }, signAs: { name: 'Ed25519' } };
  if (isMlDsa(kind)) return { importAs: { name: kind }, signAs: { name: kind } };
  if (kind === 'rsa') {
    return { importAs: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, signAs: { name: 'RSASSA-PKCS1-v1_5' } };
  }
  return { importAs: { name: 'ECDSA', namedCurve: kind }, signAs: { name: 'ECDSA', hash: CURVE_HASHES[kind] } };
};

/** The parameters of a key or a signature in WebCrypto. */
export interface KeyParams {
  readonly name: string;
  readonly hash?: string;
  readonly namedCurve?: string;
}

/** The hash that matches the size of each curve (RFC 5758 section 3.2 allows all). */
const CURVE_HASHES: Readonly<Record<Curve, string>> = { 'P-256': 'SHA-256', 'P-384': 'SHA-384', 'P-521': 'SHA-512' };

/** The kind of private key that belongs to a public key. */
const kindOf = (key: PublicKey): PrivateKeyInfo['kind'] | null =>
  key.kind === 'ec' ? key.curve : key.kind === 'ml-dsa' ? key.parameterSet : key.kind === 'other' ? null : key.kind;

/** Imports a private key that was read. The runtime's own message is dropped, since it might quote the key. */
export const importKey =
  ({ kind, pkcs8 }: PrivateKeyInfo, extractable = false): TE.TaskEither<KeyFault, CryptoKey> => async () => {
    try {
      return E.right(
        await crypto.subtle.importKey('pkcs8', copyOf(pkcs8), algorithmsOf(kind).importAs, extractable, ['sign']),
      );
    } catch {
      // The key itself is valid; a runtime without ML-DSA cannot import it.
      return E.left(isMlDsa(kind) ? 'key-unsupported' : 'key-unreadable');
    }
  };

/** What is signed to prove that a key belongs to a certificate. */
const CHALLENGE = new TextEncoder().encode('interface-tls-certificates: does this key belong to this certificate?');

/** Whether a private key belongs to a public one. */
export const provesKey =
  (encoded: Encoded, { key, spki, bits }: ReadKey): TE.TaskEither<KeyFault, void> => async () => {
    const read = readPrivateKey(encoded);
    if (E.isLeft(read)) return read;
    const kind = kindOf(key);
    if (kind === null) return E.left('key-unsupported');
    const { publicBits } = read.right;
    // Servers compare the public halves: they refuse one that does not match, whatever the private half is.
    if (kind !== read.right.kind || (publicBits !== null && !sameBytes(publicBits, bits))) {
      return E.left('key-mismatch');
    }
    const imported = await importKey(read.right)();
    if (E.isLeft(imported)) return imported;
    const { importAs, signAs } = algorithmsOf(kind);
    const publicKey = await crypto.subtle.importKey('spki', copyOf(spki), importAs, false, ['verify']).catch(() =>
      null
    );
    if (publicKey === null) return E.left('key-unsupported');
    try {
      const signature = await crypto.subtle.sign(signAs, imported.right, CHALLENGE);
      const isItsKey = await crypto.subtle.verify(signAs, publicKey, signature, CHALLENGE);
      return isItsKey ? PASSED : E.left('key-mismatch');
    } catch {
      // Some runtimes only notice here that the parts of a key do not belong together.
      return E.left('key-unreadable');
    }
  };
