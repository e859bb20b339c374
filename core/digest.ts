/**
 * Digests for the memory, and name-based UUIDs: the two uses of hashing in the core, both synchronous and the same everywhere.
 *
 * @module
 */
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Digest } from './model/memory.ts';

/** Characters that are hashed at a time: large enough for the calls not to count, small enough for any content. */
const CHUNK = 65_536;

/**
 * SHA-256 over strings, in hex. Each part is hashed as its JSON, so that no two lists of parts run together and lone surrogates
 * stay apart. Whoever holds the memory learns nothing of a part that cannot be guessed, such as a private key.
 */
export const digestOf = (parts: Iterable<string>): Digest => {
  const hash = sha256.create();
  let waiting = '';
  for (const part of parts) {
    waiting += JSON.stringify(part);
    if (waiting.length >= CHUNK) {
      hash.update(utf8ToBytes(waiting));
      waiting = '';
    }
  }
  return bytesToHex(hash.update(utf8ToBytes(waiting)).digest()) as Digest;
};

/** This project's own namespace for UUIDs, drawn once at random. */
const NAMESPACE = [0x5c, 0x6d, 0x2b, 0x0f, 0x3a, 0x9e, 0x4f, 0x1c, 0x8b, 0x77, 0x12, 0xd0, 0x4a, 0xe9, 0xc3, 0xb6];

/** A UUID of version 5 (RFC 9562 section 5.5) for a name: the same name gives the same UUID. */
export const uuidOf = (name: string): string => {
  const bytes = sha1(Uint8Array.from([...NAMESPACE, ...utf8ToBytes(name)])).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytesToHex(bytes);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};
