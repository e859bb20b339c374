/**
 * What a command prints: text or JSON, bounded in length.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Problem } from '../host.ts';
import { written } from '../written.ts';

/** The result of a command. */
export interface Result {
  /** For standard output. */
  readonly text: string;
  /** Whether it leads to exit code 1: there is a finding of severity `error`, or of the severity that was given. */
  readonly foundError: boolean;
}

/** Longest output in characters; some engines cannot hold a string of twice that length. */
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
