/**
 * Whether a hook may rely on what previous hooks have seen, and what it leaves to the next.
 *
 * It relies on that in hooks that say everything that has changed. It reads everything in all others, such as `install`, `config-changed`
 * and those about leadership; after a failed hook; if Juju refused to keep it; and once in a while anyway. Source: docs/hook-environment.md
 * sections 2.7, 3.2 to 3.4.
 *
 * @module
 */
import type { Outcome } from '../../core/model/outcome.ts';
import type { Snapshot } from '../../core/model/snapshot.ts';
import type { Keeps } from '../../core/side/row.ts';
import { type Begun, type BegunFile, begunIn } from '../keeping/begun.ts';
import { hookUnit } from './about.ts';
import type { HookEnvironment } from './environment.ts';
import { type Seen, seenAfter } from './seen.ts';
import { seenEntries, seenIn, seenPrefix } from './seen-entries.ts';

type State = Readonly<Record<string, string>>;

/** How a state changes. */
export interface StateChange {
  readonly set: State;
  readonly delete: ReadonlyArray<string>;
}

/** What a hook has seen and written. */
export interface Seeing {
  readonly snapshot: Snapshot;
  /** Whether it has read everything. */
  readonly isWhole: boolean;
  readonly written: Outcome['writes'];
}

/** A state that stays unchanged. */
export const NO_CHANGE: StateChange = { set: {}, delete: [] };

/** What a hook does with what was seen. */
export interface SeenInHook {
  /** What to rely on; null if everything must be read. */
  readonly seen: Seen | null;
  /** How the state changes, given what else is set in it. */
  readonly after: (sight: Seeing, set: State) => StateChange;
  /** To be called once Juju has accepted the change. */
  readonly done: () => void;
}

/** Bytes of the unit's whole state. Juju takes 2 MiB (`max-charm-state-size`): the rest is for what else the charm keeps. */
const LIMIT = 1_800_000;

/** Juju's limits of one entry, in bytes. */
const LONGEST_KEY = 256;
const LONGEST_VALUE = 65_536;

/** How long to rely on it, in milliseconds: in hooks about a unit, and in others. */
const LONG = 24 * 3_600_000;
const SHORT = 3_600_000;

/** How many entries one hook removes, each with one call. The others become empty until their turn comes. */
const REMOVED_AT_ONCE = 4;

/** Hooks that say what has changed, or in which nothing has. */
const TELLING = /-relation-(?:created|joined|changed|departed|broken)$|^update-status$|^secret-/;

const bytesOf = (name: string, value: string): number => Buffer.byteLength(name) + Buffer.byteLength(value);

/** Whether Juju accepts an entry: a refused one may cost others of the same call (section 2.7). */
const isTaken = ([name, value]: readonly [string, string]): boolean =>
  Buffer.byteLength(name) <= LONGEST_KEY && Buffer.byteLength(value) <= LONGEST_VALUE;

/** How to change a state so that it has these entries of an endpoint and no others. */
const changeTo = (endpoint: string, entries: ReadonlyMap<string, string>, state: State): StateChange => {
  const prefix = seenPrefix(endpoint);
  const isOurs = (name: string): boolean => name === prefix || name.startsWith(`${prefix}/`);
  const gone = Object.keys(state).filter((name) => isOurs(name) && !entries.has(name));
  const removed = gone.slice(0, REMOVED_AT_ONCE);
  const emptied = gone.slice(REMOVED_AT_ONCE).filter((name) => state[name] !== '');
  const set = [...entries].filter(([name, value]) => state[name] !== value);
  return {
    set: Object.fromEntries([...set, ...emptied.map((name) => [name, ''] as const)]),
    delete: removed,
  };
};

const isNothing = ({ set, delete: gone }: StateChange): boolean => Object.keys(set).length + gone.length === 0;

/** The size of a state in bytes after changes. */
const sizeAfter = (state: State, set: State, gone: ReadonlyArray<string>): number => {
  const without = new Set(gone);
  const names = new Set([...Object.keys(state), ...Object.keys(set)]);
  let size = 0;
  for (const name of names) if (!without.has(name)) size += bytesOf(name, set[name] ?? state[name] ?? '');
  return size;
};

/** What must be known about a hook before it does anything. */
export interface Started {
  readonly file: BegunFile;
  /** How far the previous hook got. */
  readonly last: Begun | null;
}

/** Notes that a hook has begun, before its first call of a tool. An action learns nothing that others must know, unless it writes. */
export const startHook = ({ charmFolder, hook }: HookEnvironment, endpoint: string): Started => {
  const file = begunIn(charmFolder, endpoint);
  const last = file.read();
  if (hook !== null) file.write({ stage: 'begun', serial: last?.serial ?? 0, size: 0 });
  return { file, last };
};

/** What a hook may rely on, given the state that it has found. */
export const seenInHook = (
  environment: HookEnvironment,
  endpoint: string,
  { file, last }: Started,
  state: State,
  keeps: Keeps,
  now: Date,
): SeenInHook => {
  const index = seenIn(endpoint, state);
  const serial = index?.serial ?? 0;
  const tells = TELLING.test(environment.hook ?? '');
  const isRefused = last?.stage === 'kept' && last.serial !== serial;
  // What Juju refused may have been too large. After a change of the controller's configuration it is worth another try.
  const limit = isRefused ? Math.floor(last.size / 2) : tells ? index?.limit ?? LIMIT : LIMIT;
  const hasFailed = last !== null && (last.stage === 'begun' || isRefused);
  const age = now.getTime() - (index?.since ?? 0);
  const isYoungerThan = (most: number): boolean => age >= 0 && age < most;
  const isRecent = isYoungerThan(hookUnit(environment, endpoint) === null ? SHORT : LONG);
  const isHook = environment.hook !== null;
  let kept: Begun | null = null;
  return {
    seen: index !== null && !hasFailed && isRecent && tells ? index.seen : null,
    after: ({ snapshot, isWhole, written }, set) => {
      if (!isHook && written.length === 0) return NO_CHANGE;
      const since = index === null || (isWhole && !isYoungerThan(SHORT)) ? now.getTime() : index.since;
      const changeWith = (at: number, seen: Seen | null): StateChange =>
        changeTo(endpoint, seenEntries(endpoint, { serial: at, since, limit, seen }), state);
      const sizeWith = (change: StateChange): number => sizeAfter(state, { ...set, ...change.set }, change.delete);
      const seen = seenAfter(snapshot, written, keeps);
      const whole = changeWith(serial, seen);
      const hasRoom = Object.entries(whole.set).every(isTaken) && sizeWith(whole) <= limit;
      // An unchanged entry keeps its serial.
      const same = hasRoom ? whole : changeWith(serial, null);
      if (index !== null && isNothing(same)) return same;
      const next = Math.max(serial, last?.serial ?? 0) + 1;
      const change = changeWith(next, hasRoom ? seen : null);
      kept = { stage: 'kept', serial: next, size: sizeWith(change) };
      return change;
    },
    done: () => {
      if (kept !== null) file.write(kept);
      else if (isHook) file.remove();
    },
  };
};
