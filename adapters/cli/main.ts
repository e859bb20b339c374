/**
 * The command `tls-certificates`: its arguments and its help. Its exit codes are in exit-code.ts.
 *
 * Standard output carries only results; error messages go to standard error. Source: docs/commands.md, Exit codes.
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
import * as Console from 'effect/Console';
import * as Effect from 'effect/Effect';
import * as Layer from 'effect/Layer';
import * as Runtime from 'effect/Runtime';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import process from 'node:process';
import { fromTaskEither } from '../effect.ts';
import { hookCommand } from '../charm/command.ts';
import type { Problem } from '../host.ts';
import { apply, decide, inspect, plan, serve } from './commands.ts';
import { demo } from './demo/demo.ts';
import { demoFlags, document, hookFlags, inspectFlags, serveFlags } from './flags.ts';
import { helpFormatter } from './help.ts';
import type { Result } from './output.ts';
import { progressBar, progressLines } from './demo/progress.ts';
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

/** Work that ends cleanly by itself when a signal arrives. */
const untilSignal = (work: Effect.Effect<void, Exit>): Effect.Effect<void, Exit> =>
  Effect.uninterruptible(work.pipe(Effect.tap(() => Effect.sync(() => void (endedBySignal = true)))));

const teardown: Runtime.Teardown = (exit, onExit) =>
  Runtime.defaultTeardown(exit, (code) => onExit(code === 130 && endedBySignal ? 0 : code));

const page = pageOf(process.stdout, process.env);

const tellStderr = (text: string): void => void process.stderr.write(text);

const stage = {
  page,
  print: (text: string) => writeOut(process.stdout, text),
  progress: process.stderr.isTTY === true
    ? progressBar({ write: tellStderr, columns: () => process.stderr.columns, clock: () => performance.now() })
    : progressLines({ write: tellStderr, clock: () => performance.now() }),
};

const commands = [
  Command.make(
    'inspect',
    inspectFlags,
    ({ files, format, short, problems, failOn, endsWithin, requirer }) =>
      carryOut(inspect(page, files.length === 0 ? ['-'] : files, format, {
        requirer: requirer === '' ? null : requirer,
        failOn,
        short,
        problems,
        ...(endsWithin._tag === 'Some' ? { endsWithinDays: endsWithin.value } : {}),
      })),
  ).pipe(
    Command.withShortDescription('Show who requested what, what was answered, and what is wrong with it'),
    Command.withDescription(
      'Checks each certificate: names, purpose, key, chain, dates. Reads what juju show-unit or relation-get prints, as YAML or JSON, also pasted with prompts around it, of one model or both; input documents; and PEM or DER files. Several files are put together. Private keys are never shown.',
    ),
    Command.withExamples([
      { command: 'juju show-unit web/0 easyrsa/0 | tls-certificates inspect', description: 'Both sides of a relation' },
      { command: 'tls-certificates inspect --short units.yaml', description: 'One line for each certificate' },
      { command: 'tls-certificates inspect server.pem chain.pem ca.pem server.key', description: 'Files on disk' },
      { command: 'tls-certificates inspect --format json relation.json', description: 'For programs' },
    ]),
  ),
  Command.make('plan', { file: document }, ({ file }) => carryOut(plan(page, file))).pipe(
    Command.withShortDescription('Show what would be written, which flags change, and what was found'),
    Command.withDescription(
      'Shows what an input document leads to: certificates, writes, flags and findings, and what inspect would find. Private keys are not shown; nothing is written.',
    ),
    Command.withExamples([{ command: 'tls-certificates plan relation.json', description: 'What would happen' }]),
  ),
  Command.make('apply', { file: document }, ({ file }) => carryOut(apply(page, file))).pipe(
    Command.withShortDescription('Apply the outcome to the document, and show the plan'),
    Command.withDescription(
      'Decides on an input document, and applies writes and memory to that file in one step. Handled flags are removed from its intent. If anything fails, the file stays as it was.',
    ),
    Command.withExamples([{ command: 'tls-certificates apply relation.json', description: 'Change the file' }]),
  ),
  Command.make(
    'decide',
    { file: document.pipe(Argument.withDefault('-')) },
    ({ file }) => carryOut(decide(file)),
  ).pipe(
    Command.withShortDescription('Print the outcome as JSON, for programs'),
    Command.withDescription(
      'Reads an input document from FILE or from standard input, and prints the outcome as one JSON document. Nothing is redacted: it has private keys in it.',
    ),
    Command.withExamples([{ command: 'tls-certificates decide < relation.json', description: 'From standard input' }]),
  ),
  Command.make(
    'demo',
    demoFlags,
    (options) => carryOut(demo(stage, { ...options, out: options.out === '' ? null : options.out })),
  ).pipe(
    Command.withShortDescription('Show a whole conversation, hook by hook, on a model in memory'),
    Command.withDescription(
      'Deploys an application that requests certificates and a small certificate authority on a model in memory. Shows what each hook writes and which flags it sets, while addresses change, a unit leaves and the CA is replaced. With --protocol csr, keys stay where they were made, and a refusal, a renewal and a revocation are shown too. Nothing is written unless --out names a folder. That folder then holds input documents, with private keys, for plan, inspect and apply.',
    ),
    Command.withExamples([
      { command: 'tls-certificates demo', description: 'In a few seconds' },
      { command: 'tls-certificates demo --protocol csr', description: 'With certificate requests (CSRs)' },
      { command: 'tls-certificates demo --units 20 --requests 5 --out documents', description: 'Larger, and kept' },
    ]),
  ),
  Command.make(
    'serve',
    serveFlags,
    ({ host, port, tokenFile }) =>
      untilSignal(carryOut(serve({ host, port, tokenFile: tokenFile === '' ? null : tokenFile }))),
  ).pipe(
    Command.withShortDescription('Serve the same over HTTP, with the inspector page'),
    Command.withDescription(
      'Serves the inspector page at /, POST /decide, POST /inspect, a fake provider for tests at /provider, the API documentation at /docs and /openapi.json, and /health. Prints its address. Logs go to standard error, one JSON object a line, without anything that was sent. On a signal it finishes the requests at work and stops.',
    ),
    Command.withExamples([{ command: 'tls-certificates serve --port 8080', description: 'On this machine only' }]),
  ),
  rehearseCommand(page, carryOut),
  Command.make(
    'hook',
    hookFlags,
    ({ config }) =>
      Effect.promise(() => hookCommand(config)).pipe(
        Effect.flatMap((code) => (code === 0 ? Effect.void : Effect.fail(new Exit(code)))),
      ),
  ).pipe(
    Command.withShortDescription("Run as a Juju charm's hook, as a configuration says"),
    Command.withDescription(
      'Runs in a hook that Juju has started: requests certificates, installs them and runs commands after changes; or is a small CA. Findings never make the hook fail, since Juju undoes a failed hook.',
    ),
    Command.withExamples([{
      command: 'exec ./tls-certificates hook',
      description: "The last line of a charm's dispatch",
    }]),
  ),
] as const;

