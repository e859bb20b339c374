/**
 * Digests for the memory, and name-based UUIDs: the two uses of hashing in the core, both synchronous and the same everywhere.
 *
 * @module
 */
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
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

/** This project's own namespace for UUIDs, drawn once at random; in hex, since most programs that are loaded with it make none. */
const NAMESPACE = '5c6d2b0f3a9e4f1c8b7712d04ae9c3b6';

/** A UUID of version 5 (RFC 9562 section 5.5) for a name: the same name gives the same UUID. */
export const uuidOf = (name: string): string => {
  const bytes = sha1(concatBytes(hexToBytes(NAMESPACE), utf8ToBytes(name))).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytesToHex(bytes);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};
