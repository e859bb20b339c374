/**
 * Checks: a `Left` says what is wrong, and a `Right` says nothing. This is how all of the core tells that something fails.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';

/**
 * What a check comes to.
 *
 * @internal
 */
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

/** The fault of a check as a list: of one, or of none. */
export const faultsIn = <Fault>(check: Check<Fault>): ReadonlyArray<Fault> => (E.isLeft(check) ? [check.left] : []);
