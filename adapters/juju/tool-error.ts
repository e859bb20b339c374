/**
 * How a hook tool can fail: one table from its output and how it ended to a kind that a program can act on.
 *
 * Juju has no machine-readable codes, so its words are all there is (docs/hook-environment.md section 2.1). A failed commit is not among
 * them: it comes after the hook's end, and shows in that the next hook is the same one again.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { hiderOf } from '../redact.ts';
import type { HostError, HostErrorReason } from '../host.ts';

/** What a failure means for the caller. */
export type ToolErrorKind =
  /** Not under Juju, or from an earlier hook: the tools only answer to the running hook. */
  | 'no-context'
  /** The relation is gone, or is being removed: Juju often calls that a missing permission. */
  | 'relation-gone'
  /** The unit is not or no longer in the relation; the relation still exists. */
  | 'unit-gone'
  | 'not-leader'
  | 'not-permitted'
  | 'secret-not-found'
  /** Juju knows no address of the unit yet. */
  | 'no-address'
  /** Juju limits the size of what it keeps. */
  | 'too-large'
  /** Juju does not offer this in the current kind of hook. */
  | 'not-offered'
  | 'bad-arguments'
  /** There is no such program on PATH. */
  | 'unknown-tool'
  /** The runtime does not have the permission to run programs. */
  | 'not-allowed'
  | 'timeout'
  | 'killed'
  | 'bad-output'
  | 'failed';

/** A hook tool failed. `message` contains nothing that was written to the tool. */
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
  /** Without what was passed on standard input. */
  readonly args: ReadonlyArray<string>;
  /** For standard input; only this may contain secrets. */
  readonly input?: string;
}

/** How a program ended, or why it did not start. */
export type Ending =
  | { readonly _tag: 'exited'; readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly _tag: 'killed'; readonly why: 'timeout' | 'too much output' | 'signal' }
  | { readonly _tag: 'not started'; readonly code: string };

/**
 * What tools say, in lower case and with every quoted name as `"…"`, and what it means. The first match counts; null leaves it to the exit
 * code. A pattern matches a tool's words at the start of the line only if that distinguishes them from another failure that contains the
 * same words.
 */
const SAID: ReadonlyArray<readonly [words: RegExp, kind: ToolErrorKind | null]> = [
  [/juju_(context_id|agent_socket_address|agent_socket_network) not set|(expected|wrong) context id/, 'no-context'],
  // The tool did not reach its agent. An agent that did not reach the controller says so after other words.
  [/^(dial (unix|tcp)|(read|write) (unix|tcp)) /m, 'no-context'],
  [/unknown command/, 'unknown-tool'],
  // A file could not be opened, whatever the system says about it.
  [/(^|: )(open|stat|lstat|read|mkdir) \/?\S*: /m, null],
  [/this unit is not the leader|cannot write relation settings|leadership status unknown/, 'not-leader'],
  // Not `secret backend … not found`: a secret that is out of reach still exists.
  [/(secret|consumer label|secret key value) (?!backend )\S+ not found/, 'secret-not-found'],
  // 4.0 says `relation unit not found` about a unit: the relation still exists.
  [/settings not found|relation unit not found|unit "…" not found/, 'unit-gone'],
  [/no network config found/, 'no-address'],
  [/relation ((\d+|"…"|\S+:\d+) )?not found/, 'relation-gone'],
  [/permission denied|unauthorized access/, 'not-permitted'],
  [/max(imum)? allowed|too large|quota limit|limit exceeded/, 'too-large'],
  [/not implemented|not supported|restricted context/, 'not-offered'],
];

/** What is in quotes is a name or a value: its words are not the tool's. */
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

/** What Juju puts before its last word on a failure: at the start of a line, or after the time. */
const ERROR = /^(?:[-:.\d]+ )*ERROR /gm;

/** How many characters of a tool's own words are examined. */
const MAX_READ = 4_096;

/** How many characters of a tool's own words are passed on. */
const MAX_WORDS = 300;

/** A tool's last word on a failure, with all its lines. A warning before it says nothing about the failure. */
const lastWord = (stderr: string): string => {
  const last = [...stderr.matchAll(ERROR)].at(-1);
  return (last === undefined ? stderr : stderr.slice(last.index + last[0].length)).trim();
};

/**
 * A tool's own words in one line. A YAML reader quotes what it could not read, so quoted pieces are left out if the tool was given
 * something to read; and anything that looks like a key is never passed on.
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

/** The error in an ending, or null if there is none; `lent` is the content of a file that the arguments name. */
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

/** Whether the failure says that the relation is gone, which does not fail the hook (section 2.1, traps 3). */
export const isGone = ({ kind }: ToolError): boolean => kind === 'relation-gone' || kind === 'not-permitted';

/** Null instead of a failure that says that what was asked about is gone. */
export const unlessGone = <A>(
  work: TE.TaskEither<ToolError, A>,
  gone: (error: ToolError) => boolean = isGone,
): TE.TaskEither<ToolError, A | null> =>
  pipe(
    work,
    TE.orElse((error): TE.TaskEither<ToolError, A | null> => (gone(error) ? TE.right(null) : TE.left(error))),
  );
