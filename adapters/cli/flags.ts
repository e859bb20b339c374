/**
 * The arguments and flags of the command, with their defaults in their descriptions.
 *
 * @module
 */
import * as Argument from 'effect/cli/Argument';
import * as Flag from 'effect/cli/Flag';
import type * as Option from 'effect/Option';
import { CONFIGURATION } from '../charm/command.ts';
import { FAIL_ON, FORMATS } from './inspect.ts';
import { PROTOCOLS } from './demo/demo.ts';
import { fileArgument, fileFlag, folderFlag } from './paths.ts';

/** A default that is shown to people, at the end of the description. */
const withDefault = <A>(value: A, description: string) => (flag: Flag.Flag<A>): Flag.Flag<A> =>
  flag.pipe(Flag.withDescription(`${description} (default: ${value})`), Flag.withDefault(value)) as Flag.Flag<A>;

/** Text that is empty by default. */
const orEmpty = (description: string) => (flag: Flag.Flag<string>): Flag.Flag<string> =>
  flag.pipe(Flag.withDescription(description), Flag.withDefault('')) as Flag.Flag<string>;

const countOf = (name: string, otherwise: number, description: string): Flag.Flag<number> =>
  Flag.Int(name).pipe(
    Flag.filter((n) => n >= 1 && n <= 1_000, (n) => `expected --${name} to be from 1 to 1000, got ${n}`),
    withDefault(otherwise, description),
  );

/** The document that a command reads. */
export const document: Argument.Argument<string> = fileArgument('FILE').pipe(
  Argument.withDescription('an input document: snapshot, intent and memory as JSON; - for standard input'),
);

/** Flags of `inspect`. */
export const inspectFlags: {
  readonly files: Argument.Argument<ReadonlyArray<string>>;
  readonly format: Flag.Flag<(typeof FORMATS)[number]>;
  readonly short: Flag.Flag<boolean>;
  readonly problems: Flag.Flag<boolean>;
  readonly failOn: Flag.Flag<(typeof FAIL_ON)[number]>;
  readonly endsWithin: Flag.Flag<Option.Option<number>>;
  readonly requirer: Flag.Flag<string>;
} = {
  files: fileArgument('FILE').pipe(
    Argument.withDescription(
      'output of juju show-unit or relation-get, an input document, or PEM files; standard input unless given',
    ),
    Argument.variadic(),
  ),
  format: Flag.Literals('format', FORMATS).pipe(
    withDefault<(typeof FORMATS)[number]>(
      'text',
      'text for people, json for programs, openmetrics for Prometheus and its node exporter',
    ),
  ),
  short: Flag.Boolean('short').pipe(
    Flag.withDescription('one line for each certificate'),
    Flag.withDefault(false),
  ),
  problems: Flag.Boolean('problems').pipe(
    Flag.withDescription('only what has a finding'),
    Flag.withDefault(false),
  ),
  failOn: Flag.Literals('fail-on', FAIL_ON).pipe(
    withDefault<(typeof FAIL_ON)[number]>('error', 'the least severity that ends with exit code 1'),
  ),
  endsWithin: Flag.Int('ends-within').pipe(
    Flag.withDescription(
      'a certificate ends soon when it ends in this many days (default: the last quarter of its life, 30 days at most)',
    ),
    Flag.optional,
  ),
  requirer: Flag.String('requirer').pipe(
    orEmpty('the application that asks, where the output of juju show-unit does not show it'),
  ),
};

/** Flags of `demo`. */
export const demoFlags: {
  readonly protocol: Flag.Flag<(typeof PROTOCOLS)[number]>;
  readonly units: Flag.Flag<number>;
  readonly requests: Flag.Flag<number>;
  readonly seed: Flag.Flag<number>;
  readonly out: Flag.Flag<string>;
} = {
  protocol: Flag.Literals('protocol', PROTOCOLS).pipe(
    withDefault<(typeof PROTOCOLS)[number]>('reactive', 'the protocol that both applications speak'),
  ),
  units: countOf('units', 3, 'units of the application that asks'),
  requests: countOf('requests', 4, 'certificates that each unit asks for'),
  seed: Flag.Int('seed').pipe(withDefault(1, 'another number gives another order of hooks')),
  out: folderFlag('out').pipe(orEmpty('a new folder for input documents, which hold private keys (default: none)')),
};

/** Flags of `serve`. */
export const serveFlags: {
  readonly host: Flag.Flag<string>;
  readonly port: Flag.Flag<number>;
  readonly tokenFile: Flag.Flag<string>;
} = {
  host: Flag.String('host').pipe(withDefault('127.0.0.1', 'the address to listen on')),
  port: Flag.Int('port').pipe(withDefault(8080, 'the port to listen on; 0 for any free one')),
  tokenFile: fileFlag('token-file').pipe(orEmpty('a file with the token that clients have to send (default: none)')),
};

/** Flags of `hook`. */
export const hookFlags: { readonly config: Flag.Flag<string> } = {
  config: fileFlag('config').pipe(withDefault(CONFIGURATION, 'what to ask for and install, as YAML or JSON')),
};
