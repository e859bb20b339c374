/**
 * The life of a unit: its state after each hook that ended well.
 *
 * @module
 */
import type { ModelHook } from './hook.ts';
import { enterScope, forgetUnit, leaveScope } from './scope.ts';
import { withoutExpired } from './secrets.ts';
import { leads, type ModelState, own, relationNumberOf, type UnitRelation, type UnitState, without } from './state.ts';

/** The unit's relation after a hook about it. */
const relationAfter = (here: UnitRelation, hook: ModelHook): UnitRelation => {
  const { kind } = hook;
  const remoteUnit = hook.remoteUnit ?? null;
  switch (kind) {
    case 'relation-created':
      return { ...here, created: true };
    case 'relation-joined':
      return { ...here, changedDue: remoteUnit };
    case 'relation-changed':
      return remoteUnit !== null && here.changedDue === remoteUnit ? { ...here, changedDue: null } : here;
    case 'relation-departed':
      return remoteUnit === null ? here : { ...here, members: without(here.members, remoteUnit) };
    default:
      return here;
  }
};

/** The unit after a hook that is not about a relation. */
const unitAfter = (state: ModelState, unit: UnitState, { kind, unit: name }: ModelHook): UnitState => {
  switch (kind) {
    case 'install':
      return { ...unit, stage: 'installed' };
    case 'leader-elected':
      // The leadership may have moved since.
      return { ...unit, elected: leads(state, name) };
    case 'config-changed':
      return {
        ...unit,
        stage: unit.stage === 'installed' ? 'configured' : unit.stage,
        wakes: unit.wakes.filter((wake) => wake !== kind),
      };
    case 'start':
      return { ...unit, stage: 'started' };
    case 'update-status':
      return { ...unit, wakes: unit.wakes.filter((wake) => wake !== kind) };
    case 'stop':
      return { ...unit, stage: 'stopped' };
    default:
      return unit;
  }
};

/** The state after a hook of a unit has ended well. */
export const afterHook = (state: ModelState, hook: ModelHook): ModelState => {
  const unit = own(state.units, hook.unit);
  if (unit === undefined) return state;
  if (hook.kind === 'remove') return forgetUnit(state, hook.unit);
  if (hook.secret !== undefined) return withoutExpired(state, hook.unit, hook.secret.owner, hook.secret.label);
  const number = hook.relationId === undefined ? null : relationNumberOf(hook.relationId);
  if (number !== null && hook.kind === 'relation-broken') return leaveScope(state, hook.unit, number);
  const here = number === null ? undefined : own(unit.relations, number);
  const after = number === null || here === undefined
    ? unitAfter(state, unit, hook)
    : { ...unit, relations: { ...unit.relations, [number]: relationAfter(here, hook) } };
  const next = { ...state, units: { ...state.units, [hook.unit]: after } };
  return hook.kind === 'install' ? enterScope(next, [hook.unit], Object.keys(next.relations)) : next;
};
