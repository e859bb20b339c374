/**
 * How a hook tool can fail: one table from what it printed and how it ended to a kind that a program can act on.
 *
 * Juju has no machine-readable codes, so its words are what there is to go by (docs/hook-environment.md section 2.1). That a commit
 * fails is not among them: it comes after the hook's end, and shows as the next hook being the same one again.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { hiderOf } from '../redact.ts';
import type { HostError, HostErrorReason } from '../host.ts';

/** What a failure means for the caller. */
export type ToolErrorKind =
  /** Not under Juju, or from an earlier hook: the tools answer to the hook that runs now only. */
  | 'no-context'
  /** The relation is gone, or going: Juju often calls that a missing permission. */
  | 'relation-gone'
  /** The unit is not in the relation, or not any more; the relation stands. */
  | 'unit-gone'
  | 'not-leader'
  | 'not-permitted'
  | 'secret-not-found'
  /** Juju knows no address of the unit yet. */
  | 'no-address'
  /** Juju has a limit on the size of what it keeps. */
  | 'too-large'
  /** Juju does not offer this in the present kind of hook. */
  | 'not-offered'
  | 'bad-arguments'
  /** There is no such program on PATH. */
  | 'unknown-tool'
  /** The runtime was not given the permission to run programs. */
  | 'not-allowed'
  | 'timeout'
  | 'killed'
  | 'bad-output'
  | 'failed';

/** A hook tool failed. `message` has nothing of what was written to the tool. */
export interface ToolError extends HostError {
  /** What it means for the hook. */
  readonly kind: ToolErrorKind;
  /** E.g. `relation-get`. */
  readonly tool: string;
}

/** One call of a hook tool. */
export interface ToolCall {
  /** E.g. `relation-get`. */
  readonly tool: string;
  /** Without what went to its standard input. */
  readonly args: ReadonlyArray<string>;
  /** For standard input; this and no other place may hold secrets. */
  readonly input?: string;
}

/** How a program ended, or why it did not start. */
export type Ending =
  | { readonly _tag: 'exited'; readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly _tag: 'killed'; readonly why: 'timeout' | 'too much output' | 'signal' }
  | { readonly _tag: 'not started'; readonly code: string };

/**
 * What tools say, in lower case and with every quoted name as `"…"`, and what it means. The first that fits counts; null leaves it to
 * the exit code. A tool's words begin the line only where that is what tells them from another failure with the same words inside.
 */
const SAID: ReadonlyArray<readonly [words: RegExp, kind: ToolErrorKind | null]> = [
  [/juju_(context_id|agent_socket_address|agent_socket_network) not set|(expected|wrong) context id/, 'no-context'],
  // The tool did not reach its agent. An agent that did not reach the controller says so after other words.
  [/^(dial (unix|tcp)|(read|write) (unix|tcp)) /m, 'no-context'],
  [/unknown command/, 'unknown-tool'],
  // A file could not be opened, whatever the system says about it.
  [/(^|: )(open|stat|lstat|read|mkdir) \/?\S*: /m, null],
  [/this unit is not the leader|cannot write relation settings|leadership status unknown/, 'not-leader'],
  // Not `secret backend … not found`: a secret that is out of reach is still there.
  [/(secret|consumer label|secret key value) (?!backend )\S+ not found/, 'secret-not-found'],
  // 4.0 says `relation unit not found` of a unit: the relation stands.
  [/settings not found|relation unit not found|unit "…" not found/, 'unit-gone'],
  [/no network config found/, 'no-address'],
  [/relation ((\d+|"…"|\S+:\d+) )?not found/, 'relation-gone'],
  [/permission denied|unauthorized access/, 'not-permitted'],
  [/max(imum)? allowed|too large|quota limit|limit exceeded/, 'too-large'],
  [/not implemented|not supported|restricted context/, 'not-offered'],
];

/** What stands in quotes is a name or a value: its words are not the tool's. */
const QUOTED = /"(?:[^"\\]|\\.)*"|“[^”]*”|`[^`]*`|(?<!\S)'[^'\n]*'(?!\w)/gs;

const REASONS: Readonly<Partial<Record<ToolErrorKind, HostErrorReason>>> = {
  'unknown-tool': 'not-found',
  'relation-gone': 'not-found',
  'unit-gone': 'not-found',
  'secret-not-found': 'not-found',
  'not-leader': 'not-permitted',
  'not-permitted': 'not-permitted',
  'not-allowed': 'not-permitted',
  'too-large': 'no-space',
};

