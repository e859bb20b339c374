/**
 * The front door `./keyring`: the certificate requests that a requirer of the CSR protocol has to make.
 *
 * @module
 */
export { KEY_KINDS, type KeyKind } from './key-kind.ts';
export { type KeyringFault } from './csr.ts';
export { type Keyring, type Made, makeMissing } from './keyring.ts';
