/**
 * The state of a model in memory: applications, units and relations as one immutable value of plain JSON.
 *
 * What is published is in `relations`; what a unit has seen of it so far is in the unit, as a Juju agent keeps it. A databag is never
 * changed, only replaced, so the units that have seen it share it with its publisher.
 *
 * Private keys can be in databags (`units` and `applicationData` of a relation's ends; `members`, `applicationSeen` and
 * `failed.remoteUnitData` of a unit), in `decisions`, whose writes and views have them, and in `secrets`; nowhere else.
 *
 * @module
 */
import type { Memory } from '../../core/model/memory.ts';
import type { RelationId, UnitName } from '../../core/model/names.ts';
import type { Outcome } from '../../core/model/outcome.ts';
import type { Databag, Timestamp } from '../../core/model/snapshot.ts';
import type { ModelHook } from './hook.ts';

/** The side of a relation that an endpoint is for, as in a charm's metadata. */
export type Role = 'requires' | 'provides';

/** The endpoints of an application by name. */
export type Endpoints = Readonly<Record<string, Role>>;

/** What `juju config` may contain. */
export type ConfigValue = null | boolean | number | string | ReadonlyArray<ConfigValue>;

/** An application's configuration: plain JSON, and no place for secrets. */
export type Config = Readonly<Record<string, ConfigValue>>;

/** An application that is deployed. */
export interface ApplicationState {
  /** The endpoints that its charm has. */
  readonly endpoints: Endpoints;
  /** Its options. */
  readonly config: Config;
  /** Null while there is no unit. */
  readonly leader: UnitName | null;
  /** The number of the next unit; numbers are never reused. */
  readonly nextUnit: number;
}

/** How far a unit has come: a hook leads to each stage. */
export type Stage = 'new' | 'installed' | 'configured' | 'started' | 'stopped';

/** A hook that failed. It is tried again before the unit does anything else. */
export interface FailedHook {
  /** The hook that failed. */
  readonly hook: ModelHook;
  /** How many times it has failed so far. */
  readonly attempts: number;
  /** Why it failed most recently; it quotes nothing from the charm. */
  readonly reason: string;
  /** The remote unit's databag at the first attempt, in case the unit is gone at the next. */
  readonly remoteUnitData: Databag | null;
}

/** What a unit has seen of a relation. */
export interface UnitRelation {
  /** The unit's own endpoint in the relation. */
  readonly endpoint: string;
  /** Whether `-relation-created` has run. */
  readonly created: boolean;
  /** The remote units that have joined, as named on this side, each with its databag as of the last hook about it. */
  readonly members: Readonly<Record<UnitName, Databag>>;
  /** The unit whose `-changed` must follow its `-joined`. */
  readonly changedDue: UnitName | null;
  /** The remote application's databag as of the last `-changed` about it. */
  readonly applicationSeen: Databag;
}

/** The last decision of a side, with the side's name. */
export interface LastDecision {
  /** The side's name. */
  readonly side: string;
  /** What was decided. */
  readonly outcome: Outcome;
  /** When to wake the unit, if that is not the outcome's `until`; null: not at all. */
  readonly until?: Timestamp | null;
}

/** A unit. */
export interface UnitState {
  /** The application of the unit. */
  readonly application: string;
  /** As in Juju: `dying` from its removal until its last hook ended. */
  readonly life: 'alive' | 'dying';
  /** How far the unit is between installing and stopping. */
  readonly stage: Stage;
  /** The address at which others reach it, as Juju reports it. */
  readonly address: string;
  /** Whether `leader-elected` has run since the unit became the leader. */
  readonly elected: boolean;
  /** Hooks that were asked for, each at most once. */
  readonly wakes: ReadonlyArray<Wake>;
  /** How many of the next hooks are made to fail. */
  readonly failures: number;
  /** Whether these fail only after all that they decided was published and kept. */
  readonly failsApplied: boolean;
  /** The hook that must run again before any other; null if there is none. */
  readonly failed: FailedHook | null;
  /** What its charm keeps. */
  readonly memory: Memory;
  /** By relation number, in the order of numbers; a relation is here from the unit's installation until its `-broken` ended. */
  readonly relations: Readonly<Record<string, UnitRelation>>;
  /** By endpoint: the result of the last hook that did not fail. The views in it hold private keys. */
  readonly decisions: Readonly<Record<string, LastDecision>>;
}

/** Hooks that an event can ask for. */
export type Wake = 'config-changed' | 'update-status';

