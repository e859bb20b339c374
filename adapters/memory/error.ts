/**
 * Errors of the model: what is asked of it and cannot be done.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';

/** Why the model did not do something; nothing has changed. */
export interface ModelError {
  /** Tells it from other problems. */
  readonly _tag: 'ModelError';
  /** What was asked, why it cannot be, and what can. */
  readonly message: string;
}

/** A {@link ModelError} with its sentence. */
export const modelError = (message: string): ModelError => ({ _tag: 'ModelError', message });

/** A refusal to do something: nothing changes. */
export const refuse = (message: string): E.Either<ModelError, never> => E.left(modelError(message));

/** Whether something can be counted so. */
export const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;

/** Names to choose from, for a sentence. */
export const choices = (names: ReadonlyArray<string>): string =>
  names.length === 0 ? 'there is none' : `there is ${names.join(', ')}`;
