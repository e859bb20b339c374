/**
 * When a request was first seen, and how often its unit has called since: this decides when a late answer comes.
 *
 * @module
 */
import type { Fault } from './fault.ts';

/** When a request was first seen, and in how many calls since. */
export interface Seen {
  readonly at: number;
  readonly calls: number;
}

/** A request, and whether its own requester made this call. */
export interface Sighting {
  /** What distinguishes it from other requests. */
  readonly key: string;
  readonly isCalling: boolean;
}

/** Records the requests that exist. Those that are gone are forgotten. */
export const seenNow = (
  before: ReadonlyMap<string, Seen>,
  sightings: ReadonlyArray<Sighting>,
  now: Date,
): ReadonlyMap<string, Seen> =>
  new Map(sightings.map(({ key, isCalling }) => {
    const { at, calls } = before.get(key) ?? { at: now.getTime(), calls: 0 };
    return [key, { at, calls: calls + (isCalling ? 1 : 0) }];
  }));

/** Whether an answer still has to wait. */
export const isLate = ({ calls = 0, seconds = 0 }: Fault, seen: Seen | undefined, now: Date): boolean =>
  seen === undefined || seen.calls <= calls || now.getTime() < seen.at + seconds * 1_000;
