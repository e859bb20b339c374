/**
 * The bearer token (RFC 6750): its owner may ask. The time that the comparison takes reveals nothing about the token.
 *
 * @module
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

/** Whether the header `authorization` has the token. It compares digests, all of their bytes, so that the length does not show either. */
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
