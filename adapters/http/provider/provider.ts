/**
 * A provider that can be told to do wrong: a good one, whose CA answers as a charm's would, and what is shown of it.
 *
 * It is a value; what happens to it makes another one. Private keys are in it, and come out in databags only.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import {
  answerRequests,
  createAuthority,
  isDueForRotation,
  type Moment,
  type NewAuthority,
  type OpenAuthority,
  openAuthority,
  type Policy,
  rotateAuthority,
} from '../../../core/authority/mod.ts';
import { snapshotAfter } from '../../../core/databag/write.ts';
import type { Finding } from '../../../core/model/finding.ts';
import { emptyMemory } from '../../../core/model/memory.ts';
import type { RelationId, UnitName } from '../../../core/model/names.ts';
import type { Databag, Relation, Timestamp } from '../../../core/model/snapshot.ts';
import { provides } from '../../../core/reactive/provides.ts';
import type { ProvidesRequest, ProvidesView } from '../../../core/reactive/provides/view.ts';
import type { IssueFault } from '../../../core/x509/mod.ts';
import { decideAndReact, type State } from '../../host.ts';
import { distort, type Distorted, type Distortion } from './distort.ts';
import { type Fault, faultFor, type FaultName } from './fault.ts';
import { Forger, type Forgeries, noForgeries } from './forge.ts';
import type { SessionOptions } from './options.ts';

/** The provider's unit, in whose name it answers. */
export const PROVIDER = 'provider/0' as UnitName;

/** When a request was seen first, and in how many calls since. */
interface Seen {
  readonly at: number;
  readonly calls: number;
}

/** What somebody asks for, and what he is shown. */
export interface ShownRequest {
  readonly request: ProvidesRequest;
  /** What is done wrong; null for a request that is answered well, or refused. */
  readonly fault: FaultName | null;
  readonly isAnswered: boolean;
}

/** A provider at a moment. */
export interface Provider {
  readonly authority: OpenAuthority;
  readonly ca: NewAuthority;
  readonly policy: Policy;
  readonly faults: ReadonlyArray<Fault>;
  /** What the good provider sees and remembers, with the databags that it publishes. */
  readonly good: State;
  readonly seen: ReadonlyMap<string, Seen>;
  readonly forgeries: Forgeries;
  /** Relations that there ever were: their ids are not used again. */
  readonly relations: number;
  readonly shown: ReadonlyMap<RelationId, Databag>;
  readonly requests: ReadonlyArray<ShownRequest>;
  readonly findings: ReadonlyArray<Finding>;
}

/** What a change is made with. */
export interface Working extends Moment {
  /** Called between two requests; throws to give up. */
  readonly pause: () => void;
}

/** A provider that nobody has asked for anything. `Left` for a CA that cannot be. */
export const openProvider = async (
  { ca, policy, faults }: SessionOptions,
  moment: Moment,
): Promise<E.Either<IssueFault, Provider>> => {
  const created = await createAuthority(ca, moment)();
  const authority = E.isLeft(created) ? created : await openAuthority(created.right)();
  return E.isLeft(authority) ? authority : E.right({
    authority: authority.right,
    ca,
    policy,
    faults,
    good: {
      snapshot: { localUnit: PROVIDER, endpoint: 'certificates', isLeader: true, relations: [] },
      memory: emptyMemory,
    },
    seen: new Map(),
    forgeries: noForgeries,
    relations: 0,
    shown: new Map(),
    requests: [],
    findings: [],
  });
};

const withRelations = (provider: Provider, relations: ReadonlyArray<Relation>): Provider => ({
  ...provider,
  good: { ...provider.good, snapshot: { ...provider.good.snapshot, relations } },
});

const applicationOf = (unit: string): string => unit.slice(0, unit.indexOf('/'));

/** The relation of a unit; each application has one. */
export const relationOf = ({ good: { snapshot: { relations } } }: Provider, unit: UnitName): Relation | null =>
  relations.find(({ remoteApplication }) => remoteApplication === applicationOf(unit)) ?? null;

/** A provider that sees the databag of a unit, which joins where it was not there. */
export const withUnit = (provider: Provider, unit: UnitName, databag: Databag): Provider => {
  const known = relationOf(provider, unit);
  const relation: Relation = known ?? {
    id: `certificates:${provider.relations}` as RelationId,
    localUnitData: {},
    localApplicationData: {},
    remoteApplication: applicationOf(unit),
    remoteApplicationData: {},
    remoteUnits: {},
  };
  const joined = { ...relation, remoteUnits: { ...relation.remoteUnits, [unit]: databag } };
  const others = provider.good.snapshot.relations.filter(({ id }) => id !== relation.id);
  return withRelations(
    { ...provider, relations: provider.relations + (known === null ? 1 : 0) },
    [...others, joined],
  );
};

/** A provider without a unit; the last one of an application takes the relation with it. */
export const withoutUnit = (provider: Provider, unit: UnitName): Provider =>
  withRelations(
    provider,
    provider.good.snapshot.relations.flatMap((relation) => {
      const left = Object.entries(relation.remoteUnits).filter(([name]) => name !== unit);
      return left.length === 0 ? [] : [{ ...relation, remoteUnits: Object.fromEntries(left) }];
    }),
  );

