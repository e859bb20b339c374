/**
 * Refusals: what the model answers to what cannot be done.
 *
 * @module
 */

/** Why the model did not do something; nothing has changed. */
export interface Refusal {
  readonly _tag: 'Refusal';
  /** What was asked, why it cannot be, and what can. */
  readonly message: string;
}

/** A refusal with its sentence. */
export const refusal = (message: string): Refusal => ({ _tag: 'Refusal', message });

/** Names to choose from, for a sentence. */
export const choices = (names: ReadonlyArray<string>): string =>
  names.length === 0 ? 'there is none' : `there is ${names.join(', ')}`;
