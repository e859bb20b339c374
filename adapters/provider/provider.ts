/**
 * A provider that can be told to do wrong: a good one, whose CA answers as a charm's would, and what is shown of it.
 *
 * It is a value; what happens to it makes another one, and settled.ts then does what is due. Private keys are in it, and come out in databags only.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import {
  createAuthority,
  type Moment,
  type NewAuthority,
  type OpenAuthority,
  openAuthority,
  type Policy,
  rotateAuthority,
  withSharedClient,
} from '../../core/authority/mod.ts';
import type { Finding } from '../../core/model/finding.ts';
import { emptyMemory } from '../../core/model/memory.ts';
import type { RelationId, UnitName } from '../../core/model/names.ts';
import type { Databag, Relation } from '../../core/model/snapshot.ts';
import type { ProvidesRequest } from '../../core/reactive/provides/view.ts';
import type { IssueFault } from '../../core/x509/mod.ts';
import type { State } from '../host.ts';
import type { Fault, FaultName } from './fault.ts';
import { type Forgeries, noForgeries } from './forge.ts';
import type { SessionOptions } from './options.ts';

/** The provider's unit, in whose name it answers. */
export const PROVIDER = 'provider/0' as UnitName;

/** When a request was seen first, and in how many calls since. */
export interface Seen {
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

/** A provider whose shared client certificate is as its policy has it. */
export const withSharedPair = async (provider: Provider, moment: Moment): Promise<Provider> => {
  const { authority, policy } = provider;
  return { ...provider, authority: { ...authority, state: await withSharedClient(authority, policy, moment)() } };
};

/** A provider whose CA is a new one, at once; the former one stays trusted for the overlap of the policy. */
export const withNewCa = async (provider: Provider, moment: Moment): Promise<E.Either<IssueFault, Provider>> => {
  const { authority: { state }, ca, policy } = provider;
  const rotated = await rotateAuthority(state, ca, policy.overlapDays, moment)();
  const authority = E.isLeft(rotated) ? rotated : await openAuthority(rotated.right)();
  return E.isLeft(authority) ? authority : E.right({ ...provider, authority: authority.right });
};
