/**
 * Errors of the model: what is asked of it and cannot be done.
 *
 * @module
 */

/** Why the model did not do something; nothing has changed. */
export interface ModelError {
  readonly _tag: 'ModelError';
  /** What was asked, why it cannot be, and what can. */
  readonly message: string;
}

/** A {@link ModelError} with its sentence. */
export const modelError = (message: string): ModelError => ({ _tag: 'ModelError', message });

/** Names to choose from, for a sentence. */
export const choices = (names: ReadonlyArray<string>): string =>
  names.length === 0 ? 'there is none' : `there is ${names.join(', ')}`;
