/**
 * Checks of what an authority is asked for: a `Left` says what is wrong, and a `Right` says nothing.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';

/** What a check comes to. */
export type Check<Fault> = E.Either<Fault, void>;

/** Nothing is wrong. */
export const PASSED: Check<never> = E.right(undefined);

/** Checks one thing after another, up to the first fault. */
export const checkEach = <A, Fault>(all: Iterable<A>, check: (one: A) => Check<Fault>): Check<Fault> => {
  for (const one of all) {
    const checked = check(one);
    if (E.isLeft(checked)) return checked;
  }
  return PASSED;
};
