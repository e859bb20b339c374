/**
 * A value that should hold certificates, read once for everybody who judges it: the certificates, what is unreadable, and its form.
 *
 * @module
 */
import { type ReadBundle, readBundle, type Shelf } from './bundle.ts';
import { type FormFault, formFaults } from './pem-form.ts';
import type { Encoded } from './pem.ts';
import { type Wrapping, wrappingOf } from './wrapping.ts';

/** A value that was read. */
export interface ReadValue extends ReadBundle {
  /** How it differs from what every server loads. */
  readonly form: ReadonlyArray<FormFault>;
  /** How it is wrapped, if no certificate was found. */
  readonly wrapping: Wrapping | null;
}

/**
 * Reads a value; certificates on the shelf are not read again. It never throws.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { readValue } from 'interface-tls-certificates/x509';
 * assert.deepEqual(readValue('None').wrapping, 'nothing-word');
 * ```
 */
export const readValue = (encoded: Encoded, shelf?: Shelf): ReadValue => {
  const { certificates, faults } = readBundle(encoded, shelf);
  return {
    certificates,
    faults,
    form: formFaults(encoded),
    wrapping: certificates.length > 0 ? null : wrappingOf(encoded),
  };
};
