/**
 * When a request was seen first, and how often its unit has called since: what a late answer is measured by.
 *
 * @module
 */
import type { Fault } from './fault.ts';

/** When a request was seen first, and in how many calls since. */
export interface Seen {
  readonly at: number;
  readonly calls: number;
}

/** A request, and whether this call was made by who asks with it. */
export interface Sighting {
  /** What tells it from other requests. */
  readonly key: string;
  readonly isCalling: boolean;
}

/** Takes note of the requests that are there. Those that are gone are forgotten. */
export const seenNow = (
  before: ReadonlyMap<string, Seen>,
  sightings: ReadonlyArray<Sighting>,
  now: Date,
): ReadonlyMap<string, Seen> =>
  new Map(sightings.map(({ key, isCalling }) => {
    const { at, calls } = before.get(key) ?? { at: now.getTime(), calls: 0 };
    return [key, { at, calls: calls + (isCalling ? 1 : 0) }];
  }));

/** Whether an answer is still to wait. */
export const isLate = ({ calls = 0, seconds = 0 }: Fault, seen: Seen | undefined, now: Date): boolean =>
  seen === undefined || seen.calls <= calls || now.getTime() < seen.at + seconds * 1_000;
