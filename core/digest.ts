/**
 * Digests for the memory, and name-based UUIDs: the core's only uses of hashing, both synchronous and the same on every runtime.
 *
 * @module
 */
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Digest } from './model/memory.ts';

/** Characters hashed per call: enough that the calls cost little, and few enough for content of any length. */
const CHUNK = 65_536;

/**
 * SHA-256 over strings, in hex. Each part is hashed as JSON, so that different lists of parts never collide by concatenation, and different
 * lone surrogates stay different. The memory reveals nothing about a part that cannot be guessed, such as a private key.
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

/** This project's own namespace for UUIDs, chosen once at random. */
const NAMESPACE = [0x5c, 0x6d, 0x2b, 0x0f, 0x3a, 0x9e, 0x4f, 0x1c, 0x8b, 0x77, 0x12, 0xd0, 0x4a, 0xe9, 0xc3, 0xb6];

/** The version 5 UUID for a name (RFC 9562 section 5.5): the same name always gives the same UUID. */
export const uuidOf = (name: string): string => {
  const bytes = sha1(Uint8Array.from([...NAMESPACE, ...utf8ToBytes(name)])).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytesToHex(bytes);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};
