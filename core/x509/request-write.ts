/**
 * Writes certificate requests, directly from their parts to DER (RFC 2986 section 4).
 *
 * @module
 */
import { type Bytes, der, derOid } from './der-write.ts';
import { context, TAG } from './der.ts';
import { extensionsDer, type NewExtension } from './extension-write.ts';
import type { SigningKey } from './key.ts';
import { EXTENSION_REQUEST } from './oids.ts';
import { signedDer } from './signing.ts';

/** The parts of a request. */
export interface NewRequestParts {
  /** DER, like the key. */
  readonly subject: Uint8Array;
  readonly spki: Uint8Array;
  /** The requested extensions. */
  readonly extensions: ReadonlyArray<NewExtension>;
}

/** Version 1. */
const VERSION = der(TAG.integer, Uint8Array.of(0));

/** The attributes: a list that is present even if it is empty. */
const attributesDer = (extensions: ReadonlyArray<NewExtension>): Bytes =>
  extensions.length === 0
    ? der(context(0))
    : der(context(0), der(TAG.sequence, derOid(EXTENSION_REQUEST), der(TAG.set, extensionsDer(extensions))));

/** Writes a request and signs it with its own key. It rejects if the runtime does not sign. */
export const writeRequest = (
  { subject, spki, extensions }: NewRequestParts,
  signer: SigningKey,
): Promise<Bytes> => signedDer(der(TAG.sequence, VERSION, subject, spki, attributesDer(extensions)), signer);
