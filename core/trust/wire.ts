/**
 * The keys of the `certificate_transfer` databags, in one table that every other file of this folder reads.
 *
 * Source: docs/certificate-transfer.md, Databags.
 *
 * @module
 */

/** In the provider's application databag; the requirer's only has the version. Version 1. */
export const APPLICATION_KEYS = { certificates: 'certificates', version: 'version' } as const;

/** In the unit databags of a provider. Version 0. */
export const UNIT_KEYS = { certificate: 'certificate', ca: 'ca', chain: 'chain', version: 'version' } as const;

/** The keys of version 0 that hold certificates, in reading order. */
export const UNIT_CERTIFICATE_KEYS: ReadonlyArray<'ca' | 'chain' | 'certificate'> = [
  UNIT_KEYS.ca,
  UNIT_KEYS.chain,
  UNIT_KEYS.certificate,
];

/** Version 1 as both sides write it, as JSON. */
export const VERSION_1 = '1';

/** Version 0 as a provider writes it in its unit databag. */
export const VERSION_0 = '0';
