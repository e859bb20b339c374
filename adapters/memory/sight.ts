/**
 * What a unit sees in a hook: its relations as its agent knows them then, and the snapshot and memory for each of its endpoints.
 *
 * The databag of a remote unit is as of the last hook about that unit; of all else the agent asks anew in each hook.
 *
 * @module
 */
import { emptyMap } from '../../core/model/codec.ts';
import type { Memory } from '../../core/model/memory.ts';
import type { Databag, Relation, Snapshot } from '../../core/model/snapshot.ts';
import type { HookContext } from './application.ts';
import type { Hook } from './hook.ts';
import {
  calledBy,
  endsOf,
  leads,
  type ModelState,
  own,
  relationIdOf,
  relationNumberOf,
  type UnitRelation,
  type UnitState,
} from './state.ts';

type Relations = UnitState['relations'];

/** The databag of a remote unit in a hook about it: what is published, or else what was seen before the unit went. */
const bagOf = (published: Databag | undefined, here: UnitRelation, unit: UnitState, { remoteUnit }: Hook): Databag =>
  published ?? (remoteUnit === undefined ? undefined : own(here.members, remoteUnit)) ??
    unit.failed?.remoteUnitData ?? emptyMap();

/** A unit's relations as its agent knows them in a hook: it reads anew what the hook is about. */
export const relationsSeenIn = (state: ModelState, unit: UnitState, hook: Hook): Relations => {
  if (hook.relationId === undefined) return unit.relations;
  const number = relationNumberOf(hook.relationId);
  const [relation, here] = [own(state.relations, number), own(unit.relations, number)];
  if (relation === undefined || here === undefined) return unit.relations;
  const { other } = endsOf(relation, unit.application);
  const { kind, remoteUnit } = hook;
  if (remoteUnit !== undefined) {
    const bag = bagOf(own(other.units, calledBy(other, remoteUnit)), here, unit, hook);
    return { ...unit.relations, [number]: { ...here, members: { ...here.members, [remoteUnit]: bag } } };
  }
  if (kind !== 'relation-changed') return unit.relations;
  return { ...unit.relations, [number]: { ...here, applicationSeen: other.applicationData } };
};

const relationOf = (state: ModelState, hook: Hook, unit: UnitState, number: string, seen: UnitRelation): Relation[] => {
  const relation = own(state.relations, number);
  const id = relationIdOf(seen.endpoint, number);
  // Juju lists a relation no more while its `-broken` runs.
  if (relation === undefined || (hook.kind === 'relation-broken' && hook.relationId === id)) return [];
  const { own: end, other } = endsOf(relation, unit.application);
  return [{
    id,
    localUnitData: own(end.units, hook.unit) ?? {},
    localApplicationData: leads(state, hook.unit) ? end.applicationData : {},
    remoteApplication: other.alias ?? other.application,
    remoteApplicationData: other.applicationData,
    remoteUnits: seen.members,
  }];
};

/** The snapshot of one endpoint in a hook. It shares the databags with the state. */
export const snapshotIn = (
  state: ModelState,
  unit: UnitState,
  hook: Hook,
  relations: Relations,
  endpoint: string,
): Snapshot => {
  const entries = Object.entries(relations).filter(([, seen]) => seen.endpoint === endpoint);
  const { kind, relationId, remoteUnit } = hook;
  const departs = kind === 'relation-departed' && relationId !== undefined && remoteUnit !== undefined &&
    entries.some(([number]) => relationIdOf(endpoint, number) === relationId);
  return {
    localUnit: hook.unit,
    endpoint,
    isLeader: leads(state, hook.unit),
    now: state.now,
    ...(departs ? { departing: { relationId, unit: remoteUnit } } : {}),
    relations: entries.flatMap(([number, seen]) => relationOf(state, hook, unit, number, seen)),
  };
};

/** What a charm is given in a hook for one of its endpoints. */
export const contextIn = (
  state: ModelState,
  unit: UnitState,
  hook: Hook,
  relations: Relations,
  endpoint: string,
  memory: Memory,
): HookContext => ({
  hook,
  endpoint,
  state: { snapshot: snapshotIn(state, unit, hook, relations, endpoint), memory },
  now: state.now,
  config: own(state.applications, unit.application)?.config ?? {},
  attempt: (unit.failed?.attempts ?? 0) + 1,
});
