/**
 * Running one hook: what the unit sees → what its charm decides → all of it published and kept or, if something failed, nothing.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { Finding } from '../../core/model/finding.ts';
import { deltaBetween, type FlagDelta } from '../../core/model/flag.ts';
import type { Memory } from '../../core/model/memory.ts';
import { byCodePoint } from '../../core/model/order.ts';
import type { Timestamp } from '../../core/model/snapshot.ts';
import type { Application, Applications, Handler } from './application.ts';
import { hooksOf } from './dispatch.ts';
import { hookTitle, type ModelHook, sameHook } from './hook.ts';
import { afterHook } from './lifecycle.ts';
import { databagsAfter, type WriteRecord } from './databags.ts';
import { earlier } from './earlier.ts';
import { type ModelError, modelError } from './error.ts';
import { type SecretRecord, secretsAfter, secretsIn, type SecretsInHook, wokenAt } from './secrets.ts';
import { attemptOf, contextIn, type Sight, sightOf } from './sight.ts';
import { type LastDecision, type ModelState, own, relationNumberOf, type UnitState } from './state.ts';

/** What a hook did, without any content of databags. Plain JSON. */
export interface HookRecord {
  /** The hook that ran. */
  readonly hook: ModelHook;
  /** 1, or more if the hook had failed before. */
  readonly attempt: number;
  /** Why the hook failed; null if it ended well. Nothing of a failed hook is kept, unless the fields below say so. */
  readonly failed: string | null;
  /** What changed in databags, in the order of endpoints. */
  readonly writes: ReadonlyArray<WriteRecord>;
  /** What changed in secrets. */
  readonly secrets: ReadonlyArray<SecretRecord>;
  /** Flags that changed. */
  readonly flags: FlagDelta;
  /** What the side noticed. */
  readonly findings: ReadonlyArray<Finding>;
}

/** The result of running a hook. */
export interface Ran {
  /** The model after the hook. */
  readonly state: ModelState;
  /** What the hook did. */
  readonly record: HookRecord;
  /** What the charm threw or rejected with, if it did. It is in no log, since it may quote what the charm has read. */
  readonly cause?: unknown;
}

/** What a charm decided in a hook, all endpoints together. */
interface Decided {
  readonly memory: Memory;
  readonly decisions: Readonly<Record<string, LastDecision>>;
  readonly drafts: ReturnType<SecretsInHook['drafts']>;
}

/** Why a hook failed. */
interface Failure {
  readonly reason: string;
  readonly cause?: unknown;
}

const handlersOf = ({ requires = {}, provides = {} }: Application): ReadonlyArray<readonly [string, Handler]> =>
  Object.entries({ ...requires, ...provides }).sort(([a], [b]) => byCodePoint(a, b));

/** Lets the charm decide for each endpoint in turn, passing the memory from one to the next. */
const decideAll = async (
  sight: Sight,
  application: Application,
): Promise<E.Either<Failure, Decided>> => {
  const decisions: Record<string, LastDecision> = {};
  const { secrets, drafts } = secretsIn(sight.state, sight.hook.unit);
  let { memory } = sight.unit;
  for (const [endpoint, handle] of handlersOf(application)) {
    try {
      const decision = await handle(contextIn(sight, endpoint, memory, secrets));
      decisions[endpoint] = decision;
      memory = decision.outcome.memory;
    } catch (cause) {
      return E.left({ reason: `the charm failed on its endpoint ${endpoint}`, cause });
    }
  }
  const { failures, failsApplied } = sight.unit;
  if (failures > 0 && !failsApplied) return E.left({ reason: 'it was made to fail' });
  return E.right({ memory, decisions, drafts: drafts() });
};

const recordOf = (sight: Sight): HookRecord => ({
  hook: sight.hook,
  attempt: attemptOf(sight),
  failed: null,
  writes: [],
  secrets: [],
  flags: { set: [], clear: [] },
  findings: [],
});

/** When to wake a unit: at the first moment when time alone changes one of its decisions. */
const wakeOf = (decisions: Decided['decisions']): Timestamp | null =>
  Object.values(decisions)
    .map(({ outcome, until = outcome.until }) => until)
    .reduce(earlier, null);

