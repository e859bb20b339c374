/**
 * Kinds of private keys for certificate requests. Every provider of the CSR protocol accepts them.
 *
 * This file loads no X.509 code, since reading any configuration loads it.
 *
 * @module
 */

/** All kinds: RSA by modulus length in bits, elliptic curves by their NIST name. */
export const KEY_KINDS = ['RSA-2048', 'RSA-3072', 'RSA-4096', 'P-256', 'P-384'] as const;

/** The kind of a new key. */
export type KeyKind = (typeof KEY_KINDS)[number];
