/**
 * `tls-certificates inspect`: reads its input, examines it, and prints the result for people, for programs, or for Prometheus.
 *
 * Source: docs/commands.md, Exit codes.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { allFindings, type Examinations, type ExaminedRequest } from '../../core/examine/examination.ts';
import { examine, type ExamineOptions } from '../../core/examine/examine.ts';
import type { Severity } from '../../core/model/finding.ts';
import type { Timestamp } from '../../core/model/snapshot.ts';
import type { Problem } from '../host.ts';
import { readObserved, type Text } from '../reading/observed.ts';
import { inspectionLines } from './inspection.ts';
import { metricsLines } from './openmetrics.ts';
import { jsonOf, type Result, textOf } from './output.ts';
import { type ExaminedFiles, examineFiles, isPemFile } from './pem-files.ts';
import { problemsOf, shortLines } from './short.ts';
import { summaryLines } from './summary.ts';
import { type Page, readBytes, STDIN } from './terminal.ts';

/** The output formats of an inspection. */
export const FORMATS = ['text', 'json', 'openmetrics'] as const;

/** The lowest severity that leads to exit code 1. */
export const FAIL_ON = ['error', 'warning'] as const;

/** How an inspection is printed. */
export type Format = (typeof FORMATS)[number];

/** The options of an inspection. */
export interface InspectOptions extends Pick<ExamineOptions, 'endsWithinDays'> {
  /** The application that asks; null if the databags show it. */
  readonly requirer: string | null;
  /** The lowest severity that leads to exit code 1; default: `error`. */
  readonly failOn?: (typeof FAIL_ON)[number];
  /** One line for each certificate. */
  readonly short?: boolean;
  /** Only what has a finding. */
  readonly problems?: boolean;
}

interface Inspected {
  readonly examined: Examinations;
  readonly withKey: ReadonlySet<ExaminedRequest>;
}

const together = (ofRelations: Examinations | null, files: ExaminedFiles | null, clock: Timestamp): Inspected => ({
  examined: {
    now: ofRelations === null ? clock : ofRelations.now,
    findings: ofRelations?.findings ?? [],
    examinations: [...(ofRelations?.examinations ?? []), ...(files === null ? [] : [files.examination])],
    trust: ofRelations?.trust ?? [],
  },
  withKey: files?.withKey ?? new Set(),
});

/** PEM files are judged at the current time; documents and Juju output, at the time they state. */
const examined = (
  texts: ReadonlyArray<Text>,
  clock: Timestamp,
  { endsWithinDays, requirer }: InspectOptions,
): TE.TaskEither<Problem, Inspected> => {
  const options = endsWithinDays === undefined ? {} : { endsWithinDays };
  const [files, others] = [texts.filter(isPemFile), texts.filter((text) => !isPemFile(text))];
  const ofRelations: TE.TaskEither<Problem, Examinations | null> = others.length === 0 ? TE.right(null) : pipe(
    TE.fromEither(readObserved(others, clock, requirer)),
    TE.chainTaskK((exchanges) => examine(exchanges, options)),
  );
  const ofFiles: TE.TaskEither<Problem, ExaminedFiles | null> = files.length === 0
    ? TE.right(null)
    : () => examineFiles(files, { now: new Date(clock), ...options });
  return pipe(
    ofRelations,
    TE.flatMap((relations) => pipe(ofFiles, TE.map((examined) => together(relations, examined, clock)))),
  );
};

const printed = (
  page: Page,
  { examined, withKey }: Inspected,
  format: Format,
  { short = false, problems = false }: InspectOptions,
): E.Either<Problem, string> => {
  const shown = problems ? problemsOf(examined) : examined;
  switch (format) {
    case 'json':
      return jsonOf('the examination', shown);
    case 'openmetrics':
      return textOf('the metrics', metricsLines(examined));
    case 'text':
      return textOf(
        'the examination',
        [
          ...summaryLines(page, examined),
          ...(short ? shortLines(page, shown) : inspectionLines(page, shown, withKey)),
        ],
      );
  }
};

const FAILING: Readonly<Record<(typeof FAIL_ON)[number], ReadonlySet<Severity>>> = {
  error: new Set(['error']),
  warning: new Set(['error', 'warning']),
};

/** Examines what the files contain. Nothing that is printed contains private keys. */
export const inspect = (
  page: Page,
  paths: ReadonlyArray<string>,
  format: Format,
  options: InspectOptions,
): TE.TaskEither<Problem, Result> =>
  pipe(
    paths,
    TE.traverseSeqArray((path) =>
      pipe(readBytes(path), TE.map((bytes) => ({ name: path === '-' ? STDIN : path, bytes })))
    ),
    // The clock is read once, here, at the edge.
    TE.flatMap((texts) => examined(texts, new Date().toISOString() as Timestamp, options)),
    TE.flatMapEither((inspected) =>
      pipe(
        printed(page, inspected, format, options),
        E.map((text) => ({
          text: `${text}\n`,
          foundError: allFindings(inspected.examined).some(({ severity }) =>
            FAILING[options.failOn ?? 'error'].has(severity)
          ),
        })),
      )
    ),
  );
