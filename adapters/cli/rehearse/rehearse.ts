/**
 * `tls-certificates rehearse`: plays a scenario or explores it, and prints the result.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { decodeWith } from '../../../core/model/input-error.ts';
import { counted } from '../../../core/model/shape.ts';
import { fileError } from '../../file/error.ts';
import type { HostError, Problem } from '../../host.ts';
import { type Exploration, explore } from '../../rehearsal/explore.ts';
import { History } from '../../rehearsal/history.ts';
import type { RehearsalOptions } from '../../rehearsal/options.ts';
import { type Rehearsal, rehearse } from '../../rehearsal/rehearse.ts';
import { jsonOf, junitOf, testsOf } from '../../rehearsal/reports.ts';
import { readScenario } from '../../rehearsal/scenario/read.ts';
import type { Scenario } from '../../rehearsal/scenario/scenario.ts';
import { entryLines } from '../../rehearsal/telling.ts';
import { inspectionLines } from '../inspection.ts';
import { type Page, readBytes } from '../terminal.ts';

/** The format of the result. */
export type ReportFormat = 'text' | 'json' | 'junit';

/** The options of the command. */
export interface RehearseOptions {
  readonly format: ReportFormat;
  readonly seed: number | null;
  /** The file for the log. Null if there is none. */
  readonly log: string | null;
  /** A log to replay. Null if there is none. */
  readonly replay: string | null;
  /** How many histories to play in search of one that goes wrong. Null to play the scenario once. */
  readonly explore: number | null;
  readonly sharedRoot: boolean;
}

/** The result: the text for standard output, and whether anything is not as expected. */
export interface Rehearsed {
  readonly text: string;
  readonly foundError: boolean;
}

/** Where the result is shown. */
export interface RehearsalStage {
  readonly page: Page;
  /** Prints a line at once. */
  readonly print: (line: string) => void;
}

/** Reads the file of a scenario. */
export const scenarioIn = (file: string): TE.TaskEither<Problem, Scenario> =>
  pipe(readBytes(file), TE.flatMap((bytes): TE.TaskEither<Problem, Scenario> => readScenario(file, bytes)));

const historyIn = (file: string): TE.TaskEither<Problem, History> =>
  pipe(
    readBytes(file),
    TE.flatMapEither((bytes): E.Either<Problem, History> => {
      const text = new TextDecoder().decode(bytes);
      const parsed = E.tryCatch(() => JSON.parse(text) as unknown, () => null);
      return decodeWith(History)(E.isRight(parsed) ? parsed.right : null);
    }),
  );

const written = (file: string | null, { history }: Rehearsal): E.Either<HostError, void> =>
  file === null
    ? E.right(undefined)
    : E.tryCatch(() => writeFileSync(file, `${JSON.stringify(history, null, 1)}\n`), fileError('write', file));

const verdictLines = (page: Page, rehearsal: Rehearsal): ReadonlyArray<string> => {
  const { checks, problems, errors, examinations, seed } = rehearsal;
  const held = checks.filter(({ but }) => but === null).length;
  return [
    '',
    page.paint('bold', 'What tls-certificates inspect says at the end'),
    ...inspectionLines(page, examinations),
    '',
    `${held} of ${counted(checks.length, 'expectation')} held, ${counted(problems.length, 'problem')}, ${
      counted(errors.length, 'error')
    } that ${errors.length === 1 ? 'was' : 'were'} not expected. The order of hooks follows from --seed ${seed}.`,
  ];
};

const reported = (format: ReportFormat, file: string, rehearsal: Rehearsal, page: Page): Rehearsed => ({
  text: `${
    format === 'json'
      ? JSON.stringify(jsonOf(rehearsal), null, 2)
      : format === 'junit'
      ? junitOf(file, testsOf(rehearsal))
      : verdictLines(page, rehearsal).join('\n')
  }\n`,
  foundError: !rehearsal.passed,
});

const foundNothing = (format: ReportFormat, file: string, { tried }: Exploration): Rehearsed => {
  const words = `${counted(tried, 'history').replace('historys', 'histories')} played: none goes wrong`;
  const text = format === 'json'
    ? JSON.stringify({ tried, broken: 0, shortest: null }, null, 2)
    : format === 'junit'
    ? junitOf(file, [{ name: words, failure: null }])
    : words;
  return { text: `${text}\n`, foundError: false };
};

const explored = (
  { page, print }: RehearsalStage,
  file: string,
  format: ReportFormat,
  log: string | null,
  found: Exploration,
): E.Either<Problem, Rehearsed> => {
  const { shortest, tried, broken } = found;
  if (shortest === null) return E.right(foundNothing(format, file, found));
  if (format === 'text') {
    print(
      `Histories that go wrong: ${broken} (${tried} were played). The shortest has ${
        counted(shortest.history.hooks.length, 'hook')
      }:`,
    );
    shortest.story.flatMap((entry) => entryLines(entry, page.paint)).forEach(print);
  }
  return pipe(written(log, shortest), E.map(() => reported(format, file, shortest, page)));
};

/** Plays a scenario, or explores it. */
export const rehearseFile = (
  stage: RehearsalStage,
  file: string,
  { format, seed, log, replay, explore: histories, sharedRoot }: RehearseOptions,
): TE.TaskEither<Problem, Rehearsed> =>
  pipe(
    TE.Do,
    TE.bind('scenario', () => scenarioIn(file)),
    TE.bind('history', (): TE.TaskEither<Problem, History | null> =>
      replay === null ? TE.right(null) : historyIn(replay)),
    TE.flatMap(({ scenario, history }) => {
      const options: RehearsalOptions = {
        base: dirname(resolve(file)),
        sharedRoot,
        ...(seed === null ? {} : { seed }),
        ...(history === null ? {} : { replay: history }),
      };
      if (histories !== null) {
        return pipe(
          explore(scenario, { ...options, histories }),
          TE.flatMapEither((found) =>
            explored(stage, file, format, log, found)
          ),
        );
      }
      const onTold: RehearsalOptions['onTold'] = (entry) => entryLines(entry, stage.page.paint).forEach(stage.print);
      return pipe(
        rehearse(scenario, { ...options, ...(format === 'text' ? { onTold } : {}) }),
        TE.tap((rehearsal) => TE.fromEither(written(log, rehearsal))),
        TE.map((rehearsal) => reported(format, file, rehearsal, stage.page)),
      );
    }),
  );
