/**
 * Events: what a person does to a model, and what becomes of its state. No hook runs here; dispatch.ts tells which will.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { emptyMap } from '../../core/model/codec.ts';
import { emptyMemory } from '../../core/model/memory.ts';
import type { UnitName } from '../../core/model/names.ts';
import { timestampOf } from './beginning.ts';
import { afterHook } from './lifecycle.ts';
import { drawsOf } from './random.ts';
import { choices, type ModelError, modelError } from './error.ts';
import { enterScope, forgetUnit } from './scope.ts';
import { relationsSeenIn } from './sight.ts';
import {
  type ApplicationState,
  type Config,
  leads,
  type ModelState,
  own,
  type RelationEnd,
  type RelationState,
  type Role,
  unitNames,
  unitOf,
  type UnitState,
  type Wake,
  without,
} from './state.ts';

/** What can be done to a model, each as plain JSON. */
export type ModelEvent =
  /** `juju deploy`: one of the model's applications, with so many units; 1 where it is not said. */
  | { readonly event: 'deploy'; readonly application: string; readonly units?: number; readonly config?: Config }
  /** `juju add-unit` */
  | { readonly event: 'add-unit'; readonly application: string }
  /** `juju remove-unit`: the unit goes through its last hooks. */
  | { readonly event: 'remove-unit'; readonly unit: string }
  /**
   * `juju integrate web:certificates easyrsa:client`. Across models it is the provider that offers: it sees the application
   * `remote-<32 hex>` in place of the requirer, while the requirer keeps its own names and the provider's.
   */
  | { readonly event: 'integrate'; readonly endpoints: readonly [string, string]; readonly crossModel?: boolean }
  /** `juju remove-relation`, by number */
  | { readonly event: 'remove-relation'; readonly relation: number }
  /** The unit takes over the leadership of its application. */
  | { readonly event: 'set-leader'; readonly unit: string }
  /** `juju config`: these values change, others stay; `config-changed` follows where anything differs. */
  | { readonly event: 'configure'; readonly application: string; readonly config: Config }
  /** Time goes by. That wakes nobody: see `wake`. */
  | { readonly event: 'advance'; readonly seconds: number }
  /** The clock is set, to a time as RFC 3339 writes it; fractions of seconds do not count. */
  | { readonly event: 'set-time'; readonly now: string }
  /** A unit gets a hook that is about no relation. */
  | { readonly event: 'wake'; readonly unit: string; readonly hook: Wake }
  /** So many of the unit's next hooks fail once the charm has run: what it decided is lost, and the hook is tried again. 1 where it is not said. */
  | { readonly event: 'fail-next-hook'; readonly unit: string; readonly times?: number }
  /** `juju resolved --no-retry`: a failed hook counts as done, without anything it would have written. */
  | { readonly event: 'resolved'; readonly unit: string };

type Applied = E.Either<ModelError, ModelState>;

const refuse = (message: string): E.Either<ModelError, never> => E.left(modelError(message));

const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;

/** What is changed of an application that is deployed. */
const withApplication = (
  state: ModelState,
  name: string,
  change: (application: ApplicationState) => Applied,
): Applied => {
  const application = own(state.applications, name);
  return application === undefined
    ? refuse(`no application ${JSON.stringify(name)} is deployed: ${choices(Object.keys(state.applications))}`)
    : change(application);
};

/** What is changed of a unit that is there. */
const withUnit = (
  state: ModelState,
  name: string,
  change: (unit: UnitState, name: UnitName, put: (unit: UnitState) => Applied) => Applied,
): Applied => {
  const unit = own(state.units, name);
  return unit === undefined
    ? refuse(`there is no unit ${JSON.stringify(name)}`)
    // It is the name of a unit, since there is one of that name.
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
  failed: null,
  memory: emptyMemory,
  relations: {},
  decisions: {},
});

const addUnits = (state: ModelState, name: string, count: number): Applied =>
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

/** What Juju takes as the name of an application or endpoint. */
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

