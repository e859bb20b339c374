/**
 * Signatures: which algorithm made one, and whether a key verifies it.
 *
 * One table has all algorithms; others are not verified. Source: RFC 3279, RFC 4055 and RFC 5756 (RSA), RFC 5758 (ECDSA), RFC 8410
 * (Ed25519), RFC 9881 (ML-DSA).
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { PASSED } from '../model/passed.ts';
import { context, cursor, type Element, elementOf, reading, TAG } from './der.ts';
import { type Curve, CURVES, ML_DSA, ML_DSA_SETS, type MlDsaSet } from './oids.ts';
import { contentOf, countOf, magnitudeOf, nullOf, oidOf } from './primitives.ts';
import { checkKey, type PublicKey } from './public-key.ts';

/** A hash function that signatures use. */
export type Hash = 'MD2' | 'MD5' | 'SHA-1' | 'SHA-224' | 'SHA-256' | 'SHA-384' | 'SHA-512';

/** A signature algorithm. */
export type SignatureAlgorithm =
  | { readonly name: 'RSASSA-PKCS1-v1_5' | 'ECDSA'; readonly hash: Hash }
  | { readonly name: 'RSA-PSS'; readonly hash: Hash; readonly saltLength: number }
  | { readonly name: 'Ed25519' | MlDsaSet }
  /** One that is unknown here, or with unknown parameters. */
  | { readonly name: 'other'; readonly oid: string };

const RSA_PSS = '1.2.840.113549.1.1.10';
const MGF1 = '1.2.840.113549.1.1.8';

