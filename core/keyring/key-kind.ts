/**
 * Kinds of private keys that are made for certificate requests. Every provider of the CSR protocol knows them.
 *
 * This file loads no X.509, since every configuration is read with it.
 *
 * @module
 */

/** All kinds: RSA by its modulus in bits, elliptic curves by their name at NIST. */
export const KEY_KINDS = ['RSA-2048', 'RSA-3072', 'RSA-4096', 'P-256', 'P-384'] as const;

/** The kind of a key that is made. */
export type KeyKind = (typeof KEY_KINDS)[number];
