/**
 * What the commands do, each a value that ends in the text to print and whether an error was found.
 *
 * Source: docs/commands.md, Exit codes.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as T from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import process from 'node:process';
import { decodeInput, type Input, type SideName, SIDES } from '../../core/any/decide.ts';
import { examine } from '../../core/examine/examine.ts';
import { exchangesOfProvider, exchangesOfRequirer } from '../../core/examine/exchange.ts';
import { tallyOf } from '../../core/examine/tally.ts';
import { changesNothing } from '../../core/model/outcome.ts';
import type { Decision } from '../../core/side/input.ts';
import { inputError } from '../../core/model/input-error.ts';
import { fileHostFor, readInput } from '../file/host.ts';
import type { Problem } from '../host.ts';
import { jsonOf, type Result } from './output.ts';
import { inspectLines, planLines } from './plan.ts';
import type { ServeOptions } from './serve.ts';
import { type Page, readBytes, STDIN, writeOut } from './terminal.ts';

export { type Format, inspect } from './inspect.ts';

/** Documents of every side. */
const fileHost = fileHostFor({ decode: decodeInput, decideOn: (input: Input): Decision => input.told() });

const result = (text: string, { outcome }: Decision): Result => ({
  text: `${text}\n`,
  foundError: outcome.findings.some(({ severity }) => severity === 'error'),
});

const read = (path: string): TE.TaskEither<Problem, Decision> =>
  pipe(
    readBytes(path),
    TE.flatMapEither((bytes) => readInput(decodeInput, path === '-' ? STDIN : path)(bytes)),
    TE.map(({ input }): Decision => input.told()),
  );

/** The outcome as one JSON document for programs, with nothing redacted. */
export const decide = (path: string): TE.TaskEither<Problem, Result> =>
  pipe(
    read(path),
    TE.flatMapEither((decided) => pipe(jsonOf('the outcome', decided.outcome), E.map((text) => result(text, decided)))),
  );

/** What `inspect` says about the document before anything is written, and the command that shows the details. */
const inspected =
  (page: Page, path: string, { side, snapshot, outcome }: Decision): T.Task<ReadonlyArray<string>> => async () => {
    // The deciding side is always one of the known sides.
    const { role } = SIDES[side as SideName];
    const exchanges = (role === 'requirer' ? exchangesOfRequirer : exchangesOfProvider)(snapshot);
    return inspectLines(page, path, tallyOf(await examine(exchanges)()), changesNothing(outcome));
  };

/** The plan, and what an inspection of the same document finds. */
const planned = (page: Page, path: string) => (decided: Decision): T.Task<Result> =>
  pipe(
    inspected(page, path, decided),
    T.map((lines) => result([...planLines(page, decided), ...lines].join('\n'), decided)),
  );

/** What would be done, for people, and what `inspect` would find. */
export const plan = (page: Page, path: string): TE.TaskEither<Problem, Result> =>
  pipe(read(path), TE.chainTaskK(planned(page, path)));

/** Decides, applies the outcome to the file, and shows the plan that was carried out. */
export const apply = (page: Page, path: string): TE.TaskEither<Problem, Result> =>
  path === '-'
    ? TE.left(
      inputError([{ path: '', message: 'apply changes a file, so it cannot take standard input: name the file' }]),
    )
    : pipe(fileHost(path).carryOut, TE.chainTaskK(planned(page, path)));

/** The command can be copied on its own, as one file. It then lacks what only serving needs. */
const notBesideIt = (): Problem => ({
  _tag: 'HostError',
  reason: 'not-found',
  message: 'this copy of the command cannot serve: serve.js is missing, which the package has next to it',
});

/** Serves over HTTP until a signal arrives, and prints the address at once. The modules for serving are loaded only for this command. */
export const serve = (options: ServeOptions): TE.TaskEither<Problem, Result> =>
  pipe(
    TE.tryCatch(() => import('./serve.ts'), notBesideIt),
    TE.flatMap(({ serveUntilStopped }) =>
      serveUntilStopped(options, (address) => writeOut(process.stdout, `${address}/\n`))
    ),
    TE.map(() => ({ text: '', foundError: false })),
  );
