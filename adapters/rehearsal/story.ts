/**
 * The story of a rehearsal as data: what happened, step by step and hook by hook. Values of databags are not in it, for there may be
 * private keys among them.
 *
 * @module
 */
import { parseArguments } from './juju/arguments.ts';
import type { BagChange } from './juju/context.ts';
import type { RanHook, SeenCall } from './juju/seen.ts';
import type { Checked } from './expecting.ts';

/** What a hook did. */
export interface ToldHook {
  readonly kind: 'hook';
  readonly unit: string;
  /** The hook; `action NAME` for an action. */
  readonly hook: string;
  readonly about: string | null;
  /** Keys, with the bag that they are in where it is the application's. */
  readonly writes: ReadonlyArray<string>;
  readonly deletes: ReadonlyArray<string>;
  /** Labels of secrets that it made or changed. */
  readonly keeps: ReadonlyArray<string>;
  readonly status: string | null;
  readonly log: ReadonlyArray<string>;
  /** What an action gave back. */
  readonly results: ReadonlyArray<string>;
  /** Why nothing of it counts; null: it counts. */
  readonly failed: string | null;
}

/** A part of the story. */
export type StoryEntry =
  | { readonly kind: 'step'; readonly number: number; readonly words: string }
  | ToldHook
  | { readonly kind: 'checks'; readonly checks: ReadonlyArray<Checked> }
  | { readonly kind: 'note'; readonly words: string };

/** Lines of standard error that are told of a hook that failed. */
const MAX_LINES = 8;

const keysOf = (changes: ReadonlyArray<BagChange>, which: 'set' | 'deleted'): ReadonlyArray<string> =>
  changes.flatMap((change) => change[which].map((key) => (change.bag === 'units' ? key : `${key} of the application`)));

/** The words and flags of a call; null where the tool itself refused them. */
const parsed = ({ tool, args }: SeenCall): ReturnType<typeof parseArguments> | null => {
  try {
    return parseArguments(tool, args);
  } catch {
    // The tool has told the charm what is wrong with them.
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

/** Tells of a hook; `clean` takes out what differs from one run to the next, and private keys. */
export const toldHook = (ran: RanHook, action: string | null, clean: (text: string) => string): ToldHook => {
  const calls = ran.calls.map((call) => ({ call, given: parsed(call) }));
  const wordsOf = (tool: string) =>
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
