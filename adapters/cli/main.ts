/**
 * The command `tls-certificates`: its arguments and its help. How it ends: exit-code.ts.
 *
 * Standard output has results only; complaints go to standard error. Source: contract.md, Commands and exit codes.
 *
 * @module
 */
import * as NodeRuntime from '@effect/platform-node/NodeRuntime';
import * as NodeServices from '@effect/platform-node/NodeServices';
import * as Argument from 'effect/cli/Argument';
import * as CliConfig from 'effect/cli/CliConfig';
import * as CliError from 'effect/cli/CliError';
import * as CliOutput from 'effect/cli/CliOutput';
import * as Command from 'effect/cli/Command';
import * as GlobalFlag from 'effect/cli/GlobalFlag';
import * as Flag from 'effect/cli/Flag';
import * as Console from 'effect/Console';
import * as Effect from 'effect/Effect';
import * as Layer from 'effect/Layer';
import * as Runtime from 'effect/Runtime';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import process from 'node:process';
import { fromTaskEither } from '../effect.ts';
import { CONFIGURATION, hookCommand } from '../charm/command.ts';
import type { Problem } from '../host.ts';
import { apply, decide, inspect, plan, type Result, serve } from './commands.ts';
import { demo, PROTOCOLS } from './demo/demo.ts';
import { noProgress, progressBar } from './demo/progress.ts';
import { Exit, exitCodeOf, FOUND_ERROR, WRONG_ARGUMENTS } from './exit-code.ts';
import { rehearseCommand } from './rehearse/command.ts';
import { printable } from '../text/printable.ts';
import { pageOf, writeOut } from './terminal.ts';
import { VERSION } from '../version.ts';

/** Paths and keys in a message are foreign text. */
const complain = (message: string): Effect.Effect<void> =>
  Console.error(`tls-certificates: ${message.split('\n').map((line) => printable(line, 2_000)).join('\n')}`);

const carryOut = (work: TaskEither<Problem, Result>): Effect.Effect<void, Exit> =>
  fromTaskEither(work).pipe(
    Effect.tap(({ text }) => fromTaskEither(writeOut(process.stdout, text))),
    Effect.catch((problem) =>
      complain(problem.message).pipe(
        Effect.andThen(Effect.fail(new Exit(exitCodeOf(problem)))),
      )
    ),
    Effect.flatMap(({ foundError }) => (foundError ? Effect.fail(new Exit(FOUND_ERROR)) : Effect.void)),
  );

let endedBySignal = false;

/** Work that ends by itself when a signal comes, and has done then what it was to do. */
const untilSignal = (work: Effect.Effect<void, Exit>): Effect.Effect<void, Exit> =>
  Effect.uninterruptible(work.pipe(Effect.tap(() => Effect.sync(() => void (endedBySignal = true)))));

const teardown: Runtime.Teardown = (exit, onExit) =>
  Runtime.defaultTeardown(exit, (code) => onExit(code === 130 && endedBySignal ? 0 : code));

const page = pageOf(process.stdout, process.env);

const stage = {
  page,
  print: (text: string) => writeOut(process.stdout, text),
  progress: process.stderr.isTTY === true && process.stdout.isTTY === true
    ? progressBar({
      write: (text) => process.stderr.write(text),
      columns: () => process.stderr.columns,
      clock: () => performance.now(),
    })
    : noProgress,
};

const countOf = (name: string, otherwise: number, description: string) =>
  Flag.Int(name).pipe(
    Flag.filter((n) => n >= 1 && n <= 1_000, (n) => `expected --${name} to be from 1 to 1000, got ${n}`),
    Flag.withDescription(description),
    Flag.withDefault(otherwise),
  );

const seed = Flag.Int('seed').pipe(Flag.withDescription('another number, another order of hooks'), Flag.withDefault(1));

const out = Flag.String('out').pipe(
  Flag.withDescription('a folder for input documents, which hold private keys'),
  Flag.withDefault(''),
);

