/**
 * A Juju model to test charms with, in memory: state in, events, hooks as Juju dispatches them, state out.
 *
 * This is the convenient entry. Beneath it is a value (state.ts) and functions on it: event.ts, dispatch.ts, run.ts, settle.ts, log.ts.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Flag } from '../../core/model/flag.ts';
import type { Memory } from '../../core/model/memory.ts';
import type { UnitName } from '../../core/model/names.ts';
import type { Bag, Outcome } from '../../core/model/outcome.ts';
import type { Side } from '../../core/model/side.ts';
import type { Databag } from '../../core/model/snapshot.ts';
import type { Applications } from './application.ts';
import { type Beginning, charmsOf, emptyModel } from './beginning.ts';
import { type InTurn, turns } from '../turns.ts';
import { applyEvent, type ModelEvent } from './event.ts';
import type { Log, LogEntry } from './log.ts';
import type { ModelError } from './error.ts';
import { type Ran, runPending } from './run.ts';
import { chooseHook, settle, type Settled, type SettleOptions, unrest } from './settle.ts';
import {
  type Config,
  endsOf,
  type FailedHook,
  leads,
  type ModelState,
  own,
  relationIdOf,
  relationNumberOf,
  type Stage,
  type Wake,
} from './state.ts';

/** A unit at a moment, for a test to look at. */
export interface ModelUnit {
  /** E.g. `web/0`. */
  readonly name: UnitName;
  /** `dying` from its removal until its last hook. */
  readonly life: 'alive' | 'dying';
  /** How far the unit is between installing and stopping. */
  readonly stage: Stage;
  /** Whether it leads its application. */
  readonly isLeader: boolean;
  /** What its charm keeps. */
  readonly memory: Memory;
  /** All flags that are set. */
  readonly flags: ReadonlyArray<Flag>;
  /** The hook that fails and blocks the unit. */
  readonly failed: FailedHook | null;
  /** The ids of the relations that the unit is in. */
  readonly relationIds: ReadonlyArray<string>;
  /** What the unit, or its application, publishes on a relation; null if it is not in it. */
  readonly databag: (relationId: string, bag?: Bag) => Databag | null;
  /** What a side decided on an endpoint in the last hook that did not fail; null if this side made no decision. */
  readonly outcome: <Name extends string, Intent, View>(
    side: Side<Name, Intent, View>,
    endpoint: string,
  ) => Outcome<View> | null;
}

/** The result of an event. */
export type Applied = Promise<E.Either<ModelError, ModelState>>;

/**
 * A model that remembers its state and its log. It does what it is asked in the order in which it was asked, one thing at a time: events at
 * once or, while hooks are running, when these have ended.
 *
 * An impossible event is a `Left`. If the caller does not look at it, the next {@link Model.settle} reports it and does nothing; only
 * {@link Model.apply} leaves the check to its caller.
 */
export interface Model {
  /** The whole state of the model. */
  readonly state: () => ModelState;
  /** What was done, and which hooks ran. */
  readonly log: () => Log;
  /** A unit; null if there is none of that name. */
  readonly unit: (name: string) => ModelUnit | null;
  /** Applies an event. */
  readonly apply: (event: ModelEvent) => Applied;
  /** Deploys an application with one unit, or with the given number. */
  readonly deploy: (application: string, units?: number, config?: Config) => Applied;
  /** Adds a unit to an application. */
  readonly addUnit: (application: string) => Applied;
  /** Removes a unit: it departs from its relations, then stops. */
  readonly removeUnit: (unit: string) => Applied;
  /** E.g. `integrate('web:certificates', 'easyrsa:client')`. Relations are numbered from 0. */
  readonly integrate: (one: string, other: string, options?: { readonly crossModel?: boolean }) => Applied;
  /** By an id, e.g. `certificates:0`; only the number counts. */
  readonly removeRelation: (relationId: string) => Applied;
  /** Makes a unit the leader of its application. */
  readonly setLeader: (unit: string) => Applied;
  /** Changes options, which runs `config-changed`. */
  readonly configure: (application: string, config: Config) => Applied;
  /** Lets time pass. */
  readonly advance: (seconds: number) => Applied;
  /** Sets the clock, in RFC 3339. */
  readonly setTime: (now: string) => Applied;
  /** Runs a hook that Juju would run by itself. */
  readonly wake: (unit: string, hook: Wake) => Applied;
  /** `applied`: after the hook's decision is published and kept. */
  readonly failNextHook: (unit: string, times?: number, applied?: boolean) => Applied;
  /** E.g. `removeSecret('web/0', 'private-key-certificates')`. */
  readonly removeSecret: (owner: string, label: string) => Applied;
  /** `juju resolved`: the failed hook runs again. */
  readonly resolved: (unit: string) => Applied;
  /** Runs one pending hook, chosen by chance; null if there is none. */
  readonly step: () => Promise<Ran | null>;
  /** Runs hooks until none is pending. `Left` only for an error of an event that the caller has not looked at. */
  readonly settle: (limit?: number) => Promise<E.Either<ModelError, Settled>>;
  /**
   * Like `settle`, for tests: rejects if an event was refused, a charm's code failed, or the limit was reached. The error names each hook
   * that failed and what its charm threw; its `cause` is what the first of them threw.
   */
  readonly settleOrThrow: (limit?: number) => Promise<Settled>;
}

