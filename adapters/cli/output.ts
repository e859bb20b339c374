/**
 * What a command prints: text or JSON, bounded in length.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Problem } from '../host.ts';
import { written } from '../written.ts';

/** What a command came to. */
export interface Result {
  /** For standard output. */
  readonly text: string;
  /** Whether it ends with exit code 1: a finding of severity `error` is among what was found, or of the severity that was named. */
  readonly foundError: boolean;
}

/** Characters of an output; a string of twice as many is more than some engines can hold. */
const MAX_OUTPUT = 1 << 28;

const tooLong = (what: string): Problem => ({
  _tag: 'HostError',
  reason: 'failed',
  message:
    `${what} would have more than ${MAX_OUTPUT} characters: nothing was printed; give a document with fewer units`,
});

/** A value as JSON. */
export const jsonOf = (what: string, value: unknown): E.Either<Problem, string> =>
  pipe(written(value, MAX_OUTPUT, 2), E.mapLeft(() => tooLong(what)));

/** Lines as text. */
export const textOf = (what: string, lines: ReadonlyArray<string>): E.Either<Problem, string> => {
  let characters = 0;
  for (const line of lines) characters += line.length + 1;
  return characters > MAX_OUTPUT ? E.left(tooLong(what)) : E.right(lines.join('\n'));
};
