/**
 * When something is made: the moment, which the caller tells, and dates that are so many days from it.
 *
 * @module
 */
import type { Timestamp } from '../model/snapshot.ts';

/** The moment at which something is made, and where its random bits come from. */
export interface Moment {
  /** The present. */
  readonly now: Date;
  /** Random bytes of good quality, e.g. `(n) => crypto.getRandomValues(new Uint8Array(n))`. */
  readonly random: (length: number) => Uint8Array;
}

const DAY = 86_400_000;

/** Milliseconds by which certificates begin before they are made: clocks differ. */
export const BACKDATED = 300_000;

/** A moment so many days after another. */
export const daysAfter = (moment: Date, days: number): Date => new Date(moment.getTime() + days * DAY);

/** A moment as it is kept: what a date writes is a timestamp. */
export const timestamp = (date: Date): Timestamp => date.toISOString() as Timestamp;
