/**
 * Deploying: what a person does to applications and their units.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { emptyMemory } from '../../core/model/memory.ts';
import type { UnitName } from '../../core/model/names.ts';
import { choices, isCount, type ModelError, refuse } from './error.ts';
import { afterHook } from './lifecycle.ts';
import { forgetUnit } from './scope.ts';
import { relationsSeenIn } from './sight.ts';
import {
  type ApplicationState,
  type Config,
  leads,
  type ModelState,
  own,
  unitOf,
  type UnitState,
  type Wake,
} from './state.ts';

type After = E.Either<ModelError, ModelState>;

/** The hooks that an event can ask for; an event that was read from JSON may name another. */
const WAKES: ReadonlyArray<Wake> = ['config-changed', 'update-status'];

/** An application that must be deployed. */
export const applicationOf = (state: ModelState, name: string): E.Either<ModelError, ApplicationState> => {
  const application = own(state.applications, name);
  return application === undefined
    ? refuse(`no application ${JSON.stringify(name)} is deployed: ${choices(Object.keys(state.applications))}`)
    : E.right(application);
};

/** Changes an application that is deployed. */
const withApplication = (
  state: ModelState,
  name: string,
  change: (application: ApplicationState) => After,
): After => E.chain(change)(applicationOf(state, name));

/** Changes an existing unit. */
const withUnit = (
  state: ModelState,
  name: string,
  change: (unit: UnitState, name: UnitName, put: (unit: UnitState) => After) => After,
): After => {
  const unit = own(state.units, name);
  return unit === undefined
    ? refuse(`there is no unit ${JSON.stringify(name)}`)
    // It is the name of a unit, since a unit of that name exists.
    : change(unit, name as UnitName, (after) => E.right({ ...state, units: { ...state.units, [name]: after } }));
};

const newUnit = (application: string, machine: number): UnitState => ({
  application,
  life: 'alive',
  stage: 'new',
  address: `10.${(machine >> 16) & 255}.${(machine >> 8) & 255}.${machine & 255}`,
  elected: false,
  wakes: [],
  failures: 0,
  failsApplied: false,
  failed: null,
  memory: emptyMemory,
  relations: {},
  decisions: {},
});

/** Adds units to an application. */
export const addUnits = (state: ModelState, name: string, count: number): After =>
  withApplication(state, name, (application) => {
    const { nextUnit } = application;
    const added = Array.from({ length: count }, (_, i) => unitOf(name, nextUnit + i));
    const leader = application.leader ?? added[0] ?? null;
    const units = Object.fromEntries(added.map((unit, i) => [unit, newUnit(name, state.machines + i + 1)]));
    return E.right({
      ...state,
      machines: state.machines + count,
      applications: { ...state.applications, [name]: { ...application, leader, nextUnit: nextUnit + count } },
      units: { ...state.units, ...units },
    });
  });

/** What Juju accepts as the name of an application or endpoint. */
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Deploys an application with its first units. */
export const deploy = (state: ModelState, name: string, units: number, config: Config): After => {
  const endpoints = own(state.charms, name);
  if (endpoints === undefined) {
    return refuse(`the model has no charm for ${JSON.stringify(name)}: ${choices(Object.keys(state.charms))}`);
  }
  if (own(state.applications, name) !== undefined) return refuse(`${name} is deployed already: add a unit instead`);
  const odd = [name, ...Object.keys(endpoints)].find((text) => !NAME.test(text));
  if (odd !== undefined) return refuse(`${JSON.stringify(odd)} is no name in Juju: use a-z, 0-9 and dashes`);
  if (!isCount(units)) return refuse(`${name} cannot have ${units} units: give a whole number`);
  const application: ApplicationState = { endpoints, config, leader: null, nextUnit: 0 };
  return addUnits({ ...state, applications: { ...state.applications, [name]: application } }, name, units);
};

/** Removes a unit: from now on only its last hooks run. */
export const removeUnit = (state: ModelState, target: string): After =>
  withUnit(state, target, (unit, name, put) => {
    if (unit.life === 'dying') return refuse(`${name} is being removed already`);
    // Juju removes a unit at once if it has not run anything.
    const isUntouched = unit.stage === 'new' && unit.failed === null;
    return isUntouched ? E.right(forgetUnit(state, name)) : put({ ...unit, life: 'dying' });
  });

/** Makes a unit the leader. */
export const setLeader = (state: ModelState, target: string): After =>
  withUnit(state, target, (unit, name) =>
    withApplication(state, unit.application, (application) => {
      if (unit.life === 'dying') return refuse(`${name} is being removed: it cannot lead`);
      if (leads(state, name)) return E.right(state);
      const { leader } = application;
      const before = leader === null ? undefined : own(state.units, leader);
      const resigned = leader === null || before === undefined ? {} : { [leader]: { ...before, elected: false } };
      return E.right({
        ...state,
        units: { ...state.units, ...resigned },
        applications: { ...state.applications, [unit.application]: { ...application, leader: name } },
      });
    }));

/** The unit with one more hook to run. */
const woken = (unit: UnitState, hook: Wake): UnitState =>
  unit.wakes.includes(hook) ? unit : { ...unit, wakes: [...unit.wakes, hook] };

/** Changes these values of a configuration. */
export const configure = (state: ModelState, name: string, change: Config): After =>
  withApplication(state, name, (application) => {
    const config = { ...application.config, ...change };
    if (JSON.stringify(config) === JSON.stringify(application.config)) return E.right(state);
    const units = Object.entries(state.units)
      .filter(([, unit]) => unit.application === name)
      .map(([unit, before]) => [unit, woken(before, 'config-changed')]);
    return E.right({
      ...state,
      units: { ...state.units, ...Object.fromEntries(units) },
      applications: { ...state.applications, [name]: { ...application, config } },
    });
  });

/** Gives a unit one more hook to run. */
export const wake = (state: ModelState, target: string, hook: Wake): After =>
  withUnit(
    state,
    target,
    (unit, name, put) =>
      unit.life === 'dying'
        ? refuse(`${name} is being removed: only its last hooks run`)
        : WAKES.includes(hook)
        ? put(woken(unit, hook))
        : refuse(`a unit cannot be woken by such a hook: ${choices(WAKES)}`),
  );

/** Makes this many hooks of a unit fail, before or after their decisions are applied. */
export const failNextHook = (state: ModelState, target: string, times: number, applied: boolean): After =>
  withUnit(
    state,
    target,
    (unit, name, put) =>
      isCount(times)
        ? put({ ...unit, failures: times, failsApplied: applied })
        : refuse(`${times} hooks of ${name} cannot fail: give a whole number`),
  );

/** Counts a unit's failed hook as done. */
export const resolved = (state: ModelState, target: string): After =>
  withUnit(state, target, (unit, name) => {
    const { failed } = unit;
    if (failed === null) return refuse(`${name} has no failed hook`);
    const after = { ...unit, failed: null, relations: relationsSeenIn(state, unit, failed.hook) };
    return E.right(afterHook({ ...state, units: { ...state.units, [name]: after } }, failed.hook));
  });
