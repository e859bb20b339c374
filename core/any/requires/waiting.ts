/**
 * Requests that wait for their certificate, and since when: remembered from the first decision that requested them.
 *
 * @module
 */
import { timestampOf } from '../../csr/expiry.ts';
import type { CsrRequest } from '../../csr/requires/intent.ts';
import type { Note, Remembered } from '../../model/memory.ts';
import type { Timestamp } from '../../model/snapshot.ts';
import { givenIn, noteOf } from '../../reactive/given.ts';
import { requestId } from './request-id.ts';

/** The name of the note. */
export const WAITING_NOTE = 'any.waiting';

/** Seconds since 1970; a memory from elsewhere may hold anything. */
const SECONDS = /^\d{1,11}$/;

/** Since when requests wait. */
export interface Since {
  readonly of: (request: CsrRequest) => Timestamp | null;
  readonly note: Note | null;
}

/** The moment in a memory's text; null if it is not one. */
const momentOf = (seconds: string): Timestamp | null =>
  SECONDS.test(seconds) ? timestampOf(Number(seconds) * 1000) : null;

/** Since when the longest-waiting remembered request has waited; null if none is waiting. */
export const firstSince = (remembered: Remembered | undefined): Timestamp | null => {
  const known = [...givenIn(remembered).values()].filter((seconds) => SECONDS.test(seconds)).map(Number);
  return known.length === 0 ? null : momentOf(String(known.reduce((a, b) => Math.min(a, b))));
};

/** Since when each of these requests has waited; all others are forgotten. */
export const waitingSince = (
  waiting: ReadonlyArray<CsrRequest>,
  remembered: Remembered | undefined,
  now: Timestamp | undefined,
): Since => {
  const before = givenIn(remembered);
  const present = now === undefined ? null : String(Math.floor(Date.parse(now) / 1000));
  const since = new Map(
    waiting.flatMap((request): ReadonlyArray<readonly [string, string]> => {
      const id = requestId(request);
      const known = before.get(id);
      const moment = known !== undefined && SECONDS.test(known) ? known : present;
      return moment === null || !SECONDS.test(moment) ? [] : [[id, moment]];
    }),
  );
  return {
    of: (request) => {
      const seconds = since.get(requestId(request));
      return seconds === undefined ? null : momentOf(seconds);
    },
    note: noteOf(since),
  };
};
