/**
 * Hashing with the runtime's own functions. In the hook's bundles it replaces @noble/hashes (tools/bundle.mjs): a hook ends before hashing
 * in JavaScript gets fast. It only has what this project uses of that library.
 *
 * @module
 */
import process from 'node:process';
import { bun } from './bun.ts';

/** A hash that takes its input piece by piece. */
export interface Hashing {
  readonly update: (bytes: Uint8Array) => Hashing;
  readonly digest: () => Uint8Array;
}

/** A hash of bytes, or piece by piece: `hash.create().update(a).update(b).digest()`. */
export interface Hash {
  (bytes: Uint8Array): Uint8Array;
  readonly create: () => Hashing;
}

const hashOf = (algorithm: 'sha256' | 'sha1'): Hash => {
  const create = (): Hashing => {
    const hash = bun === null
      ? process.getBuiltinModule('node:crypto').createHash(algorithm)
      : new bun.CryptoHasher(algorithm);
    const hashing: Hashing = {
      update: (bytes) => {
        hash.update(bytes);
        return hashing;
      },
      digest: () => hash.digest(),
    };
    return hashing;
  };
  return Object.assign((bytes: Uint8Array) => create().update(bytes).digest(), { create });
};

/** SHA-256. */
export const sha256: Hash = hashOf('sha256');

/** SHA-1. */
export const sha1: Hash = hashOf('sha1');

/** Two lower-case digits for each byte. */
export const bytesToHex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');

/** The bytes from such digits. */
export const hexToBytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

/** Text as UTF-8. */
export const utf8ToBytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Joins byte arrays. */
export const concatBytes = (...parts: ReadonlyArray<Uint8Array>): Uint8Array => new Uint8Array(Buffer.concat(parts));
