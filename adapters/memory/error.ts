/**
 * Errors of the model: requests that it cannot carry out.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';

/** Why the model did not do something; nothing has changed. */
export interface ModelError {
  /** Distinguishes it from other problems. */
  readonly _tag: 'ModelError';
  /** What was asked, why it is impossible, and what is possible. */
  readonly message: string;
}

/** A {@link ModelError} with its sentence. */
export const modelError = (message: string): ModelError => ({ _tag: 'ModelError', message });

/** A refusal to do something: nothing changes. */
export const refuse = (message: string): E.Either<ModelError, never> => E.left(modelError(message));

/** Whether a number is a possible count. */
export const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;

/** Names to choose from, for a sentence. */
export const choices = (names: ReadonlyArray<string>): string =>
  names.length === 0 ? 'there is none' : `there is ${names.join(', ')}`;