/** Algorithms that their identifier determines completely. RSA has a NULL beside it, the others nothing. */
const ALGORITHMS: ReadonlyMap<string, SignatureAlgorithm> = new Map<string, SignatureAlgorithm>([
  ['1.2.840.113549.1.1.2', { name: 'RSASSA-PKCS1-v1_5', hash: 'MD2' }],
  ['1.2.840.113549.1.1.4', { name: 'RSASSA-PKCS1-v1_5', hash: 'MD5' }],
  ['1.2.840.113549.1.1.5', { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-1' }],
  ['1.2.840.113549.1.1.14', { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-224' }],
  ['1.2.840.113549.1.1.11', { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }],
  ['1.2.840.113549.1.1.12', { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-384' }],
  ['1.2.840.113549.1.1.13', { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512' }],
  ['1.2.840.10045.4.1', { name: 'ECDSA', hash: 'SHA-1' }],
  ['1.2.840.10045.4.3.1', { name: 'ECDSA', hash: 'SHA-224' }],
  ['1.2.840.10045.4.3.2', { name: 'ECDSA', hash: 'SHA-256' }],
  ['1.2.840.10045.4.3.3', { name: 'ECDSA', hash: 'SHA-384' }],
  ['1.2.840.10045.4.3.4', { name: 'ECDSA', hash: 'SHA-512' }],
  ['1.3.101.112', { name: 'Ed25519' }],
  ...ML_DSA_SETS.map((name) => [ML_DSA[name].oid, { name }] as const),
]);

const HASHES: ReadonlyMap<string, Hash> = new Map([
  ['2.16.840.1.101.3.4.2.1', 'SHA-256'],
  ['2.16.840.1.101.3.4.2.2', 'SHA-384'],
  ['2.16.840.1.101.3.4.2.3', 'SHA-512'],
]);

const readHash = (element: Element): Hash | null => {
  const parts = cursor(element);
  const oid = oidOf(parts.take(TAG.oid).content);
  const parameters = parts.maybe(TAG.null);
  if (parameters !== null) nullOf(parameters.content);
  parts.end();
  return HASHES.get(oid) ?? null;
};

/** The only value in a tagged member of the parameters. */
const alone = (part: Element | null): Element | null => (part === null ? null : elementOf(part.content));

/** The hash of the mask function; null for another function, or for the default with SHA-1. */
const readMaskHash = (element: Element): Hash | null => {
  const parts = cursor(element);
  const oid = oidOf(parts.take(TAG.oid).content);
  const parameters = parts.any();
  parts.end();
  return oid === MGF1 ? readHash(parameters) : null;
};

/** The default length of the salt, and the only trailer (RFC 4055 section 3.1). */
const DEFAULT_SALT = 20;
const TRAILER = 1;

const countIn = (element: Element): number => countOf(contentOf(element, TAG.integer));

/** The parameters of RSA-PSS: only those with one hash for everything, which is what WebCrypto does and RFC 4055 recommends. */
const readPss = (element: Element): SignatureAlgorithm => {
  const parts = cursor(element);
  const [hashPart, maskPart, saltPart, trailerPart] = [
    alone(parts.maybe(context(0))),
    alone(parts.maybe(context(1))),
    alone(parts.maybe(context(2))),
    alone(parts.maybe(context(3))),
  ];
  parts.end();
  const hash = hashPart === null ? null : readHash(hashPart);
  const maskHash = maskPart === null ? null : readMaskHash(maskPart);
  const saltLength = saltPart === null ? DEFAULT_SALT : countIn(saltPart);
  // RFC 4055 asks to accept the default trailer even if it is written.
  const trailer = trailerPart === null ? TRAILER : countIn(trailerPart);
  if (hash === null || hash !== maskHash || trailer !== TRAILER) return { name: 'other', oid: RSA_PSS };
  return { name: 'RSA-PSS', hash, saltLength };
};

/** Reads an algorithm identifier of a signature. */
export const readSignatureAlgorithm = (element: Element): SignatureAlgorithm => {
  const parts = cursor(element);
  const oid = oidOf(parts.take(TAG.oid).content);
  const known = ALGORITHMS.get(oid);
  if (oid === RSA_PSS) {
    const parameters = parts.maybe(TAG.sequence);
    return parameters === null ? { name: 'other', oid } : readPss(parameters);
  }
  if (known === undefined) return { name: 'other', oid };
  // RFC 4055 section 5 asks to accept RSA's identifiers with and without the NULL.
  const nothing = known.name === 'RSASSA-PKCS1-v1_5' ? parts.maybe(TAG.null) : null;
  if (nothing !== null) nullOf(nothing.content);
  parts.end();
  return known;
};

/** Why a signature is not trusted. */
export type SignatureFault =
  | 'signature-invalid'
  /** MD2, MD5 or SHA-1: the signature may also fit somebody else's certificate. */
  | 'signature-hash-broken'
  | 'signature-algorithm-unsupported'
  /** The signing key is RSA below 1024 bits. */
  | 'key-too-short'
  /** The signing key is of an unsupported kind or size. */
  | 'key-unsupported';

/** Signed data. */
export interface Signed {
  readonly algorithm: SignatureAlgorithm;
  /** The signed bytes, unchanged. */
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
}

/** Hashes for which colliding certificates have been made: MD5 in 2008, SHA-1 in 2020 (with a chosen prefix). */
export const BROKEN_HASHES: ReadonlySet<Hash> = new Set(['MD2', 'MD5', 'SHA-1']);

/** ECDSA's two numbers, from DER to the fixed width that WebCrypto wants; null if they do not fit the curve. */
const fixedWidth = (signature: Uint8Array, curve: Curve): Uint8Array | null => {
  const { size } = CURVES[curve];
  const numbers = reading(() => {
    const parts = cursor(elementOf(signature));
    const both = [magnitudeOf(parts.take(TAG.integer).content), magnitudeOf(parts.take(TAG.integer).content)];
    parts.end();
    return both;
  });
  if (E.isLeft(numbers) || numbers.right.some(({ length }) => length === 0 || length > size)) return null;
  const out = new Uint8Array(2 * size);
  numbers.right.forEach((number, i) => out.set(number, (i + 1) * size - number.length));
  return out;
};

/** Bytes of an Ed25519 signature. */
const ED25519_SIGNATURE = 64;

/** Bytes of each hash; RSA-PSS adds one byte more than that around a salt (RFC 8017 section 9.1.1). */
const HASH_SIZES: Readonly<Record<'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512', number>> = {
  'SHA-1': 20,
  'SHA-256': 32,
  'SHA-384': 48,
  'SHA-512': 64,
};

/** What WebCrypto needs to import the key and to verify, or why it is not asked. */
const planOf = (
  { algorithm, signature }: Signed,
  key: PublicKey,
): E.Either<
  SignatureFault,
  { readonly importAs: object; readonly verifyAs: { readonly name: string }; readonly signature: Uint8Array }
> => {
  const usable = checkKey(key);
  if (E.isLeft(usable)) return usable;
  if (algorithm.name === 'other') return E.left('signature-algorithm-unsupported');
  if (!('hash' in algorithm)) {
    const { name } = algorithm;
    const isItsKey = key.kind === 'ml-dsa' ? key.parameterSet === name : key.kind === 'ed25519' && name === 'Ed25519';
    const size = name === 'Ed25519' ? ED25519_SIGNATURE : ML_DSA[name].signatureSize;
    return isItsKey && signature.length === size
      ? E.right({ importAs: { name }, verifyAs: { name }, signature })
      : E.left('signature-invalid');
  }
  const { name, hash } = algorithm;
  if (hash === 'MD2' || hash === 'MD5') return E.left('signature-hash-broken');
  if (hash === 'SHA-224') return E.left('signature-algorithm-unsupported');
  if (name === 'ECDSA') {
    const raw = key.kind === 'ec' ? fixedWidth(signature, key.curve) : null;
    return key.kind === 'ec' && raw !== null
      ? E.right({ importAs: { name, namedCurve: key.curve }, verifyAs: { ...algorithm }, signature: raw })
      : E.left('signature-invalid');
  }
  if (key.kind !== 'rsa') return E.left('signature-invalid');
  // Runtimes report differently when the key has no room for the salt.
  const room = Math.ceil((key.bits - 1) / 8) - HASH_SIZES[hash] - 2;
  if (algorithm.name === 'RSA-PSS' && algorithm.saltLength > room) return E.left('signature-invalid');
  return E.right({ importAs: { name, hash }, verifyAs: { ...algorithm }, signature });
};

/**
 * Whether a signature holds. With `evenBroken`, one over SHA-1 counts too: that is for certificates that are trusted anyway and sign
 * themselves.
 */
export const checkSignature = (
  signed: Signed,
  { key, spki }: { readonly key: PublicKey; readonly spki: Uint8Array },
  evenBroken = false,
): TE.TaskEither<SignatureFault, void> =>
async () => {
  const { algorithm } = signed;
  if (!evenBroken && 'hash' in algorithm && BROKEN_HASHES.has(algorithm.hash)) return E.left('signature-hash-broken');
  const plan = planOf(signed, key);
  if (E.isLeft(plan)) return plan;
  const { importAs, verifyAs, signature } = plan.right;
  try {
    const imported = await crypto.subtle.importKey('spki', copyOf(spki), { name: '', ...importAs }, false, ['verify']);
    const holds = await crypto.subtle.verify(verifyAs, imported, copyOf(signature), copyOf(signed.bytes));
    return holds ? PASSED : E.left('signature-invalid');
  } catch {
    // Keys were read before, so what the runtime rejects is a kind that it does not have.
    return E.left('key-unsupported');
  }
};

/** Bytes in a buffer of their own, as WebCrypto's types demand. */
export const copyOf = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);
