/**
/**
 * Front door `./keyring`: makes the certificate requests that a requirer of the CSR protocol is missing.
 *
 * @module
 */
export { type KeyringFault } from './csr.ts';
export { KEY_KINDS, type KeyKind } from './key-kind.ts';
export { type Keyring, type Made, makeMissing } from './keyring.ts';
export { keptKey } from './kept-key.ts';