/** The command itself, also for `help`. */
const run = (args: ReadonlyArray<string>): Effect.Effect<void, Exit | CliError.CliError, Command.Environment> =>
  Command.runWith(root, { version: VERSION })(args);

const help = Command.make(
  'help',
  {
    command: Argument.Literals('COMMAND', ['decide', 'plan', 'inspect', 'demo', 'apply', 'serve', 'hook']).pipe(
      Argument.withDescription('a command'),
      Argument.optional,
    ),
  },
  ({ command }) => run(command._tag === 'Some' ? [command.value, '--help'] : ['--help']),
).pipe(
  Command.withShortDescription('Show the help of a command'),
  Command.withDescription('Shows the help of a command, as --help does.'),
  Command.withExamples([{ command: 'tls-certificates help inspect', description: 'How to inspect' }]),
);

const root = Command.make('tls-certificates').pipe(
  Command.withDescription(
    "Juju's tls-certificates relation: who requests which certificate, what the provider answers, and what is wrong with it.",
  ),
  Command.withSubcommands([...commands, help]),
  Command.withExamples([
    {
      command: 'juju show-unit web/0 easyrsa/0 | tls-certificates inspect',
      description: 'Why has a unit no certificate?',
    },
    { command: 'tls-certificates demo', description: 'See how the relation works' },
  ]),
);

/** Requested help goes to standard output; errors in the arguments go to standard error. */
const presenter: CliOutput.Presenter = {
  present: (event) => {
    if (event._tag !== 'InvalidInvocation') return CliOutput.defaultPresenter.present(event);
    const path = event.commandPath.join(' ');
    return Effect.forEach(event.errors, ({ message }) => complain(message)).pipe(
      Effect.andThen(complain(`see '${path} --help'`)),
    );
  },
};

run(process.argv.slice(2)).pipe(
  Effect.catchIf(
    CliError.isCliError,
    (error) =>
      error._tag === 'ShowHelp' && error.errors.length === 0 ? Effect.void : Effect.fail(new Exit(WRONG_ARGUMENTS)),
  ),
  Effect.provide(
    Layer.mergeAll(
      NodeServices.layer,
      CliOutput.layer(helpFormatter(page)),
      CliOutput.layerPresenter(presenter),
      CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] }),
    ),
  ),
  NodeRuntime.runMain({ teardown }),
);
