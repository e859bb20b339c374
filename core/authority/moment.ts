/**
 * When something is made: the current time, from the caller, and dates some days from it.
 *
 * @module
 */
import type { Timestamp } from '../model/snapshot.ts';

/** The moment at which something is made, and the source of its random bits. */
export interface Moment {
  /** The present. */
  readonly now: Date;
  /** Cryptographically secure random bytes, e.g. `(n) => crypto.getRandomValues(new Uint8Array(n))`. */
  readonly random: (length: number) => Uint8Array;
}

const DAY = 86_400_000;

/** Milliseconds by which certificates start before they are made, since clocks differ. */
export const BACKDATED = 300_000;

/** A moment so many days after another. */
export const daysAfter = (moment: Date, days: number): Date => new Date(moment.getTime() + days * DAY);

/** A moment in the form in which it is kept: a date writes itself as a timestamp. */
export const timestamp = (date: Date): Timestamp => date.toISOString() as Timestamp;