/** A provider whose CA is a new one; the former one stays in the chain for the overlap of the policy. */
export const withNewCa = async (provider: Provider, moment: Moment): Promise<E.Either<IssueFault, Provider>> => {
  const { authority: { state }, ca, policy } = provider;
  const rotated = await rotateAuthority(state, ca, policy.overlapDays, moment)();
  const authority = E.isLeft(rotated) ? rotated : await openAuthority(rotated.right)();
  return E.isLeft(authority) ? authority : E.right({ ...provider, authority: authority.right });
};

const keyOf = ({ unit, certType, commonName }: ProvidesRequest): string => JSON.stringify([unit, certType, commonName]);

/** Takes note of requests: a call counts for those of the unit that made it. */
const seenIn = (
  before: ReadonlyMap<string, Seen>,
  requests: ReadonlyArray<ProvidesRequest>,
  caller: UnitName | null,
  now: Date,
): ReadonlyMap<string, Seen> =>
  new Map(requests.map((request) => {
    const { at, calls } = before.get(keyOf(request)) ?? { at: now.getTime(), calls: 0 };
    return [keyOf(request), { at, calls: calls + (request.unit === caller ? 1 : 0) }];
  }));

const isLate = ({ calls = 0, seconds = 0 }: Fault, seen: Seen | undefined, now: Date): boolean =>
  seen === undefined || seen.calls <= calls || now.getTime() < seen.at + seconds * 1_000;

/** What is done to an answer; null where it is shown as it is. */
const distortionOf = async (
  fault: Fault,
  request: ProvidesRequest,
  seen: Seen | undefined,
  forger: Forger,
  now: Date,
): Promise<Distortion | null> => {
  switch (fault.fault) {
    case 'never':
      return { _tag: 'TakenAway' };
    case 'late':
      return isLate(fault, seen, now) ? { _tag: 'TakenAway' } : null;
    case 'half':
      return { _tag: 'WithoutKey' };
    case 'malformed':
      return { _tag: 'BrokenOff' };
    default: {
      const pair = await forger.forge(fault, request);
      // Better no answer than a good one where a bad one is expected.
      return pair === null ? { _tag: 'TakenAway' } : { _tag: 'Replaced', pair };
    }
  }
};

/** What is shown of what the good provider publishes. */
const shown = async (
  provider: Provider,
  { allRequests }: ProvidesView,
  caller: UnitName | null,
  { pause, ...moment }: Working,
): Promise<Provider> => {
  const { authority, ca, policy, faults, good } = provider;
  const seen = seenIn(provider.seen, allRequests, caller, moment.now);
  const forger = new Forger(provider.forgeries, { authority, ca, policy, moment });
  const distorted: Array<Distorted> = [];
  const requests: Array<ShownRequest> = [];
  for (const request of allRequests) {
    const fault = request.cert === null ? null : faultFor(faults, request);
    pause();
    const distortion = fault === null
      ? null
      : await distortionOf(fault, request, seen.get(keyOf(request)), forger, moment.now);
    if (distortion !== null) distorted.push({ request, distortion });
    requests.push({
      request,
      fault: distortion === null ? null : fault?.fault ?? null,
      isAnswered: request.cert !== null && distortion?._tag !== 'TakenAway',
    });
  }
  return {
    ...provider,
    seen,
    forgeries: forger.forgeries,
    requests,
    shown: new Map(good.snapshot.relations.map(({ id, localUnitData }) => [
      id,
      distort(localUnitData, distorted.filter(({ request: { relationId } }) => relationId === id)),
    ])),
  };
};

/** What is asked of a provider, before it answers. */
export const requestsOf = ({ good: { snapshot, memory } }: Provider): number =>
  provides.decide(snapshot, provides.nothing, memory).view.allRequests.length;

/**
 * A provider that has done what is due now: a CA near its end was replaced, new requests were answered, old answers were given anew. The
 * caller is the unit whose databag was sent.
 */
export const settled = async (before: Provider, caller: UnitName | null, working: Working): Promise<Provider> => {
  const { now, random, pause } = working;
  const isDue = isDueForRotation(before.authority, before.policy, now);
  const replaced = isDue ? await withNewCa(before, working) : E.right(before);
  const provider = E.isRight(replaced) ? replaced.right : before;
  // What a date writes is a timestamp.
  const snapshot = { ...provider.good.snapshot, now: now.toISOString() as Timestamp };
  const { authority, policy } = provider;
  const work = { authority, policy, moment: { now, random }, onProgress: pause };
  const outcome = await decideAndReact({ snapshot, memory: provider.good.memory }, {
    side: provides,
    intent: provides.nothing,
    react: ({ view }) => answerRequests(work, view)(),
  });
  const good = { snapshot: snapshotAfter(snapshot, outcome.writes), memory: outcome.memory };
  return await shown({ ...provider, good, findings: outcome.findings }, outcome.view, caller, working);
};
