/**
 * For what answers were given: the wire does not say, so it is remembered from when an answer was given or first seen.
 *
 * A note tells it for the answers of one place: by what tells an answer, what tells the thing that it was given for. Both are digests, or parts
 * of them, so a note says to nobody who asked for what.
 *
 * @module
 */
import type { Note, Remembered } from '../model/memory.ts';
import { byCodePoint } from '../model/order.ts';

/** By what tells an answer, what tells the thing that it was given for; empty for nothing. */
export type Given = ReadonlyMap<string, string>;

/** What a note says. A memory that somebody else wrote may hold anything: what is no pair of digests is never asked for. */
export const givenIn = (remembered: Remembered | undefined): Given =>
  new Map(
    (remembered ?? '').split(' ').flatMap((text) => {
      const [answer = '', subject = ''] = text.split(':');
      return answer === '' ? [] : [[answer, subject] as const];
    }),
  );

/** What is remembered; null where there is nothing to remember. */
export const noteOf = (given: Given): Note | null => {
  const texts = [...given].map(([answer, subject]) => (subject === '' ? answer : `${answer}:${subject}`));
  // The one place where a note is put together.
  return texts.length === 0 ? null : texts.sort(byCodePoint).join(' ') as Note;
};
