/**
 * The scope of relations: which units take part. A unit's databag exists while the unit is in scope, with the keys that Juju puts there.
 *
 * @module
 */
import { emptyMap } from '../../core/model/codec.ts';
import type { UnitName } from '../../core/model/names.ts';
import type { Databag } from '../../core/model/snapshot.ts';
import {
  endsOf,
  type ModelState,
  own,
  type RelationEnd,
  type RelationState,
  unitNames,
  type UnitRelation,
  type UnitState,
  without,
} from './state.ts';

/** What Juju itself publishes for a unit. */
const jujuKeys = (address: string): Databag =>
  Object.assign(emptyMap<string>(), {
    'egress-subnets': `${address}/32`,
    'ingress-address': address,
    'private-address': address,
  });

const isPart = ({ application, life, stage }: UnitState, { requires, provides }: RelationState): boolean =>
  life === 'alive' && stage !== 'new' && [requires, provides].some((end) => end.application === application);

/** Installed units enter the scope of relations that are not being removed: all of these units, into all of these relations. */
export const enterScope = (
  state: ModelState,
  entering: ReadonlyArray<UnitName>,
  numbers: ReadonlyArray<string>,
): ModelState => {
  const units: Record<UnitName, UnitState> = { ...state.units };
  const relations: Record<string, RelationState> = { ...state.relations };
  for (const number of numbers) {
    const relation = own(state.relations, number);
    if (relation === undefined || relation.life === 'dying') continue;
    const bags = { requires: { ...relation.requires.units }, provides: { ...relation.provides.units } };
    for (const name of entering) {
      const unit = own(units, name);
      if (unit === undefined || !isPart(unit, relation) || own(unit.relations, number) !== undefined) continue;
      const { here, own: end } = endsOf(relation, unit.application);
      const unseen: UnitRelation = {
        endpoint: end.endpoint,
        created: false,
        members: {},
        changedDue: null,
        applicationSeen: emptyMap(),
      };
      bags[here][name] = jujuKeys(unit.address);
      units[name] = { ...unit, relations: { ...unit.relations, [number]: unseen } };
    }
    relations[number] = {
      ...relation,
      requires: { ...relation.requires, units: bags.requires },
      provides: { ...relation.provides, units: bags.provides },
    };
  }
  return { ...state, units, relations };
};

/** A unit leaves a relation, and its databag is removed. A relation that is being removed disappears with its last unit. */
export const leaveScope = (state: ModelState, name: UnitName, number: string): ModelState => {
  const unit = own(state.units, name);
  const relation = own(state.relations, number);
  if (unit === undefined || relation === undefined) return state;
  const { here, own: end, other } = endsOf(relation, unit.application);
  const left: RelationEnd = { ...end, units: without(end.units, name) };
  const isOver = relation.life === 'dying' && [left, other].every(({ units }) => unitNames(units).length === 0);
  return {
    ...state,
    units: { ...state.units, [name]: { ...unit, relations: without(unit.relations, number) } },
    relations: isOver
      ? without(state.relations, number)
      : { ...state.relations, [number]: { ...relation, [here]: left } },
  };
};

/** The state without a unit and its secrets. If it was the leader, the first remaining unit becomes the leader. */
export const forgetUnit = (before: ModelState, name: UnitName): ModelState => {
  const state = { ...before, secrets: without(before.secrets, name) };
  const application = own(state.units, name)?.application ?? '';
  const units = without(state.units, name);
  const led = own(state.applications, application);
  if (led === undefined || led.leader !== name) return { ...state, units };
  const others = unitNames(units).filter((other) => own(units, other)?.application === application);
  const leader = others.find((other) => own(units, other)?.life === 'alive') ?? others[0] ?? null;
  return { ...state, units, applications: { ...state.applications, [application]: { ...led, leader } } };
};
