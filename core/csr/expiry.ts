/**
 * Dates of certificates: whether one is valid at a given moment, and which date comes first.
 *
 * A certificate's validity includes both ends (RFC 5280 section 4.1.2.5), to the second. Here it counts as ended at its last moment, so
 * that a host that wakes up then decides differently from before.
 *
 * @module
 */
import type { Timestamp } from '../model/snapshot.ts';
import type { Certificate } from '../x509/certificate.ts';

/** A moment in milliseconds since 1970. */
export type Millis = number;

/** The dates of a certificate. */
export type Dates = Pick<Certificate, 'notBefore' | 'notAfter'>;

/** Where in a certificate's life a moment lies. */
export const standing = ({ notBefore, notAfter }: Dates, now: Millis): 'early' | 'valid' | 'ended' =>
  now < notBefore ? 'early' : now >= notAfter ? 'ended' : 'valid';

/** A moment in the form of RFC 3339, in UTC and whole seconds. */
export const timestampOf = (moment: Millis): Timestamp =>
  // Exactly the form that the type means.
  `${new Date(moment).toISOString().slice(0, -5)}Z` as Timestamp;

/** The first of these moments that lies in the future. */
export const earliest = (moments: ReadonlyArray<Millis>, now: Millis): Timestamp | null => {
  let first = Infinity;
  for (const moment of moments) if (moment > now && moment < first) first = moment;
  return first === Infinity ? null : timestampOf(first);
};
