/**
 * The bearer token (RFC 6750): whoever has it may ask. How long the comparison takes tells nothing of the token.
 *
 * @module
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

/** Whether the header `authorization` has the token. Digests are compared, all bytes of them, so that no length shows either. */
export const hasToken = (token: string): (authorization: string | null) => boolean => {
  const wanted = sha256(utf8ToBytes(token));
  return (authorization) => {
    const given = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? '';
    const digest = sha256(utf8ToBytes(given));
    let difference = given === '' ? 1 : 0;
    for (const [i, byte] of wanted.entries()) difference |= byte ^ (digest[i] ?? 0);
    return difference === 0;
  };
};
