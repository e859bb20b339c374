/**
 * Settling: running hooks, in an order that chance chooses, until nothing is pending.
 *
 * @module
 */
import type * as T from 'fp-ts/lib/Task.js';
import type { UnitName } from '../../core/model/names.ts';
import { hidingKeys } from '../../core/model/certificate.ts';
import { counted } from '../../core/model/shape.ts';
import type { Applications } from './application.ts';
import { hooksOf } from './dispatch.ts';
import { type ModelError, modelError } from './error.ts';
import { hookTitle, type ModelHook } from './hook.ts';
import { drawsOf } from './random.ts';
import { type HookRecord, type Ran, runPending } from './run.ts';
import { endsOf, type ModelState, own, unitNames, type UnitState } from './state.ts';

/** A unit whose last hook failed and now blocks it. */
export interface Failing {
  /** The hook that failed. */
  readonly hook: ModelHook;
  /** How many times it was tried. */
  readonly attempts: number;
  /** The reason for its failure. */
  readonly reason: string;
  /** What the charm threw or rejected with, if it did so while settling. Not for logs: it may quote what the charm has read. */
  readonly cause?: unknown;
}

/** The result of settling. */
export interface Settled {
  /** The model when nothing was left to do. */
  readonly state: ModelState;
  /** Whether nothing is pending any more. If not, the limit was reached, or `failing` says which hooks were given up. */
  readonly atRest: boolean;
  /** The hooks that ran, in order. */
  readonly records: ReadonlyArray<HookRecord>;
  /** The units that are blocked by a hook that fails again and again, with what the charm threw. */
  readonly failing: ReadonlyArray<Failing>;
}

/** What a charm threw, in words, without private keys. */
const thrownWords = (cause: unknown): string => {
  if (cause === undefined) return '';
  try {
    return hidingKeys(String(cause));
  } catch {
    return 'something that cannot be shown as text';
  }
};

/**
 * Why a model has not come to rest, one sentence per hook; null if it has. Private keys are left out.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { emptyModel, settle, unrest } from 'interface-tls-certificates/model';
 * assert.equal(unrest(await settle({})(emptyModel({ seed: 1, charms: {} }))()), null);
 * ```
 */
export const unrest = ({ atRest, records, failing }: Settled): ModelError | null => {
  if (atRest) return null;
  const sentences = failing.map(({ hook, attempts, reason, cause }) => {
    const words = thrownWords(cause);
    return `${hookTitle(hook)} failed ${counted(attempts, 'time')}: ${reason}${words === '' ? '' : `: ${words}`}`;
  });
  return modelError(
    sentences.length > 0
      ? sentences.join('\n')
      : `the model is not at rest after ${counted(records.length, 'hook')}: its charms keep waking each other`,
  );
};

/** How to settle. */
export interface SettleOptions {
  /** The largest number of hooks to run; 10,000 by default. */
  readonly limit?: number;
  /**
   * How many times to try a hook that fails the same way every time; 10 by default. After that its unit waits until another unit changes
   * something for it. Failures that a test has asked for do not count.
   */
  readonly tries?: number;
  /** Gets each hook after it has run. */
  readonly onHook?: (ran: Ran) => void;
}

const LIMIT = 10_000;

const TRIES = 10;

/** A pending hook with its unit. */
export interface Chosen {
  readonly unit: UnitState;
  readonly hook: ModelHook;
}

/**
 * The units that may have something to do, and the units that caused it. A unit is chosen as many times as there are units with news for
 * it: otherwise the one provider of many requirers would run its hooks more slowly than they wake it.
 */
interface Waiting {
  readonly add: (units: Iterable<UnitName>, because: UnitName) => void;
  /** A pending hook, chosen by chance; null if there is none. */
  readonly choose: (state: ModelState) => Chosen | null;
  /** A unit no longer waits, until it is added again. */
  readonly drop: (unit: UnitName) => void;
}

const waitingOf = (units: Iterable<UnitName>): Waiting => {
  const list: Array<{ readonly unit: UnitName; readonly key: string }> = [];
  const keys = new Set<string>();
  const add = (more: Iterable<UnitName>, because: string): void => {
    for (const unit of more) {
      const key = `${unit} ${because}`;
      if (keys.has(key)) continue;
      keys.add(key);
      list.push({ unit, key });
    }
  };
  /** Removes the entry at a place; the last entry moves there. */
  const takeOut = (index: number): void => {
    const gone = list[index];
    const last = list.pop();
    if (gone !== undefined) keys.delete(gone.key);
    if (last !== undefined && index < list.length) list[index] = last;
  };
  add(units, '');
  return {
    add,
    choose: (state) => {
      const draw = drawsOf(state.seed, state.turn);
      while (list.length > 0) {
        const index = draw(list.length);
        const name = list[index]?.unit;
        const unit = name === undefined ? undefined : own(state.units, name);
        const hooks = name === undefined ? [] : hooksOf(state, name);
        const hook = hooks[draw(hooks.length)];
        if (unit !== undefined && hook !== undefined) return { unit, hook };
        takeOut(index);
      }
      return null;
    },
    drop: (unit) => {
      for (let index = list.length - 1; index >= 0; index--) if (list[index]?.unit === unit) takeOut(index);
    },
  };
};