/** One of a relation's two ends, with what is published there. */
export interface RelationEnd {
  /** The application at this end. */
  readonly application: string;
  /** Its endpoint. */
  readonly endpoint: string;
  /** The name that the other end sees instead of the application's: `remote-<32 hex>` if the other end offers across models. */
  readonly alias: string | null;
  /** What its leader has published. */
  readonly applicationData: Databag;
  /** The databags of the units that are in the relation's scope, by name. */
  readonly units: Readonly<Record<UnitName, Databag>>;
}

/** A relation. */
export interface RelationState {
  /** As in Juju: `dying` from its removal until the last unit's `-broken` ended. */
  readonly life: 'alive' | 'dying';
  /** The end that asks. */
  readonly requires: RelationEnd;
  /** The end that answers. */
  readonly provides: RelationEnd;
}

/** What is in a secret, by field. */
export type SecretContent = Readonly<Record<string, string>>;

/** A secret. */
export interface SecretState {
  /** The newest content. */
  readonly content: SecretContent;
  /** 1 when it was made, plus one for each new content. */
  readonly revision: number;
  /** When its owner gets `secret-expired`; null: never. */
  readonly expire: Timestamp | null;
}

/** A model. */
export interface ModelState {
  /** Determines the order of hooks. */
  readonly seed: number;
  /** The model's clock. */
  readonly now: Timestamp;
  /** Hooks that have run, including failed ones: the current turn of chance. */
  readonly turn: number;
  /** The number of machines that were assigned, each with an address. */
  readonly machines: number;
  /** The number of the next relation. */
  readonly nextRelation: number;
  /** The endpoints of what can be deployed, by application. */
  readonly charms: Readonly<Record<string, Endpoints>>;
  /** By name. */
  readonly applications: Readonly<Record<string, ApplicationState>>;
  /** By name. */
  readonly units: Readonly<Record<UnitName, UnitState>>;
  /** By number, in the order of numbers. */
  readonly relations: Readonly<Record<string, RelationState>>;
  /** By owner, a unit or an application, and by label. */
  readonly secrets: Readonly<Record<string, Readonly<Record<string, SecretState>>>>;
}

/** The value of an own key; a charm may well be called `constructor`. */
export const own = <V>(record: Readonly<Record<string, V>>, key: string): V | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

/** A record without a key. */
export const without = <V>(record: Readonly<Record<string, V>>, key: string): Readonly<Record<string, V>> => {
  const { [key]: _gone, ...rest } = record;
  return rest;
};

/** The names of a record whose keys are units. */
export const unitNames = (record: Readonly<Record<UnitName, unknown>>): ReadonlyArray<UnitName> =>
  // `Object.keys` loses the type of the keys.
  Object.keys(record) as ReadonlyArray<unknown> as ReadonlyArray<UnitName>;

/** The unit of an application by its number. */
export const unitOf = (application: string, number: number | string): UnitName =>
  // The only place that composes a unit's name.
  `${application}/${number}` as UnitName;

/** The unit's number, as text. */
const numberOf = (unit: UnitName): string => unit.slice(unit.lastIndexOf('/') + 1);

/** The id of a relation as the side with this endpoint sees it. */
export const relationIdOf = (endpoint: string, number: string): RelationId =>
  // The only place that composes a relation's id.
  `${endpoint}:${number}` as RelationId;

/** The number in a relation's id. */
export const relationNumberOf = (id: string): string => id.slice(id.lastIndexOf(':') + 1);

/** What the other side calls a unit of this end. */
export const seenAs = ({ alias }: RelationEnd, unit: UnitName): UnitName =>
  alias === null ? unit : unitOf(alias, numberOf(unit));

/** The unit of this end, by the other side's name for it. */
export const calledBy = ({ application, alias }: RelationEnd, seen: UnitName): UnitName =>
  alias === null ? seen : unitOf(application, numberOf(seen));

/** The two ends of a relation, that of an application first. */
export const endsOf = (
  relation: RelationState,
  application: string,
): { readonly here: Role; readonly there: Role; readonly own: RelationEnd; readonly other: RelationEnd } => {
  const here = relation.requires.application === application ? 'requires' : 'provides';
  const there = here === 'requires' ? 'provides' : 'requires';
  return { here, there, own: relation[here], other: relation[there] };
};

/** Whether a unit leads its application. */
export const leads = (state: ModelState, unit: UnitName): boolean => {
  const application = own(state.units, unit)?.application;
  return application !== undefined && own(state.applications, application)?.leader === unit;
};

/** Whether two databags are the same, byte for byte. */
export const sameBag = (a: Databag, b: Databag): boolean => {
  if (a === b) return true;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key]);
};