/** The state after everything is published and kept, and what the hook did; or why Juju would refuse what it wrote. */
const applied = (sight: Sight, { memory, decisions, drafts }: Decided): E.Either<Failure, Ran> => {
  const { state, unit, hook, relations } = sight;
  const outcomes = Object.values(decisions).map(({ outcome }) => outcome);
  const published = databagsAfter(state, hook, outcomes.flatMap(({ writes }) => writes));
  if (E.isLeft(published)) return E.left({ reason: published.left });
  const kept = secretsAfter(published.right.state, hook.unit, drafts);
  if (E.isLeft(kept)) return E.left({ reason: kept.left });
  const next = wokenAt(kept.right.state, hook.unit, wakeOf(decisions));
  const after: UnitState = { ...unit, failed: null, relations, memory, decisions };
  return E.right({
    state: { ...next, turn: state.turn + 1, units: { ...next.units, [hook.unit]: after } },
    record: {
      ...recordOf(sight),
      writes: published.right.writes,
      secrets: kept.right.changes,
      flags: deltaBetween(unit.memory.flags, memory.flags),
      findings: outcomes.flatMap(({ findings }) => findings),
    },
  });
};

/** The state after a hook has failed: only the failure is kept, and what was applied before it. */
const failed = (sight: Sight, { reason, ...failure }: Failure, before: Ran | null = null): Ran => {
  const { hook, relations } = sight;
  const state = before?.state ?? { ...sight.state, turn: sight.state.turn + 1 };
  const unit = own(state.units, hook.unit) ?? sight.unit;
  const record = before?.record ?? recordOf(sight);
  const members = own(relations, relationNumberOf(hook.relationId ?? ''))?.members ?? {};
  const after: UnitState = {
    ...unit,
    failures: Math.max(0, unit.failures - 1),
    failed: {
      hook,
      attempts: record.attempt,
      reason,
      remoteUnitData: (hook.remoteUnit === undefined ? null : own(members, hook.remoteUnit)) ?? null,
    },
  };
  return {
    state: { ...state, units: { ...state.units, [hook.unit]: after } },
    record: { ...record, failed: reason },
    ...failure,
  };
};

/** Runs a hook of a unit without checking whether it is pending. */
export const runPending = async (
  state: ModelState,
  unit: UnitState,
  hook: ModelHook,
  applications: Applications,
): Promise<Ran> => {
  const sight = sightOf(state, unit, hook);
  const application = own(applications, unit.application);
  if (application === undefined) return failed(sight, { reason: 'its application has no charm here' });
  const decided = await decideAll(sight, application);
  if (E.isLeft(decided)) return failed(sight, decided.left);
  const ran = applied(sight, decided.right);
  if (E.isLeft(ran)) return failed(sight, ran.left);
  // Otherwise it would have failed before.
  if (unit.failures > 0) return failed(sight, { reason: 'it was killed at its end' }, ran.right);
  return { ...ran.right, state: afterHook(ran.right.state, hook) };
};

/**
 * Runs one of the {@link pending} hooks. `Left` if it is not one of them; a hook that fails is not a `Left`, but a record that says so.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { nothing, orThrow, requires } from 'interface-tls-certificates';
 * import { applyEvent, charmsOf, emptyModel, handlerOf, pending, runUnitHook } from 'interface-tls-certificates/model';
 * const web = { requires: { certificates: handlerOf(requires, () => ({ intent: nothing })) } };
 * const begun = applyEvent({ event: 'deploy', application: 'web' })(emptyModel({ seed: 1, charms: charmsOf({ web }) }));
 * if (begun._tag === 'Left') throw new Error(begun.left.message);
 * const [hook] = pending(begun.right);
 * assert.ok(hook?.name === 'install');
 * const { record } = await orThrow(runUnitHook(hook, { web })(begun.right));
 * assert.equal(record.hook.name, 'install');
 * ```
 */
export const runUnitHook =
  (hook: ModelHook, applications: Applications): (state: ModelState) => TE.TaskEither<ModelError, Ran> =>
  (state) =>
  async () => {
    const unit = own(state.units, hook.unit);
    const waiting = hooksOf(state, hook.unit);
    const found = waiting.find((other) => sameHook(other, hook));
    if (unit === undefined || found === undefined) {
      const instead = waiting.length === 0 ? 'nothing' : waiting.map(hookTitle).join(', ');
      return E.left(modelError(`${hookTitle(hook)} is not to run now; pending for that unit: ${instead}`));
    }
    return E.right(await runPending(state, unit, found, applications));
  };