/** Counts, by unit, how many times its hook has failed in the same way. */
const failuresOf = (): { readonly count: (ran: Ran) => number; readonly causes: ReadonlyMap<UnitName, unknown> } => {
  const counts = new Map<UnitName, { readonly how: string; readonly times: number }>();
  const causes = new Map<UnitName, unknown>();
  return {
    causes,
    count: ({ record: { hook, failed }, ...ran }) => {
      if ('cause' in ran) causes.set(hook.unit, ran.cause);
      else causes.delete(hook.unit);
      if (failed === null) {
        counts.delete(hook.unit);
        return 0;
      }
      const how = JSON.stringify([hook, failed, thrownWords(ran.cause)]);
      const before = counts.get(hook.unit);
      const times = before?.how === how ? before.times + 1 : 1;
      counts.set(hook.unit, { how, times });
      return times;
    },
  };
};

/** A pending hook, chosen by the model's chance; null if there is none. */
export const chooseHook = (state: ModelState): Chosen | null => waitingOf(unitNames(state.units)).choose(state);

/** The units for which a hook may have left something to do. */
const concerned = (before: ModelState, after: ModelState, { unit, kind }: ModelHook): ReadonlyArray<UnitName> => {
  const state = own(before.units, unit);
  if (state === undefined) return [];
  const numbers = new Set([
    ...Object.keys(state.relations),
    ...Object.keys(own(after.units, unit)?.relations ?? {}),
  ]);
  const others = [...numbers].flatMap((number) => {
    const relation = own(after.relations, number);
    if (relation === undefined || relation === own(before.relations, number)) return [];
    return unitNames(endsOf(relation, state.application).other.units);
  });
  // A unit that leaves passes the leadership to another.
  const heirs = kind === 'remove' ? unitNames(after.units) : [];
  return [unit, ...others, ...heirs];
};

/**
 * Runs pending hooks, one after the other, until there is none or the limit is reached. A hook that fails the same way every time is given
 * up after `tries`. A model that does not come to rest is a normal result: `atRest` says so, and `failing` says which hook failed, with
 * what the charm threw.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { nothing, requires } from 'interface-tls-certificates';
 * import { applyEvent, charmsOf, emptyModel, handlerOf, settle } from 'interface-tls-certificates/model';
 * const web = { requires: { certificates: handlerOf(requires, () => ({ intent: nothing })) } };
 * const begun = applyEvent({ event: 'deploy', application: 'web' })(emptyModel({ seed: 1, charms: charmsOf({ web }) }));
 * if (begun._tag === 'Left') throw new Error(begun.left.message);
 * const { atRest, records } = await settle({ web })(begun.right)();
 * assert.ok(atRest && records.some(({ hook }) => hook.name === 'start'));
 * ```
 */
export const settle = (
  applications: Applications,
  { limit = LIMIT, tries = TRIES, onHook }: SettleOptions = {},
): (begun: ModelState) => T.Task<Settled> =>
(begun) =>
async () => {
  const waiting = waitingOf(unitNames(begun.units));
  const records: Array<HookRecord> = [];
  const failures = failuresOf();
  let state = begun;
  let chosen = waiting.choose(state);
  while (chosen !== null && records.length < limit) {
    const { unit, hook } = chosen;
    const ran = await runPending(state, unit, hook, applications);
    waiting.add(concerned(state, ran.state, hook), hook.unit);
    state = ran.state;
    records.push(ran.record);
    const times = failures.count(ran);
    if (times >= tries && unit.failures === 0) waiting.drop(hook.unit);
    onHook?.(ran);
    chosen = waiting.choose(state);
  }
  const failing = failingIn(state, failures.causes);
  return { state, atRest: chosen === null && failing.length === 0, records, failing };
};

const failingIn = (state: ModelState, causes: ReadonlyMap<UnitName, unknown>): ReadonlyArray<Failing> =>
  unitNames(state.units).flatMap((name) => {
    const failed = own(state.units, name)?.failed ?? null;
    if (failed === null) return [];
    const { hook, attempts, reason } = failed;
    return [{ hook, attempts, reason, ...(causes.has(name) ? { cause: causes.get(name) } : {}) }];
  });