const ADVICE: Readonly<Partial<Record<ToolErrorKind, string>>> = {
  'no-context': 'hook tools work only while Juju runs the hook, for the hook that runs now',
  'unknown-tool': 'there is no such program on PATH; is this a hook, and is Juju recent enough?',
  'not-allowed': 'the runtime was not given the permission: run with --allow-run',
  'too-large': 'Juju limits what it keeps',
};

/** What Juju puts before its last word on a failure: at the beginning of a line, or after the time. */
const ERROR = /^(?:[-:.\d]+ )*ERROR /gm;

/** Characters of a tool's own words that are looked at. */
const MAX_READ = 4_096;

/** Characters of a tool's own words that are passed on. */
const MAX_WORDS = 300;

/** A tool's last word on a failure, with all its lines. A warning before it says nothing of the failure. */
const lastWord = (stderr: string): string => {
  const last = [...stderr.matchAll(ERROR)].at(-1);
  return (last === undefined ? stderr : stderr.slice(last.index + last[0].length)).trim();
};

/**
 * A tool's own words in one line. A YAML reader quotes what it could not read, so quoted pieces are left out where the
 * tool was given something to read; and nobody passes on what looks like a key.
 */
const wordsIn = (stderr: string, input: string | undefined): string => {
  const whole = lastWord(stderr).slice(0, MAX_READ);
  const last = input === undefined ? whole : hiderOf([input])(whole);
  if (/PRIVATE KEY|[A-Za-z0-9+/]{60}/.test(last)) return '';
  const words = input !== undefined ? last.replace(/`[^`]*`?|"[^"]*"?/g, '…') : last;
  // deno-lint-ignore no-control-regex -- what a terminal would obey is what has to go.
  return words.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').slice(0, MAX_WORDS);
};

/** An error of a tool. */
export const toolError = (tool: string, kind: ToolErrorKind, sentence: string): ToolError => ({
  _tag: 'HostError',
  reason: REASONS[kind] ?? 'failed',
  kind,
  tool,
  message: `${tool} failed: ${[sentence, ADVICE[kind] ?? ''].filter((part) => part !== '').join('; ')}`,
});

/** The kind of a failure, from the tool's words and exit code. */
const kindOf = (stderr: string, code: number): ToolErrorKind => {
  const said = lastWord(stderr).replace(QUOTED, '"…"').toLowerCase();
  return SAID.find(([words]) => words.test(said))?.[1] ?? (code === 2 ? 'bad-arguments' : 'failed');
};

const NOT_STARTED: Readonly<Record<string, readonly [ToolErrorKind, string]>> = {
  ENOENT: ['unknown-tool', ''],
  EACCES: ['unknown-tool', 'the file is not executable'],
  E2BIG: ['too-large', 'the arguments are longer than the system takes'],
  ERR_INVALID_ARG_VALUE: ['bad-arguments', 'an argument has a character that none can have'],
  NotCapable: ['not-allowed', ''],
  EPERM: ['not-allowed', ''],
};

/** The error in an ending, or null where there is none; `lent` is what a file has that the arguments name. */
export const errorIn = ({ tool, input }: ToolCall, ending: Ending, lent?: string): ToolError | null => {
  if (ending._tag === 'killed') {
    return ending.why === 'timeout'
      ? toolError(tool, 'timeout', 'it did not end in time and was killed')
      : ending.why === 'signal'
      ? toolError(tool, 'killed', 'it was killed')
      : toolError(tool, 'bad-output', 'it printed without end and was killed');
  }
  if (ending._tag === 'not started') {
    const [kind, sentence] = (Object.hasOwn(NOT_STARTED, ending.code) ? NOT_STARTED[ending.code] : undefined) ??
      (['failed', `it could not be started (${ending.code})`] as const);
    return toolError(tool, kind, sentence);
  }
  if (ending.code === 0) return null;
  const words = wordsIn(ending.stderr, input ?? lent);
  return toolError(
    tool,
    kindOf(ending.stderr, ending.code),
    words === '' ? `it ended with exit code ${ending.code}` : words,
  );
};

/** Whether the failure says that the relation is gone, which is no failure of the hook (section 2.1, traps 3). */
export const isGone = ({ kind }: ToolError): boolean => kind === 'relation-gone' || kind === 'not-permitted';

/** Null in place of a failure that says that what was asked about is gone. */
export const unlessGone = <A>(
  work: TE.TaskEither<ToolError, A>,
  gone: (error: ToolError) => boolean = isGone,
): TE.TaskEither<ToolError, A | null> =>
  pipe(
    work,
    TE.orElse((error): TE.TaskEither<ToolError, A | null> => (gone(error) ? TE.right(null) : TE.left(error))),
  );
