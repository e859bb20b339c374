/**
 * What the commands do, each a value that ends in the text to print and whether an error was found.
 *
 * Source: contract.md, Commands and exit codes.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import process from 'node:process';
import { type Decided, decideOn } from '../../core/decide.ts';
import { allFindings, examine, type ExamineOptions } from '../../core/examine/examine.ts';
import type { Timestamp } from '../../core/model/snapshot.ts';
import { readObserved } from '../file/observed.ts';
import { inputError } from '../../core/model/input-error.ts';
import { fileHost, readInput } from '../file/host.ts';
import type { Problem } from '../host.ts';
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

const result = (text: string, { outcome }: Decided): Result => ({
  text: `${text}\n`,
  foundError: outcome.findings.some(({ severity }) => severity === 'error'),
});

const read = (path: string): TE.TaskEither<Problem, Decided> =>
  pipe(
    readBytes(path),
    TE.flatMapEither((bytes) => readInput(path === '-' ? STDIN : path)(bytes)),
    TE.map(({ input }) => decideOn(input)),
  );

const planned = (paint: Paint) => (decided: Decided): Result => result(planLines(paint, decided).join('\n'), decided);

/** The outcome as one JSON document, nothing redacted: for programs. */
export const decide = (path: string): TE.TaskEither<Problem, Result> =>
  pipe(read(path), TE.map((decided) => result(JSON.stringify(decided.outcome, null, 2), decided)));

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
    TE.map((examinations) => ({
      text: `${
        format === 'json' ? JSON.stringify(examinations, null, 2) : inspectionLines(page, examinations).join('\n')
      }\n`,
      foundError: allFindings(examinations).some(({ severity }) => severity === 'error'),
    })),
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
