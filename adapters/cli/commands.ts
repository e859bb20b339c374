/**
 * What the commands do, each a value that ends in the text to print and whether an error was found.
 *
 * Source: docs/commands.md, Exit codes.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import process from 'node:process';
import { decodeInput, type Input } from '../../core/any/decide.ts';
import { allFindings } from '../../core/examine/examination.ts';
import { examine, type ExamineOptions } from '../../core/examine/examine.ts';
import type { Timestamp } from '../../core/model/snapshot.ts';
import type { Decision } from '../../core/side/input.ts';
import { readObserved } from '../reading/observed.ts';
import { inputError } from '../../core/model/input-error.ts';
import { fileHostFor, readInput } from '../file/host.ts';
import type { Problem } from '../host.ts';
import { written } from '../written.ts';
import { planLines } from './plan.ts';
import { inspectionLines } from './inspection.ts';
import type { ServeOptions } from './serve.ts';
import { type Page, type Paint, readBytes, STDIN, writeOut } from './terminal.ts';

/** What a command came to. */
export interface Result {
  /** For standard output. */
  readonly text: string;
  /** Whether a finding of severity `error` is among what was found. */
  readonly foundError: boolean;
}

/** Documents of every side. */
const fileHost = fileHostFor({ decode: decodeInput, decideOn: (input: Input): Decision => input.told() });

const result = (text: string, { outcome }: Decision): Result => ({
  text: `${text}\n`,
  foundError: outcome.findings.some(({ severity }) => severity === 'error'),
});

/** Characters of an output; a string of twice as many is more than some engines can hold. */
const MAX_OUTPUT = 1 << 28;

const tooLong = (what: string): Problem => ({
  _tag: 'HostError',
  reason: 'failed',
  message:
    `${what} would have more than ${MAX_OUTPUT} characters: nothing was printed; give a document with fewer units`,
});

const jsonOf = (what: string, value: unknown): E.Either<Problem, string> =>
  pipe(written(value, MAX_OUTPUT, 2), E.mapLeft(() => tooLong(what)));

const textOf = (what: string, lines: ReadonlyArray<string>): E.Either<Problem, string> => {
  let characters = 0;
  for (const line of lines) characters += line.length + 1;
  return characters > MAX_OUTPUT ? E.left(tooLong(what)) : E.right(lines.join('\n'));
};

const read = (path: string): TE.TaskEither<Problem, Decision> =>
  pipe(
    readBytes(path),
    TE.flatMapEither((bytes) => readInput(decodeInput, path === '-' ? STDIN : path)(bytes)),
    TE.map(({ input }): Decision => input.told()),
  );

const planned = (paint: Paint) => (decided: Decision): Result => result(planLines(paint, decided).join('\n'), decided);

/** The outcome as one JSON document, nothing redacted: for programs. */
export const decide = (path: string): TE.TaskEither<Problem, Result> =>
  pipe(
    read(path),
    TE.flatMapEither((decided) => pipe(jsonOf('the outcome', decided.outcome), E.map((text) => result(text, decided)))),
  );

/** What would be done, for people. */
export const plan = (paint: Paint, path: string): TE.TaskEither<Problem, Result> =>
  pipe(read(path), TE.map(planned(paint)));

/** How an inspection is printed. */
export type Format = 'text' | 'json';

/** Examines what is in the files: for people, or as JSON for programs. Neither has private keys. */
export const inspect = (
  page: Page,
  paths: ReadonlyArray<string>,
  format: Format,
  options: ExamineOptions & { readonly requirer: string | null },
): TE.TaskEither<Problem, Result> =>
  pipe(
    paths,
    TE.traverseSeqArray((path) =>
      pipe(readBytes(path), TE.map((bytes) => ({ name: path === '-' ? STDIN : path, bytes })))
    ),
    // The clock is read once, here, at the edge.
    TE.chainEitherKW((texts) => readObserved(texts, new Date().toISOString() as Timestamp, options.requirer)),
    TE.chainTaskK((exchanges) => examine(exchanges, options)),
    TE.flatMapEither((examinations) =>
      pipe(
        format === 'json'
          ? jsonOf('the examination', examinations)
          : textOf('the examination', inspectionLines(page, examinations)),
        E.map((text) => ({
          text: `${text}\n`,
          foundError: allFindings(examinations).some(({ severity }) => severity === 'error'),
        })),
      )
    ),
  );

/** Decides, applies the outcome to the file, and shows the plan that was carried out. */
export const apply = (paint: Paint, path: string): TE.TaskEither<Problem, Result> =>
  path === '-'
    ? TE.left(inputError([{ path: '', message: 'apply changes a file: standard input cannot be applied to' }]))
    : pipe(fileHost(path).carryOut, TE.map(planned(paint)));

/** The command can be copied alone, as one file, which then lacks what only serving needs. */
const notBesideIt = (): Problem => ({
  _tag: 'HostError',
  reason: 'not-found',
  message: 'this copy of the command cannot serve: serve.js, which is beside it in the package, is missing',
});

/** Serves over HTTP until a signal comes; the address is printed at once. What it needs is loaded for it alone. */
export const serve = (options: ServeOptions): TE.TaskEither<Problem, Result> =>
  pipe(
    TE.tryCatch(() => import('./serve.ts'), notBesideIt),
    TE.flatMap(({ serveUntilStopped }) =>
      serveUntilStopped(options, (address) => writeOut(process.stdout, `${address}/\n`))
    ),
    TE.map(() => ({ text: '', foundError: false })),
  );