const document = Argument.String('FILE').pipe(
  Argument.withDescription('an input document: snapshot, intent and memory as JSON'),
);

const format = Flag.Literals('format', ['text', 'json']).pipe(
  Flag.withDescription('for people, or for programs'),
  Flag.withDefault('text'),
);

const endsWithin = Flag.Int('ends-within').pipe(
  Flag.withDescription(
    'days before its end in which a certificate counts as ending soon; the last quarter of its life, 30 days at most, unless given',
  ),
  Flag.optional,
);

const requirer = Flag.String('requirer').pipe(
  Flag.withDescription('the application that asks, where the output of juju show-unit does not show it'),
  Flag.withDefault(''),
);

const host = Flag.String('host').pipe(
  Flag.withDescription('the address to listen on; only this machine reaches it unless told otherwise'),
  Flag.withDefault('127.0.0.1'),
);

const port = Flag.Int('port').pipe(
  Flag.withDescription('the port to listen on; 0 for any that is free'),
  Flag.withDefault(8080),
);

const tokenFile = Flag.String('token-file').pipe(
  Flag.withDescription('a file with the token that whoever sends a document has to have'),
  Flag.withDefault(''),
);

const commands = [
  Command.make(
    'decide',
    { file: document.pipe(Argument.withDefault('-')) },
    ({ file }) => carryOut(decide(file)),
  ).pipe(
    Command.withShortDescription('Print the outcome as JSON, for programs'),
    Command.withDescription(
      'Reads an input document from FILE, or from standard input, and prints the outcome as one JSON document. Nothing is redacted: private keys are in it.',
    ),
    Command.withExamples([{ command: 'tls-certificates decide < relation.json', description: 'From standard input' }]),
  ),
  Command.make('plan', { file: document }, ({ file }) => carryOut(plan(page.paint, file))).pipe(
    Command.withShortDescription('Show what would be written, which flags change, what was found'),
    Command.withDescription(
      'Shows what an input document leads to, for people: certificates, writes, flags and findings. Private keys are not shown; nothing is written.',
    ),
    Command.withExamples([{ command: 'tls-certificates plan relation.json', description: 'What would happen' }]),
  ),
  Command.make(
    'inspect',
    {
      files: Argument.String('FILE').pipe(
        Argument.withDescription('an input document, or output of juju show-unit'),
        Argument.variadic(),
      ),
      format,
      endsWithin,
      requirer,
    },
    ({ files, format, endsWithin, requirer }) =>
      carryOut(inspect(page, files.length === 0 ? ['-'] : files, format, {
        ...(endsWithin._tag === 'Some' ? { endsWithinDays: endsWithin.value } : {}),
        requirer: requirer === '' ? null : requirer,
      })),
  ).pipe(
    Command.withShortDescription('Tell who asked for what, what was answered, and what is wrong with it'),
    Command.withDescription(
      'Reads an input document of either side, or what juju show-unit prints as JSON or YAML (several files are put together by relation), and checks each certificate: names, purpose, key, chain, validity. Private keys are never shown.',
    ),
    Command.withExamples([
      { command: 'juju show-unit web/0 easyrsa/0 | tls-certificates inspect', description: 'Both sides, from Juju' },
      { command: 'tls-certificates inspect --format json relation.json', description: 'For programs' },
    ]),
  ),
  Command.make(
    'demo',
    {
      protocol: Flag.Literals('protocol', PROTOCOLS).pipe(
        Flag.withDescription('the protocol that both applications speak'),
        Flag.withDefault('reactive'),
      ),
      units: countOf('units', 3, 'units of the application that asks'),
      requests: countOf('requests', 4, 'certificates that each unit asks for'),
      seed,
      out,
    },
    (options) => carryOut(demo(stage, { ...options, out: options.out === '' ? null : options.out })),
  ).pipe(
    Command.withShortDescription('Show a whole conversation, hook by hook, on a model in memory'),
    Command.withDescription(
      'Deploys an application that asks for certificates and a small certificate authority on a model in memory, and tells what each hook writes and which flags it sets, while addresses change, a unit leaves and the CA is replaced. With --protocol csr, keys stay with those who ask, and a refusal, renewal by time and revocation are shown too. Nothing is written unless --out names a folder; that then holds input documents, with private keys, for plan, inspect and apply.',
    ),
    Command.withExamples([
      { command: 'tls-certificates demo', description: 'In a few seconds' },
      { command: 'tls-certificates demo --protocol csr', description: 'By certificate requests' },
      { command: 'tls-certificates demo --units 20 --requests 5 --out documents', description: 'Larger, and kept' },
    ]),
  ),
  Command.make('apply', { file: document }, ({ file }) => carryOut(apply(page.paint, file))).pipe(
    Command.withShortDescription('Apply the outcome to the document, and show the plan'),
    Command.withDescription(
      'Decides on an input document and applies writes and memory to that file in one step; handled flags are taken out of its intent. On any failure the file stays as it was.',
    ),
    Command.withExamples([{ command: 'tls-certificates apply relation.json', description: 'Change the file' }]),
  ),
  Command.make(
    'serve',
    { host, port, tokenFile },
    ({ host, port, tokenFile }) =>
      untilSignal(carryOut(serve({ host, port, tokenFile: tokenFile === '' ? null : tokenFile }))),
  ).pipe(
    Command.withShortDescription('Serve the same over HTTP, with the inspector page'),
    Command.withDescription(
      'Serves the inspector page at /, POST /decide, POST /inspect, a fake provider for tests at /provider, their documentation at /docs and /openapi.json, and /health. Prints its address; logs go to standard error, a line of JSON each, without anything that was sent. A signal stops it once requests at work are done.',
    ),
    Command.withExamples([{ command: 'tls-certificates serve --port 8080', description: 'On this machine only' }]),
  ),
  rehearseCommand(page, carryOut),
  Command.make(
    'hook',
    {
      config: Flag.String('config').pipe(
        Flag.withDescription('what is asked for and installed, as YAML or JSON'),
        Flag.withDefault(CONFIGURATION),
      ),
    },
    ({ config }) =>
      Effect.promise(() => hookCommand(config)).pipe(
        Effect.flatMap((code) => (code === 0 ? Effect.void : Effect.fail(new Exit(code)))),
      ),
  ).pipe(
    Command.withShortDescription("Run as a Juju charm's hook, as a configuration says"),
    Command.withDescription(
      'Asks for certificates, installs them and runs commands after changes, or is a small CA, in the hook that Juju has started this for. It ends with 0 whatever was found, since Juju undoes a hook that fails.',
    ),
    Command.withExamples([{ command: 'tls-certificates hook', description: "As a charm's dispatch" }]),
  ),
] as const;

const root = Command.make('tls-certificates').pipe(
  Command.withDescription("Juju's tls-certificates relation: what is asked, what is answered, what changes."),
  Command.withSubcommands(commands),
);

/** Help that was asked for goes to standard output; what is wrong with the arguments, to standard error. */
const presenter: CliOutput.Presenter = {
  present: (event) => {
    if (event._tag !== 'InvalidInvocation') return CliOutput.defaultPresenter.present(event);
    const path = event.commandPath.join(' ');
    return Effect.forEach(event.errors, ({ message }) => complain(message)).pipe(
      Effect.andThen(complain(`see '${path} --help'`)),
    );
  },
};

root.pipe(
  Command.run({ version: VERSION }),
  Effect.catchIf(
    CliError.isCliError,
    (error) =>
      error._tag === 'ShowHelp' && error.errors.length === 0 ? Effect.void : Effect.fail(new Exit(WRONG_ARGUMENTS)),
  ),
  Effect.provide(
    Layer.mergeAll(
      NodeServices.layer,
      CliOutput.layerPresenter(presenter),
      CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] }),
    ),
  ),
  NodeRuntime.runMain({ teardown }),
);
