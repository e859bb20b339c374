/**
 * What a unit sees in a hook: its relations as its agent knows them then, and the snapshot and memory for each of its endpoints.
 *
 * The databag of a remote unit is as of the last hook about that unit; the agent reads everything else again in each hook.
 *
 * @module
 */
import { emptyMap } from '../../core/model/codec.ts';
import type { Memory } from '../../core/model/memory.ts';
import type { Databag, Relation, Snapshot } from '../../core/model/snapshot.ts';
import type { HookContext } from './application.ts';
import type { ModelHook } from './hook.ts';
import type { HookSecrets } from './secrets.ts';
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

/** The databag of a remote unit in a hook about it: what is published, or otherwise what was seen before the unit left. */
const bagOf = (
  published: Databag | undefined,
  here: UnitRelation,
  unit: UnitState,
  { remoteUnit }: ModelHook,
): Databag =>
  published ?? (remoteUnit === undefined ? undefined : own(here.members, remoteUnit)) ??
    unit.failed?.remoteUnitData ?? emptyMap();

/** A unit's relations as its agent knows them in a hook: it reads again what the hook is about. */
export const relationsSeenIn = (state: ModelState, unit: UnitState, hook: ModelHook): Relations => {
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

/** A unit in a hook. */
export interface Sight {
  readonly state: ModelState;
  readonly unit: UnitState;
  readonly hook: ModelHook;
  /** The unit's relations as its agent knows them in this hook. */
  readonly relations: Relations;
}

/** What a unit can see when a hook begins. */
export const sightOf = (state: ModelState, unit: UnitState, hook: ModelHook): Sight => ({
  state,
  unit,
  hook,
  relations: relationsSeenIn(state, unit, hook),
});

/** 1, or more if the hook has failed before. */
export const attemptOf = ({ unit }: Sight): number => (unit.failed?.attempts ?? 0) + 1;

/** A relation in a snapshot; null for one that is breaking, which Juju no longer lists. */
const relationIn = ({ state, hook, unit }: Sight, number: string, seen: UnitRelation): Relation | null => {
  const relation = own(state.relations, number);
  const id = relationIdOf(seen.endpoint, number);
  if (relation === undefined || (hook.kind === 'relation-broken' && hook.relationId === id)) return null;
  const { own: end, other } = endsOf(relation, unit.application);
  return {
    id,
    localUnitData: own(end.units, hook.unit) ?? {},
    localApplicationData: leads(state, hook.unit) ? end.applicationData : {},
    remoteApplication: other.alias ?? other.application,
    remoteApplicationData: other.applicationData,
    remoteUnits: seen.members,
  };
};

/** The snapshot of one endpoint in a hook. It shares the databags with the state. */
export const snapshotIn = (sight: Sight, endpoint: string): Snapshot => {
  const { state, hook: { unit, kind, relationId, remoteUnit, departingUnit } } = sight;
  const relations = Object.entries(sight.relations)
    .filter(([, seen]) => seen.endpoint === endpoint)
    .map(([number, seen]) => relationIn(sight, number, seen))
    .filter((relation) => relation !== null);
  const departs = kind === 'relation-departed' && remoteUnit !== undefined &&
    relations.some(({ id }) => id === relationId);
  return {
    localUnit: unit,
    endpoint,
    isLeader: leads(state, unit),
    now: state.now,
    ...(departs && relationId !== undefined ? { departing: { relationId, unit: remoteUnit } } : {}),
    ...(kind === 'relation-created' && relationId !== undefined ? { created: relationId } : {}),
    ...(departingUnit === unit ? { isLeaving: true } : {}),
    relations,
  };
};

/** What a charm gets in a hook for one of its endpoints. */
export const contextIn = (sight: Sight, endpoint: string, memory: Memory, secrets: HookSecrets): HookContext => ({
  hook: sight.hook,
  endpoint,
  state: { snapshot: snapshotIn(sight, endpoint), memory },
  snapshotOf: (other) => snapshotIn(sight, other),
  now: sight.state.now,
  config: own(sight.state.applications, sight.unit.application)?.config ?? {},
  attempt: attemptOf(sight),
  secrets,
});