const deploy = (state: ModelState, name: string, units: number, config: Config): Applied => {
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

const removeUnit = (state: ModelState, target: string): Applied =>
  withUnit(state, target, (unit, name, put) => {
    if (unit.life === 'dying') return refuse(`${name} is being removed already`);
    // Juju lets a unit go at once that has not run anything.
    const isUntouched = unit.stage === 'new' && unit.failed === null;
    return isUntouched ? E.right(forgetUnit(state, name)) : put({ ...unit, life: 'dying' });
  });

/** An endpoint of an application that is deployed. */
interface Endpoint {
  readonly application: string;
  readonly endpoint: string;
  readonly role: Role;
}

const endpointOf = (state: ModelState, text: string): E.Either<ModelError, Endpoint> => {
  const [name = '', endpoint = ''] = text.split(':');
  const application = own(state.applications, name);
  if (application === undefined) {
    return refuse(`no application ${JSON.stringify(name)} is deployed: ${choices(Object.keys(state.applications))}`);
  }
  const role = own(application.endpoints, endpoint);
  return role === undefined
    ? refuse(`${name} has no endpoint ${JSON.stringify(endpoint)}: ${choices(Object.keys(application.endpoints))}`)
    : E.right({ application: name, endpoint, role });
};

const isEnd = (end: RelationEnd, { application, endpoint }: Endpoint): boolean =>
  end.application === application && end.endpoint === endpoint;

/** What an offering side calls the application of another model. */
const foreignName = (seed: number, relation: number): string => {
  // Turns of hooks begin at 0: these are others.
  const draw = drawsOf(seed, -2 - relation);
  return `remote-${Array.from({ length: 32 }, () => draw(16).toString(16)).join('')}`;
};

const endOf = ({ application, endpoint }: Endpoint, alias: string | null): RelationEnd => ({
  application,
  endpoint,
  alias,
  applicationData: emptyMap(),
  units: {},
});

const integrate = (state: ModelState, texts: readonly [string, string], crossModel: boolean): Applied => {
  const [one, two] = [endpointOf(state, texts[0]), endpointOf(state, texts[1])];
  if (E.isLeft(one)) return one;
  if (E.isLeft(two)) return two;
  const [requirer, provider] = one.right.role === 'requires' ? [one.right, two.right] : [two.right, one.right];
  if (requirer.role !== 'requires' || provider.role !== 'provides') {
    return refuse(`${texts.join(' and ')} do not fit: one has to require what the other provides`);
  }
  if (requirer.application === provider.application) return refuse(`${requirer.application} cannot relate to itself`);
  const isRelated = Object.values(state.relations)
    .some(({ requires, provides }) => isEnd(requires, requirer) && isEnd(provides, provider));
  if (isRelated) return refuse(`${texts.join(' and ')} are related already, or still being parted`);
  const number = state.nextRelation;
  const relation: RelationState = {
    life: 'alive',
    requires: endOf(requirer, crossModel ? foreignName(state.seed, number) : null),
    provides: endOf(provider, null),
  };
  const related = { ...state, nextRelation: number + 1, relations: { ...state.relations, [number]: relation } };
  return E.right(enterScope(related, unitNames(related.units), [String(number)]));
};

const removeRelation = (state: ModelState, number: number): Applied => {
  const relation = own(state.relations, String(number));
  if (relation === undefined) return refuse(`there is no relation ${number}: ${choices(Object.keys(state.relations))}`);
  if (relation.life === 'dying') return refuse(`relation ${number} is being removed already`);
  const isEmpty = [relation.requires, relation.provides].every(({ units }) => unitNames(units).length === 0);
  const relations = isEmpty
    ? without(state.relations, String(number))
    : { ...state.relations, [number]: { ...relation, life: 'dying' as const } };
  return E.right({ ...state, relations });
};

const setLeader = (state: ModelState, target: string): Applied =>
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

/** The unit with a hook more to run. */
const woken = (unit: UnitState, hook: Wake): UnitState =>
  unit.wakes.includes(hook) ? unit : { ...unit, wakes: [...unit.wakes, hook] };

const configure = (state: ModelState, name: string, change: Config): Applied =>
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

const setTime = (state: ModelState, time: number, instead: string): Applied => {
  const now = timestampOf(time);
  return now === null ? refuse(`the clock cannot be set to that: ${instead}`) : E.right({ ...state, now });
};

const advance = (state: ModelState, seconds: number): Applied =>
  isCount(seconds)
    ? setTime(state, Date.parse(state.now) + seconds * 1000, 'stay before the year 10000')
    : refuse(`time cannot go on by ${seconds} seconds: give a whole number`);

const wake = (state: ModelState, target: string, hook: Wake): Applied =>
  withUnit(
    state,
    target,
    (unit, name, put) =>
      unit.life === 'dying' ? refuse(`${name} is being removed: only its last hooks run`) : put(woken(unit, hook)),
  );

const failNextHook = (state: ModelState, target: string, times: number): Applied =>
  withUnit(
    state,
    target,
    (unit, name, put) =>
      isCount(times)
        ? put({ ...unit, failures: times })
        : refuse(`${times} hooks of ${name} cannot fail: give a whole number`),
  );

const resolved = (state: ModelState, target: string): Applied =>
  withUnit(state, target, (unit, name) => {
    const { failed } = unit;
    if (failed === null) return refuse(`${name} has no failed hook`);
    const after = { ...unit, failed: null, relations: relationsSeenIn(state, unit, failed.hook) };
    return E.right(afterHook({ ...state, units: { ...state.units, [name]: after } }, failed.hook));
  });

/**
 * The state after an event. `Left`, with a sentence, where it cannot be: an unknown name, a unit that is leaving, endpoints that do not fit.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import * as E from 'fp-ts/lib/Either.js';
 * import { pipe } from 'fp-ts/lib/function.js';
 * import { applyEvent, emptyModel } from 'interface-tls-certificates';
 * const related = pipe(
 *   emptyModel({ seed: 1, charms: { web: { certificates: 'requires' }, easyrsa: { client: 'provides' } } }),
 *   applyEvent({ event: 'deploy', application: 'web', units: 2 }),
 *   E.chain(applyEvent({ event: 'integrate', endpoints: ['web:certificates', 'easyrsa:client'] })),
 * );
 * assert.equal(E.isLeft(related) && related.left.message, 'no application "easyrsa" is deployed: there is web');
 * ```
 */
export const applyEvent = (event: ModelEvent) => (state: ModelState): E.Either<ModelError, ModelState> => {
  switch (event.event) {
    case 'deploy':
      return deploy(state, event.application, event.units ?? 1, event.config ?? {});
    case 'add-unit':
      return addUnits(state, event.application, 1);
    case 'remove-unit':
      return removeUnit(state, event.unit);
    case 'integrate':
      return integrate(state, event.endpoints, event.crossModel ?? false);
    case 'remove-relation':
      return removeRelation(state, event.relation);
    case 'set-leader':
      return setLeader(state, event.unit);
    case 'configure':
      return configure(state, event.application, event.config);
    case 'advance':
      return advance(state, event.seconds);
    case 'set-time':
      return setTime(state, Date.parse(event.now), 'give a time such as 2026-11-23T21:00:00Z');
    case 'wake':
      return wake(state, event.unit, event.hook);
    case 'fail-next-hook':
      return failNextHook(state, event.unit, event.times ?? 1);
    case 'resolved':
      return resolved(state, event.unit);
  }
};
