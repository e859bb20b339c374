/**
 * A provider that can be told to misbehave: a correct one, whose CA answers as a charm's would, and what is shown of it.
 *
 * It is a value; each event makes another one, and caught-up.ts then does what is due. It contains private keys, which only leave it in
 * databags.
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
import type { CertType, KeyPair } from '../../core/model/certificate.ts';
import type { Finding } from '../../core/model/finding.ts';
import { emptyMemory } from '../../core/model/memory.ts';
import type { RelationId, UnitName } from '../../core/model/names.ts';
import type { Databag, Relation } from '../../core/model/snapshot.ts';
import type { IssueFault } from '../../core/x509/mod.ts';
import type { State } from '../host.ts';
import type { Fault, FaultName } from './fault.ts';
import { type Forgeries, noForgeries } from './forge.ts';
import type { Heard, SessionOptions } from './options.ts';
import type { ProtocolName } from './protocol.ts';
import type { Seen } from './seen.ts';

/** The provider's units. */
const unitNumber = (n: number): UnitName => `provider/${n}` as UnitName;

/** What a change needs. */
export interface Working extends Moment {
  /** Called between two requests; throws to give up. */
  readonly pause: () => void;
}

/** What somebody requests, and what they are shown. */
export interface ShownRequest {
  /** The relation that it came by. */
  readonly relationId: RelationId;
  /** Null for the request of an application, which the CSR protocol has. */
  readonly unit: UnitName | null;
  /** Null if the request does not say. */
  readonly certType: CertType | null;
  /** The name that is asked for. */
  readonly commonName: string;
  /** What is shown, including faults. `refused` only exists in the CSR protocol: the other one has no words for it. */
  readonly state: 'answered' | 'refused' | 'unanswered';
  /** The present misbehaviour towards it. */
  readonly fault: FaultName | null;
}

/** What a provider publishes on a relation. */
export interface ShownBags {
  /** Of its unit, including private keys. */
  readonly unit: Databag;
  /** Of its application. */
  readonly application: Databag;
}

/** A provider at a moment. */
export interface Provider {
  readonly protocol: ProtocolName;
  readonly authority: OpenAuthority;
  readonly ca: NewAuthority;
  readonly policy: Policy;
  readonly faults: ReadonlyArray<Fault>;
  /** What the correct provider sees and remembers, with the databags that it publishes. */
  readonly good: State;
  readonly seen: ReadonlyMap<string, Seen>;
  /** Pairs for the reactive protocol, certificates for the CSR protocol. */
  readonly forgedPairs: Forgeries<KeyPair>;
  readonly forgedCertificates: Forgeries<string>;
  /** How many relations there have been: their ids are not reused. */
  readonly relations: number;
  /** How many units have led so far. */
  readonly leaders: number;
  readonly shown: ReadonlyMap<RelationId, ShownBags>;
  readonly requests: ReadonlyArray<ShownRequest>;
  readonly findings: ReadonlyArray<Finding>;
}

/** A provider without any requests. `Left` for an impossible CA. */
export const openProvider = async (
  { ca, policy, protocol, faults }: SessionOptions,
  moment: Moment,
): Promise<E.Either<IssueFault, Provider>> => {
  const created = await createAuthority(ca, moment)();
  const authority = E.isLeft(created) ? created : await openAuthority(created.right)();
  return E.isLeft(authority) ? authority : E.right({
    protocol,
    authority: authority.right,
    ca,
    policy,
    faults,
    good: {
      snapshot: { localUnit: unitNumber(0), endpoint: 'certificates', isLeader: true, relations: [] },
      memory: emptyMemory,
    },
    seen: new Map(),
    forgedPairs: noForgeries(),
    forgedCertificates: noForgeries(),
    relations: 0,
    leaders: 1,
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

/** A provider that sees what a unit publishes; a new unit joins. */
export const withUnit = (
  provider: Provider,
  { unit, databag, applicationDatabag }: Heard,
): Provider => {
  const known = relationOf(provider, unit);
  const relation: Relation = known ?? {
    id: `certificates:${provider.relations}` as RelationId,
    localUnitData: {},
    localApplicationData: {},
    remoteApplication: applicationOf(unit),
    remoteApplicationData: {},
    remoteUnits: {},
  };
  const joined: Relation = {
    ...relation,
    remoteApplicationData: applicationDatabag ?? relation.remoteApplicationData,
    remoteUnits: { ...relation.remoteUnits, [unit]: databag },
  };
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

/**
 * A provider with or without a leader, as its faults say. A leader that comes after a time without one is another unit, which remembers
 * nothing, since a unit's memory is its own.
 */
export const withLeader = (provider: Provider): Provider => {
  const { faults, leaders, good: { snapshot, memory } } = provider;
  const isLeader = !faults.some(({ fault }) => fault === 'no-leader');
  if (isLeader === snapshot.isLeader) return provider;
  if (!isLeader) return { ...provider, good: { snapshot: { ...snapshot, isLeader }, memory } };
  const led = { ...snapshot, isLeader, localUnit: unitNumber(leaders) };
  return { ...provider, leaders: leaders + 1, good: { snapshot: led, memory: emptyMemory } };
};

/** A provider whose shared client certificate follows its policy. */
export const withSharedPair = async (provider: Provider, moment: Moment): Promise<Provider> => {
  const { authority, policy } = provider;
  return { ...provider, authority: { ...authority, state: await withSharedClient(authority, policy, moment)() } };
};

/** A provider with a new CA, immediately; the former one stays trusted for the overlap of the policy. */
export const withNewCa = async (provider: Provider, moment: Moment): Promise<E.Either<IssueFault, Provider>> => {
  const { authority: { state }, ca, policy } = provider;
  const rotated = await rotateAuthority(state, ca, policy.overlapDays, moment)();
  const authority = E.isLeft(rotated) ? rotated : await openAuthority(rotated.right)();
  return E.isLeft(authority) ? authority : E.right({ ...provider, authority: authority.right });
};
