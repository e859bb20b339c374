/**
 * The arguments and the help of `tls-certificates rehearse`.
 *
 * @module
 */
import * as Argument from 'effect/cli/Argument';
import * as Command from 'effect/cli/Command';
import * as Flag from 'effect/cli/Flag';
import type * as Effect from 'effect/Effect';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import process from 'node:process';
import type { HostError, Problem } from '../../host.ts';
import { PROTOCOLS } from '../../provider/protocol.ts';
import type { Exit } from '../exit-code.ts';
import type { Page } from '../terminal.ts';
import type { Rehearsed, ReportFormat } from './rehearse.ts';

const name = (flag: string, description: string) =>
  Flag.String(flag).pipe(Flag.withDescription(description), Flag.withDefault(''));

const orNull = (given: string): string | null => (given === '' ? null : given);

const FORMATS: ReadonlyArray<ReportFormat> = ['text', 'json', 'junit'];

const flags = {
  file: Argument.String('SCENARIO').pipe(
    Argument.withDescription('which charms are deployed and related, and what happens to them, as YAML or JSON'),
  ),
  format: Flag.Literals('format', FORMATS).pipe(
    Flag.withDescription('for people, for programs, or for CI'),
    Flag.withDefault('text' as const),
  ),
  seed: Flag.Int('seed').pipe(
    Flag.filter((n) => n >= 0 && n <= 4_294_967_295, (n) => `expected --seed to be from 0 to 4294967295, got ${n}`),
    Flag.withDescription('another number, another order of hooks; the scenario’s unless given'),
    Flag.optional,
  ),
  log: name('log', 'a file for the order of the hooks, which --replay plays again'),
  replay: name('replay', 'a log: the same hooks in the same order, killed where they were killed'),
  explore: Flag.Int('explore').pipe(
    Flag.filter((n) => n >= 1 && n <= 10_000, (n) => `expected --explore to be from 1 to 10000, got ${n}`),
    Flag.withDescription(
      'play so many orders of hooks, every second with a kill, and show the shortest that goes wrong',
    ),
    Flag.optional,
  ),
  conformance: Flag.Literals('conformance', ['requirer', 'provider']).pipe(
    Flag.withDescription('hold the charm against the conversations of this end of the relation'),
    Flag.optional,
  ),
  protocol: Flag.Literals('protocol', PROTOCOLS).pipe(
    Flag.withDescription('with --conformance: this protocol only; all that the charm speaks unless given'),
    Flag.optional,
  ),
  only: name('only', 'with --conformance: conversations whose names have this in them'),
  report: name('report', 'with --conformance: a file for the verdicts as a page in Markdown'),
  watch: Flag.Boolean('watch').pipe(
    Flag.withDescription('run again when the scenario or a charm changes'),
    Flag.withDefault(false),
  ),
  sharedRoot: Flag.Boolean('shared-root').pipe(
    Flag.withDescription('let charms write to this machine’s own folders where it gives no private roots'),
    Flag.withDefault(false),
  ),
};

/** The command can be copied alone, as one file, which then lacks what only rehearsing needs. */
const notBesideIt = (): HostError => ({
  _tag: 'HostError',
  reason: 'not-found',
  message: 'this copy of the command cannot rehearse: a part of it, which is beside it in the package, is missing',
});

/** The command; `carryOut` prints what came of it, and ends with its exit code. */
export const rehearseCommand = (
  page: Page,
  carryOut: (work: TE.TaskEither<Problem, Rehearsed>) => Effect.Effect<void, Exit>,
): Command.Command<'rehearse', never, object, Exit> =>
  Command.make(
    'rehearse',
    flags,
    ({ log, replay, report, seed, explore, conformance, protocol, ...given }) =>
      carryOut(pipe(
        TE.tryCatch(() => import('./run.ts'), notBesideIt),
        TE.flatMap(({ rehearseWith }) =>
          rehearseWith({ page, print: (line) => void process.stdout.write(`${line}\n`) }, {
            ...given,
            log: orNull(log),
            replay: orNull(replay),
            report: orNull(report),
            seed: seed._tag === 'Some' ? seed.value : null,
            explore: explore._tag === 'Some' ? explore.value : null,
            conformance: conformance._tag === 'Some' ? conformance.value : null,
            protocol: protocol._tag === 'Some' ? protocol.value : null,
          })
        ),
      )),
  ).pipe(
    Command.withShortDescription('Run charms of any language in a simulated Juju, and check what comes of it'),
    Command.withDescription(
      'Deploys, relates and drives charm folders and builtin charms as the scenario says, in a Juju in this process whose hook tools are real programs, and tells the story hook by hook. Ends with 0 if everything was as expected, with 1 if it was not or if an inspection finds an error at the end.',
    ),
    Command.withExamples([
      { command: 'tls-certificates rehearse scenario.yaml', description: 'The story, and the verdict' },
      {
        command: 'tls-certificates rehearse scenario.yaml --explore 50',
        description: 'Look for an order that breaks it',
      },
      { command: 'tls-certificates rehearse scenario.yaml --format junit > report.xml', description: 'In CI' },
      {
        command: 'tls-certificates rehearse scenario.yaml --conformance requirer --report report.md',
        description: 'Both protocols, conversation by conversation',
      },
    ]),
  );
