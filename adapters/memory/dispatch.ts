/**
 * Dispatch: which hooks may run next, as Juju's agents work it out from what exists and what the unit has seen of it.
 *
 * Between units any order is possible. Within a unit, a failed hook comes again before everything else. What starts the unit follows. Then,
 * for each relation separately, the first of these that applies: `-changed` after its `-joined`, departures, `-broken`, the application's
 * `-changed`, `-joined` in the order of names, `-changed`. `-created` of any relation comes before all hooks of remote units.
 *
 * @module
 */
import { byCodePoint } from '../../core/model/order.ts';
import type { UnitName } from '../../core/model/names.ts';
import type { HookKind, ModelHook, RelationHookKind } from './hook.ts';
import { expiredOf } from './secrets.ts';
import {
  calledBy,
  endsOf,
  leads,
  type ModelState,
  own,
  type RelationEnd,
  relationIdOf,
  sameBag,
  seenAs,
  unitNames,
  type UnitRelation,
  type UnitState,
} from './state.ts';

type Hooks = ReadonlyArray<ModelHook>;

const hook = (unit: UnitName, kind: Exclude<HookKind, RelationHookKind>): ModelHook => ({ unit, kind, name: kind });

/** `secret-expired` for each expired secret of the unit. */
const expiredHooks = (state: ModelState, unit: UnitName): Hooks =>
  expiredOf(state, unit).map(([owner, label]) => ({ ...hook(unit, 'secret-expired'), secret: { owner, label } }));

/** Makes the hooks of a unit that are about one relation. */
const hooksAbout = (unit: UnitName, { endpoint }: UnitRelation, number: string, other: RelationEnd) =>
(
  kind: RelationHookKind,
  more: Pick<ModelHook, 'remoteUnit' | 'departingUnit'> = {},
): ModelHook => ({
  unit,
  kind,
  name: `${endpoint}-${kind}`,
  relationId: relationIdOf(endpoint, number),
  remoteApplication: other.alias ?? other.application,
  ...more,
});

/** Whether the other side sees a unit as part of a relation: no longer once the unit is being removed. */
const isThere = (state: ModelState, end: RelationEnd, unit: UnitName): boolean =>
  Object.hasOwn(end.units, unit) && own(state.units, unit)?.life === 'alive';

const firstOf = (names: ReadonlyArray<UnitName>): UnitName | undefined =>
  names.reduce<UnitName | undefined>(
    (first, name) => (first === undefined || byCodePoint(name, first) < 0 ? name : first),
    undefined,
  );

const relationHooks = (state: ModelState, name: UnitName, unit: UnitState, number: string): Hooks => {
  const relation = own(state.relations, number);
  const here = own(unit.relations, number);
  if (relation === undefined || here === undefined) return [];
  const { other } = endsOf(relation, unit.application);
  const about = hooksAbout(name, here, number, other);
  const members = unitNames(here.members);
  const isEnding = relation.life === 'dying' || unit.life === 'dying';

  if (here.changedDue !== null) return [about('relation-changed', { remoteUnit: here.changedDue })];
  const gone = isEnding ? members : members.filter((member) => !isThere(state, other, calledBy(other, member)));
  if (gone.length > 0) {
    return gone.map((remoteUnit) =>
      about('relation-departed', { remoteUnit, departingUnit: unit.life === 'dying' ? name : remoteUnit })
    );
  }
  if (isEnding) return [about('relation-broken')];
  if (!sameBag(here.applicationSeen, other.applicationData)) return [about('relation-changed')];
  const joining = firstOf(
    unitNames(other.units)
      .filter((remote) => isThere(state, other, remote))
      .map((remote) => seenAs(other, remote))
      .filter((seen) => !Object.hasOwn(here.members, seen)),
  );
  if (joining !== undefined) return [about('relation-joined', { remoteUnit: joining })];
  return members
    .filter((member) => {
      const published = own(other.units, calledBy(other, member));
      const seen = own(here.members, member);
      return published !== undefined && seen !== undefined && !sameBag(seen, published);
    })
    .map((remoteUnit) => about('relation-changed', { remoteUnit }));
};

/** `-relation-created` for relations that are not being removed. */
const createdHooks = (state: ModelState, name: UnitName, unit: UnitState): Hooks =>
  Object.entries(unit.relations).flatMap(([number, here]) => {
    const relation = own(state.relations, number);
    if (here.created || relation === undefined || relation.life === 'dying') return [];
    return [hooksAbout(name, here, number, endsOf(relation, unit.application).other)('relation-created')];
  });

/** What starts a unit, up to `start`. */
const startingHooks = (state: ModelState, name: UnitName, unit: UnitState): Hooks => {
  if (unit.stage === 'new') return [hook(name, 'install')];
  const created = createdHooks(state, name, unit);
  if (created.length > 0) return created;
  if (leads(state, name) && !unit.elected) return [hook(name, 'leader-elected')];
  if (unit.stage === 'installed') return [hook(name, 'config-changed')];
  if (unit.stage === 'configured') return [hook(name, 'start')];
  return [];
};

/** The hooks of one unit, any of which may run next. */
export const hooksOf = (state: ModelState, name: UnitName): Hooks => {
  const unit = own(state.units, name);
  if (unit === undefined) return [];
  if (unit.failed !== null) return [unit.failed.hook];
  const starting = unit.life === 'alive' ? startingHooks(state, name, unit) : [];
  if (starting.length > 0) return starting;
  const numbers = Object.keys(unit.relations);
  const about = numbers.flatMap((number) => relationHooks(state, name, unit, number));
  if (unit.life === 'alive') {
    return [...unit.wakes.map((wake) => hook(name, wake)), ...expiredHooks(state, name), ...about];
  }
  return numbers.length > 0 ? about : [hook(name, unit.stage === 'started' ? 'stop' : 'remove')];
};

/**
 * The hooks of all units, any of which may run next. If there are none, the model is at rest.
 *
 * @example
 * ```ts
 * import { type ModelState, pending } from 'interface-tls-certificates/model';
 * const isAtRest = (state: ModelState) => pending(state).length === 0;
 * ```
 */
export const pending = (state: ModelState): ReadonlyArray<ModelHook> =>
  unitNames(state.units).flatMap((name) => hooksOf(state, name));
