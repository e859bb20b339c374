/**
 * Dates of certificates: whether one is valid at a moment, and which date comes first.
 *
 * A certificate's validity includes both its ends (RFC 5280 section 4.1.2.5), to the second; here it counts as ended at its last
 * moment, so that whoever wakes up then decides differently from before.
 *
 * @module
 */
import type { Timestamp } from '../model/snapshot.ts';
import type { Certificate } from '../x509/certificate.ts';

/** A moment in milliseconds since 1970. */
export type Millis = number;

/** The dates of a certificate. */
export type Dates = Pick<Certificate, 'notBefore' | 'notAfter'>;

/** Where a moment lies in a certificate's life. */
export const standing = ({ notBefore, notAfter }: Dates, now: Millis): 'early' | 'valid' | 'ended' =>
  now < notBefore ? 'early' : now >= notAfter ? 'ended' : 'valid';

/** A moment as RFC 3339 writes it, in UTC and whole seconds. */
export const timestampOf = (moment: Millis): Timestamp =>
  // The form that the type stands for.
  `${new Date(moment).toISOString().slice(0, -5)}Z` as Timestamp;

/** The first of these moments that is still to come. */
export const earliest = (moments: ReadonlyArray<Millis>, now: Millis): Timestamp | null => {
  let first = Infinity;
  for (const moment of moments) if (moment > now && moment < first) first = moment;
  return first === Infinity ? null : timestampOf(first);
};