/** The parts of a model. */
export interface ModelOptions {
  /** The charms, by the names of their applications. */
  readonly applications: Applications;
  /** A whole number that determines the order of hooks. 0 by default. */
  readonly seed?: number;
  /** Gets every entry of the log as it happens. */
  readonly onEntry?: (entry: LogEntry) => void;
}

const unitIn = (state: ModelState, name: string): ModelUnit | null => {
  const unit = own(state.units, name);
  if (unit === undefined) return null;
  // It is the name of a unit, since a unit of that name exists.
  const unitName = name as UnitName;
  return {
    name: unitName,
    life: unit.life,
    stage: unit.stage,
    isLeader: leads(state, unitName),
    memory: unit.memory,
    flags: unit.memory.flags,
    failed: unit.failed,
    relationIds: Object.entries(unit.relations).map(([number, { endpoint }]) => relationIdOf(endpoint, number)),
    databag: (relationId, bag = 'unit') => {
      const number = relationNumberOf(relationId);
      const [relation, here] = [own(state.relations, number), own(unit.relations, number)];
      if (relation === undefined || here === undefined || relationIdOf(here.endpoint, number) !== relationId) {
        return null;
      }
      const end = endsOf(relation, unit.application).own;
      return bag === 'application' ? end.applicationData : own(end.units, name) ?? null;
    },
    outcome: <Name extends string, Intent, View>({ name: side }: Side<Name, Intent, View>, endpoint: string) => {
      const decision = own(unit.decisions, endpoint);
      // A side of that name made the decision, so the view is that side's.
      return decision?.side === side ? decision.outcome as Outcome<View> : null;
    },
  };
};

/**
 * A Juju model in memory, with nothing deployed yet. Relations are numbered from 0; its time is the beginning of 2026.
 *
 * @example Each unit of `web` asks for a certificate, `easyrsa` answers; the test looks at what came of it.
 * ```ts
 * import assert from 'node:assert/strict';
 * import { handlerOf, model } from 'interface-tls-certificates/model';
 * import { intentOf, provides, requestServerCert, requires } from 'interface-tls-certificates';
 * import { newRequests, type PrivateKey, publish, setCa, setCert } from 'interface-tls-certificates';
 *
 * const web = handlerOf(requires, ({ hook, config }) => ({
 *   intent: intentOf(requestServerCert(`${hook.unit.replace('/', '-')}.${config['domain']}`)),
 * }));
 * const easyrsa = handlerOf(provides, () => ({
 *   intent: publish(setCa('CA')),
 *   react: ({ view }) =>
 *     publish(setCa('CA'), ...newRequests(view).map((request) => setCert(request, 'CERT', 'KEY' as PrivateKey))),
 * }));
 *
 * const juju = model({
 *   seed: 7,
 *   applications: { web: { requires: { certificates: web } }, easyrsa: { provides: { client: easyrsa } } },
 * });
 * juju.deploy('web', 2, { domain: 'example' });
 * juju.deploy('easyrsa');
 * juju.integrate('web:certificates', 'easyrsa:client');
 * await juju.settleOrThrow();
 *
 * const unit = juju.unit('web/1');
 * assert.equal(unit?.databag('certificates:0')?.['common_name'], 'web-1.example');
 * assert.equal(unit?.outcome(requires, 'certificates')?.view.serverCerts[0]?.cert, 'CERT');
 * assert.ok(unit?.flags.some((flag) => flag === 'certificates.ca.changed'));
 *
 * juju.removeUnit('web/1');
 * await juju.settleOrThrow();
 * assert.equal(juju.unit('easyrsa/0')?.databag('client:0')?.['web_1.server.key'], undefined);
 * ```
 */
