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
    Argument.withDescription('a YAML or JSON file: which charms to deploy and relate, and what happens to them'),
  ),
  format: Flag.Literals('format', FORMATS).pipe(
    Flag.withDescription('text is for people, json for programs, junit for CI'),
    Flag.withDefault('text' as const),
  ),
  seed: Flag.Int('seed').pipe(
    Flag.filter((n) => n >= 0 && n <= 4_294_967_295, (n) => `expected --seed to be from 0 to 4294967295, got ${n}`),
    Flag.withDescription('decides the order of hooks; by default the seed of the scenario'),
    Flag.optional,
  ),
  log: name('log', 'write the order of the hooks to this file, for --replay'),
  replay: name('replay', 'read a log, run the same hooks in the same order, and kill those that were killed'),
  explore: Flag.Int('explore').pipe(
    Flag.filter((n) => n >= 1 && n <= 10_000, (n) => `expected --explore to be from 1 to 10000, got ${n}`),
    Flag.withDescription(
      'play this many orders of hooks, every second one with a kill, and show the shortest that goes wrong',
    ),
    Flag.optional,
  ),
  conformance: Flag.Literals('conformance', ['requirer', 'provider']).pipe(
    Flag.withDescription('check the charm against the rules for this end of the relation'),
    Flag.optional,
  ),
  protocol: Flag.Literals('protocol', PROTOCOLS).pipe(
    Flag.withDescription('with --conformance: try only this protocol; by default all that the charm speaks'),
    Flag.optional,
  ),
  only: name('only', 'with --conformance: try only conversations whose names contain this text'),
  report: name('report', 'with --conformance: write the verdicts to this file, in Markdown'),
  watch: Flag.Boolean('watch').pipe(
    Flag.withDescription('run again when the scenario or a charm changes'),
    Flag.withDefault(false),
  ),
  sharedRoot: Flag.Boolean('shared-root').pipe(
    Flag.withDescription('let charms write to this machine’s own folders if it cannot give them private roots'),
    Flag.withDefault(false),
  ),
};

/** Somebody may copy the command alone, as one file. It then lacks what only this command needs. */
const notBesideIt = (): HostError => ({
  _tag: 'HostError',
  reason: 'not-found',
  message:
    'this copy of the command cannot rehearse: it lacks a file that is beside it in the package (npm install interface-tls-certificates)',
});

/** The command. `carryOut` prints the result and ends with its exit code. */
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
    Command.withShortDescription('Run charms in any language in a simulated Juju, and check the result'),
    Command.withDescription(
      'Deploys and relates charms in a Juju in this process, plays the steps of the scenario, and shows what happens, hook by hook. The hook tools are real programs. Exits with 0 if everything is as expected, and with 1 if it is not or if an inspection finds an error at the end.',
    ),
    Command.withExamples([
      { command: 'tls-certificates rehearse scenario.yaml', description: 'The story, and the verdict' },
      {
        command: 'tls-certificates rehearse scenario.yaml --explore 50',
        description: 'Look for an order of hooks that breaks a charm',
      },
      { command: 'tls-certificates rehearse scenario.yaml --format junit > report.xml', description: 'In CI' },
      {
        command: 'tls-certificates rehearse scenario.yaml --conformance requirer --report ./report.md',
        description: 'Both protocols, conversation by conversation',
      },
    ]),
  );
