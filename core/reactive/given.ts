/**
 * What each answer was given for. The wire does not say, so it is remembered when an answer is given or first seen.
 *
 * A note covers the answers in one place. It maps a digest of each answer to a digest of what the answer was given for. Digests reveal
 * nothing about who asked for what.
 *
 * @module
 */
import type { Note, Remembered } from '../model/memory.ts';
import { byCodePoint } from '../model/order.ts';

/** Maps the digest of an answer to the digest of what it was given for; empty if there is nothing. */
export type Given = ReadonlyMap<string, string>;

/** The content of a note. A memory that somebody else wrote may hold anything, so whatever is not a pair of digests is ignored. */
export const givenIn = (remembered: Remembered | undefined): Given =>
  new Map(
    (remembered ?? '').split(' ').flatMap((text) => {
      const [answer = '', subject = ''] = text.split(':');
      return answer === '' ? [] : [[answer, subject] as const];
    }),
  );

/** The note to keep; null if there is nothing to remember. */
export const noteOf = (given: Given): Note | null => {
  const texts = [...given].map(([answer, subject]) => (subject === '' ? answer : `${answer}:${subject}`));
  // Only this function puts a note together.
  return texts.length === 0 ? null : texts.sort(byCodePoint).join(' ') as Note;
};