export const model = ({ applications, seed = 0, onEntry }: ModelOptions): Model => {
  const beginning: Beginning = { seed, charms: charmsOf(applications) };
  const entries: Array<LogEntry> = [];
  let state = emptyModel(beginning);
  let unseen: ModelError | null = null;
  const takingTurns = turns();
  let waiting = 0;

  const inTurn: InTurn = async (work) => {
    waiting += 1;
    try {
      return await takingTurns(work);
    } finally {
      waiting -= 1;
    }
  };
  /** At once if no hook is running, so that the state shows it. */
  const atOnce = async <A>(work: () => A): Promise<A> => (waiting === 0 ? work() : await inTurn(work));

  const note = (entry: LogEntry): void => {
    entries.push(entry);
    onEntry?.(entry);
  };
  const keep = (ran: Ran): void => {
    state = ran.state;
    note({ ran: ran.record });
  };
  const applied = (event: ModelEvent): E.Either<ModelError, ModelState> => {
    const after = applyEvent(event)(state);
    if (E.isRight(after)) {
      state = after.right;
      note({ did: event });
    }
    return after;
  };
  /** Like `applied`, but keeps an error for the next `settle`. */
  const asked = (event: ModelEvent): Applied =>
    atOnce(() => {
      const after = applied(event);
      if (E.isLeft(after)) unseen ??= after.left;
      return after;
    });

  const settleNow: Model['settle'] = (limit) =>
    inTurn(async () => {
      if (unseen !== null) {
        const refused = unseen;
        unseen = null;
        return E.left(refused);
      }
      const options: SettleOptions = limit === undefined ? { onHook: keep } : { limit, onHook: keep };
      return E.right(await settle(applications, options)(state)());
    });

  return {
    state: () => state,
    log: () => ({ ...beginning, entries: [...entries] }),
    unit: (name) => unitIn(state, name),
    apply: (event) => atOnce(() => applied(event)),
    deploy: (application, units = 1, config = {}) => asked({ event: 'deploy', application, units, config }),
    addUnit: (application) => asked({ event: 'add-unit', application }),
    removeUnit: (unit) => asked({ event: 'remove-unit', unit }),
    integrate: (one, other, { crossModel = false } = {}) =>
      asked({ event: 'integrate', endpoints: [one, other], crossModel }),
    removeRelation: (id) => asked({ event: 'remove-relation', relation: Number(relationNumberOf(id)) }),
    setLeader: (unit) => asked({ event: 'set-leader', unit }),
    configure: (application, config) => asked({ event: 'configure', application, config }),
    advance: (seconds) => asked({ event: 'advance', seconds }),
    setTime: (now) => asked({ event: 'set-time', now }),
    wake: (unit, hook) => asked({ event: 'wake', unit, hook }),
    failNextHook: (unit, times = 1, applied = false) =>
      asked({ event: 'fail-next-hook', unit, times, ...(applied ? { applied } : {}) }),
    removeSecret: (owner, label) => asked({ event: 'remove-secret', owner, label }),
    resolved: (unit) => asked({ event: 'resolved', unit }),
    step: () =>
      inTurn(async () => {
        const chosen = chooseHook(state);
        if (chosen === null) return null;
        const ran = await runPending(state, chosen.unit, chosen.hook, applications);
        keep(ran);
        return ran;
      }),
    settle: settleNow,
    settleOrThrow: async (limit) => {
      const settled = await settleNow(limit);
      if (E.isLeft(settled)) throw new Error(settled.left.message, { cause: settled.left });
      const trouble = unrest(settled.right);
      if (trouble === null) return settled.right;
      throw new Error(trouble.message, { cause: settled.right.failing[0]?.cause ?? trouble });
    },
  };
};
