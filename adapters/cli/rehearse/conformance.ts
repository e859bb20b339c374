/**
 * `tls-certificates rehearse --conformance`: checks a charm against the conversations, and prints a verdict on each.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileError } from '../../file/error.ts';
import type { HostError, Problem } from '../../host.ts';
import type { ProtocolName } from '../../provider/protocol.ts';
import { conform, type Verdict } from '../../rehearsal/conformance/conform.ts';
import type { TestedRole } from '../../rehearsal/conformance/conversation.ts';
import { conformancePage, countOf } from '../../rehearsal/conformance/page.ts';
import { junitOf } from '../../rehearsal/reports.ts';
import { printable } from '../../text/printable.ts';
import { type RehearsalStage, type Rehearsed, type ReportFormat, scenarioIn } from './rehearse.ts';

/** The options of `--conformance`. */
export interface ConformanceOptions {
  readonly role: TestedRole;
  readonly format: ReportFormat;
  readonly protocol: ProtocolName | null;
  /** Tries only conversations whose names contain this text. */
  readonly only: string;
  /** The file for the page. Null if there is none. */
  readonly report: string | null;
  readonly seed: number | null;
  readonly sharedRoot: boolean;
}

const COLOURS = { kept: 'green', broken: 'red', 'left out': 'dim' } as const;

const verdictLine = (
  { page: { paint } }: RehearsalStage,
  { name, protocol, verdict, why, rule, source }: Verdict,
): string => {
  const title = `${paint(COLOURS[verdict], verdict.padEnd(8))}  ${protocol.padEnd(8)}  ${name}`;
  const reason = why === '' ? '' : `: ${printable(why, 400)}`;
  return `${title}${reason}${
    verdict === 'broken' ? `\n                      ${paint('dim', `${rule} (${source})`)}` : ''
  }`;
};

const reported = (format: ReportFormat, file: string, verdicts: ReadonlyArray<Verdict>): Rehearsed => {
  const broken = countOf(verdicts, 'broken');
  const tests = verdicts.filter(({ verdict }) => verdict !== 'left out')
    .map(({ name, protocol, why }) => ({ name: `${protocol}: ${name}`, failure: why === '' ? null : why }));
  const text = format === 'json'
    ? JSON.stringify(verdicts, null, 2)
    : format === 'junit'
    ? junitOf(file, tests)
    : `\n${countOf(verdicts, 'kept')} kept, ${broken} broken, ${countOf(verdicts, 'left out')} left out`;
  return { text: `${text}\n`, foundError: broken > 0 };
};

const written = (
  file: string,
  { role, report }: ConformanceOptions,
  verdicts: ReadonlyArray<Verdict>,
): E.Either<HostError, void> =>
  report === null
    ? E.right(undefined)
    : E.tryCatch(() => writeFileSync(report, conformancePage(file, role, verdicts)), fileError('write', report));

/** Checks a charm against the conversations. */
export const conformanceOf = (
  stage: RehearsalStage,
  file: string,
  options: ConformanceOptions,
): TE.TaskEither<Problem, Rehearsed> => {
  const { role, format, protocol, only, seed, sharedRoot } = options;
  return pipe(
    scenarioIn(file),
    TE.flatMap((scenario) =>
      conform(scenario, {
        role,
        only,
        sharedRoot,
        base: dirname(resolve(file)),
        ...(seed === null ? {} : { seed }),
        ...(protocol === null ? {} : { protocols: [protocol] }),
        ...(format === 'text' ? { onVerdict: (verdict) => stage.print(verdictLine(stage, verdict)) } : {}),
      })
    ),
    TE.tap((verdicts) => TE.fromEither(written(file, options, verdicts))),
    TE.map((verdicts) => reported(format, file, verdicts)),
  );
};
