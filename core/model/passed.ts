/**
 * Checks: a `Left` says what is wrong, a `Right` carries nothing. Everything in the core reports failures this way.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';

/**
 * The result of a check.
 *
 * @internal
 */
export type Check<Fault> = E.Either<Fault, void>;

/** Nothing is wrong. */
export const PASSED: Check<never> = E.right(undefined);

/** Runs checks one after another, up to the first fault. */
export const checkEach = <A, Fault>(all: Iterable<A>, check: (one: A) => Check<Fault>): Check<Fault> => {
  for (const one of all) {
    const checked = check(one);
    if (E.isLeft(checked)) return checked;
  }
  return PASSED;
};

/** A check's fault as a list: of one element, or empty. */
export const faultsIn = <Fault>(check: Check<Fault>): ReadonlyArray<Fault> => (E.isLeft(check) ? [check.left] : []);
