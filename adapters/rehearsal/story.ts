/**
 * The story of a rehearsal as data: what happened, step by step and hook by hook. It has no values of databags, since they may contain
 * private keys.
 *
 * @module
 */
import { parseArguments } from './juju/arguments.ts';
import type { BagChange } from './juju/context.ts';
import type { RanHook, SeenCall } from './juju/seen.ts';
import type { Checked } from './expecting.ts';

/** What a hook did. */
export interface ToldHook {
  /** Tells a hook from the other parts of the story. */
  readonly kind: 'hook';
  /** The unit that ran it. */
  readonly unit: string;
  /** The name of the hook, or `action NAME` for an action. */
  readonly hook: string;
  /** The remote unit that the hook is about. Null if it is not about one. */
  readonly about: string | null;
  /** The keys that it wrote. A key in the databag of the application says so. */
  readonly writes: ReadonlyArray<string>;
  /** The keys that it deleted, in the same form. */
  readonly deletes: ReadonlyArray<string>;
  /** The labels of secrets that it created or changed. */
  readonly keeps: ReadonlyArray<string>;
  /** The last status that it set, with its message. Null if it set none. */
  readonly status: string | null;
  /** What it logged with `juju-log`. */
  readonly log: ReadonlyArray<string>;
  /** The results of an action, as `key: value`. */
  readonly results: ReadonlyArray<string>;
  /** Why it failed, and its changes do not count. Null if it succeeded. */
  readonly failed: string | null;
}

/** A part of the story. */
export type StoryEntry =
  | { readonly kind: 'step'; readonly number: number; readonly words: string }
  | ToldHook
  | { readonly kind: 'checks'; readonly checks: ReadonlyArray<Checked> }
  | { readonly kind: 'note'; readonly words: string };

/** How many lines of standard error the story has of a hook that failed. */
const MAX_LINES = 8;

const keysOf = (changes: ReadonlyArray<BagChange>, which: 'set' | 'deleted'): ReadonlyArray<string> =>
  changes.flatMap((change) => change[which].map((key) => (change.bag === 'units' ? key : `${key} of the application`)));

/** The words and flags of a call. Null if the tool refused them. */
const parsed = ({ tool, args }: SeenCall): ReturnType<typeof parseArguments> | null => {
  try {
    return parseArguments(tool, args);
  } catch {
    // The tool itself has already reported the error to the charm.
    return null;
  }
};

const failureOf = ({ code, committed, stderr, action, hook }: RanHook): string | null => {
  if (hook === '' && action.failure !== null) return action.failure;
  if (committed) return null;
  if (code === null) return 'killed';
  const lines = stderr.trim().split('\n').slice(-MAX_LINES).join('\n');
  return code === 0 ? 'Juju refused what it had written' : `exit code ${code}${lines === '' ? '' : `: ${lines}`}`;
};

/** Describes a hook that ran. `clean` removes private keys and whatever differs from one run to the next. */
export const toldHook = (ran: RanHook, action: string | null, clean: (text: string) => string): ToldHook => {
  const calls = ran.calls.map((call) => ({ call, given: parsed(call) }));
  const wordsOf = (tool: string): ReadonlyArray<ReadonlyArray<string>> =>
    calls.filter(({ call }) => call.tool === tool).map(({ given }) => given?.words ?? []);
  const status = wordsOf('status-set').at(-1);
  const keeps = calls
    .filter(({ call }) => call.tool === 'secret-add' || call.tool === 'secret-set')
    .map(({ given }) => clean(given?.flags.get('label') ?? 'a secret'));
  const failure = failureOf(ran);
  return {
    kind: 'hook',
    unit: ran.unit,
    hook: action === null ? ran.hook : `action ${action}`,
    about: ran.remoteUnit ?? null,
    writes: keysOf(ran.changes, 'set'),
    deletes: keysOf(ran.changes, 'deleted'),
    keeps: [...new Set(keeps)],
    status: status === undefined ? null : clean(status.filter((word) => word !== '').join(': ')),
    log: wordsOf('juju-log').map((words) => clean(words.join(' '))),
    results: Object.entries(ran.action.results).map(([key, value]) => clean(`${key}: ${value}`)),
    failed: failure === null ? null : clean(failure),
  };
};
