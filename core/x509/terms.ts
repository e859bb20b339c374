/**
 * The terms of a new certificate: its dates, and the random bits of its serial number.
 *
 * Both come from the caller, since the core has neither a clock nor a random source. Sources: RFC 5280 sections 4.1.2.2 and 4.1.2.5.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { type Check, PASSED } from '../model/passed.ts';
import type { Certificate } from './certificate.ts';
import type { IssueFault } from './issue-fault.ts';

/** When a certificate is valid, and where the random bits of its serial number come from. */
export interface Terms {
  /** Only whole seconds count. */
  readonly notBefore: Date;
  /** The end of its validity. */
  readonly notAfter: Date;
  /** Random bytes of good quality, e.g. `(n) => crypto.getRandomValues(new Uint8Array(n))`. */
  readonly random: (length: number) => Uint8Array;
}

/** Random bytes of a serial number: 128 bits, twice what the CA/Browser Forum requires (Baseline Requirements section 7.1). */
const SERIAL_BYTES = 16;

const FIRST = Date.UTC(1950, 0, 1);
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59);

/** Whether a certificate can have these dates below this CA; null is for a root, which has no CA above it. */
export const checkValidity = ({ notBefore, notAfter }: Terms, issuer: Certificate | null): Check<IssueFault> => {
  const [from, to] = [notBefore.getTime(), notAfter.getTime()];
  if (!(from >= FIRST && from <= to && to <= LAST)) return E.left({ code: 'validity-invalid' });
  const isInside = issuer === null || (from >= issuer.notBefore && to < issuer.notAfter + 1000);
  return isInside ? PASSED : E.left({ code: 'validity-exceeds-issuer' });
};

/** The bytes of a serial number. All zeros would be neither positive nor random. */
export const serialFrom = ({ random }: Terms): E.Either<IssueFault, Uint8Array> => {
  try {
    const bytes = random(SERIAL_BYTES);
    const isGood = bytes.length === SERIAL_BYTES && bytes.some((byte) => byte !== 0);
    return isGood ? E.right(bytes) : E.left({ code: 'random-invalid' });
  } catch {
    return E.left({ code: 'random-invalid' });
  }
};
