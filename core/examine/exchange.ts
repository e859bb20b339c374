/**
 * What two sides said to each other: one requirer on one relation, what it asked for, and what the provider published to it.
 *
 * A requirer is a unit or, in the CSR protocol, an application. Exchanges come from an input document of any side, or from the output of
 * `juju show-unit`; null means not seen.
 *
 * @module
 */
import { ANSWER_KEYS, REQUIRER_KEYS } from '../csr/wire.ts';
import { lookup } from '../databag/lookup.ts';
import { type ApplicationName, applicationOf, type RelationId, type UnitName } from '../model/names.ts';
import type { Databag, Relation, Snapshot, Timestamp } from '../model/snapshot.ts';
import { trustRelations } from '../trust/relations.ts';
import type { TrustExchange } from './trust-exchange.ts';

/** What the applications of a relation published. All exchanges of the relation share one object, which is read once. */
export interface ApplicationBags {
  /** The requirer's application databag; null if nobody saw it. */
  readonly asked: Databag | null;
  /** The provider's application databag; null if nobody saw it. */
  readonly published: Databag | null;
  /** The provider's application; null if nobody saw it. */
  readonly provider: ApplicationName | null;
  /** Whether every databag of the requirer was seen, so that a CSR in none of them is not requested by anybody. */
  readonly isWhole: boolean;
  /** Whether it was assumed, rather than seen, which application published what. */
  readonly isAssumed: boolean;
}

/**
 * What exchanges of units and of applications have in common.
 *
 * @internal
 */
interface Common {
  readonly relationId: RelationId;
  /** What the requirer published; null if nobody saw it. */
  readonly asked: Databag | null;
  /** What each provider unit published, by unit name; null if nobody saw it. */
  readonly providers: Readonly<Record<UnitName, Databag>> | null;
  /** What the applications published; absent if nothing is known about them. */
  readonly applications?: ApplicationBags;
  /** Since when the requirer has waited for a certificate, where it remembers that. */
  readonly waitingSince?: Timestamp;
}

/** One requirer unit and its providers on one relation. */
export interface UnitExchange extends Common {
  /** It is a unit that asks. */
  readonly isApplication?: false;
  /** E.g. `web/0`. */
  readonly requirer: UnitName;
}

/** A requirer's application, which asks only in the CSR protocol: `asked` is its own databag. */
export interface ApplicationExchange extends Common {
  /** It is an application that asks. */
  readonly isApplication: true;
  /** E.g. `web`. */
  readonly requirer: ApplicationName;
}

/** One requirer and its providers on one relation. */
export type Exchange = UnitExchange | ApplicationExchange;

/** A relation on which nobody has published anything yet, apart from what Juju itself publishes. */
export interface SilentRelation {
  /** The relation. */
  readonly relationId: RelationId;
  /** The applications on it that were seen. */
  readonly applications: ReadonlyArray<ApplicationName>;
}

/** Everything to examine together. */
export interface Exchanges {
  /** What was observed. */
  readonly exchanges: ReadonlyArray<Exchange>;
  /** Relations of `certificate_transfer` beside them; none by default. */
  readonly trust?: ReadonlyArray<TrustExchange>;
  /** Relations that may be about certificates, and say nothing yet. */
  readonly silent?: ReadonlyArray<SilentRelation>;
  /** The current time; without it, validity periods are not judged. */
  readonly now: Timestamp | null;
}

/** A relation as far as it was seen. */
export interface SeenRelation {
  /** E.g. `certificates:3`. */
  readonly relationId: RelationId;
  /** The requirer's application. */
  readonly application: ApplicationName;
  /** The requirer's units; null for one whose databag was not seen. */
  readonly units: Iterable<readonly [UnitName, Databag | null]>;
  /** Databags of the provider's units; null where they are not known. */
  readonly providers: Readonly<Record<UnitName, Databag>> | null;
  /** Databags of both applications. */
  readonly applications: ApplicationBags;
}

/** Whether the applications' databags contain anything of the CSR protocol. */
const concernsApplication = ({ asked, published }: ApplicationBags): boolean =>
  lookup(asked ?? {}, REQUIRER_KEYS.requests) !== null ||
  ANSWER_KEYS.some((key) => lookup(published ?? {}, key) !== null);

/**
 * The exchanges of a relation: one for each unit of the requirer, and one for its application if it may ask. If nothing belongs to the CSR
 * protocol, the applications do not take part.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { type ApplicationName, exchangesOfRelation, type UnitName } from 'interface-tls-certificates/examine';
 * import type { RelationId } from 'interface-tls-certificates';
 * const exchanges = exchangesOfRelation({
 *   relationId: 'certificates:3' as RelationId,
 *   application: 'web' as ApplicationName,
 *   units: [['web/0' as UnitName, {}]],
 *   providers: null,
 *   applications: { asked: null, published: { certificates: '[]' }, provider: null, isWhole: false, isAssumed: false },
 * });
 * assert.deepEqual(exchanges.map(({ requirer }) => requirer), ['web/0', 'web']);
 * ```
 */
export const exchangesOfRelation = (
  { relationId, application, units, providers, applications }: SeenRelation,
): ReadonlyArray<Exchange> => {
  const all = [...units];
  const asksAsApplication = concernsApplication(applications);
  const isCsr = asksAsApplication || all.some(([, bag]) => lookup(bag ?? {}, REQUIRER_KEYS.requests) !== null);
  if (!isCsr) return all.map(([requirer, asked]) => ({ relationId, requirer, asked, providers }));
  const { asked } = applications;
  return [
    ...all.map(([requirer, asked]): Exchange => ({ relationId, requirer, asked, providers, applications })),
    ...(asksAsApplication
      ? [{ relationId, requirer: application, isApplication: true as const, asked, providers, applications }]
      : []),
  ];
};

/** Only a leader reads its application's databag: an empty one elsewhere was not seen. */
const ownApplicationData = ({ localApplicationData: own }: Relation, isLeader: boolean): Databag | null =>
  isLeader || Object.keys(own).length > 0 ? own : null;

/** The application on the other side: as the snapshot says, otherwise that of its units; null if there are none. */
const otherApplication = ({ remoteApplication, remoteUnits }: Relation): ApplicationName | null => {
  // The name that a snapshot gives to an application is one, and the keys of this map are unit names.
  if (remoteApplication !== undefined) return remoteApplication as ApplicationName;
  const [first] = Object.keys(remoteUnits);
  return first === undefined ? null : applicationOf(first as UnitName);
};

/**
 * The exchanges that a requirer's snapshot shows: one per relation, and one more if the application asks or others are answered.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decodeInput } from 'interface-tls-certificates';
 * import { exchangesOfRequirer } from 'interface-tls-certificates/examine';
 * const relations = [{ id: 'certificates:3', localUnitData: { common_name: 'web.example' }, remoteUnits: { 'easyrsa/0': {} } }];
 * const input = decodeInput({ side: 'reactive/requires', snapshot: { localUnit: 'web/0', endpoint: 'certificates', relations } });
 * if (input._tag === 'Left') throw new Error(input.left.message);
 * const seen = exchangesOfRequirer(input.right.snapshot);
 * assert.equal(seen.exchanges[0]?.asked?.['common_name'], 'web.example');
 * ```
 */
export const exchangesOfRequirer = ({ localUnit, isLeader, relations, now }: Snapshot): Exchanges => ({
  exchanges: relations.flatMap((relation) =>
    exchangesOfRelation({
      relationId: relation.id,
      application: applicationOf(localUnit),
      units: [[localUnit, relation.localUnitData]],
      providers: relation.remoteUnits,
      applications: {
        asked: ownApplicationData(relation, isLeader),
        published: relation.remoteApplicationData,
        provider: otherApplication(relation),
        // The application may have other units.
        isWhole: false,
        isAssumed: false,
      },
    })
  ),
  now: now ?? null,
});

/**
 * The exchanges that a provider's snapshot shows: one per relation and requirer unit, and one for each application that asks.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decodeInput } from 'interface-tls-certificates';
 * import { exchangesOfProvider } from 'interface-tls-certificates/examine';
 * const relations = [{ id: 'certificates:3', localUnitData: { ca: 'CA' }, remoteUnits: { 'web/0': {}, 'web/1': {} } }];
 * const input = decodeInput({ side: 'reactive/provides', snapshot: { localUnit: 'easyrsa/0', endpoint: 'certificates', relations } });
 * if (input._tag === 'Left') throw new Error(input.left.message);
 * assert.deepEqual(exchangesOfProvider(input.right.snapshot).exchanges.map(({ requirer }) => requirer), ['web/0', 'web/1']);
 * ```
 */
export const exchangesOfProvider = ({ localUnit, isLeader, relations, now }: Snapshot): Exchanges => ({
  exchanges: relations.flatMap((relation) =>
    exchangesOfRelation({
      relationId: relation.id,
      // If nobody is named, the relation is.
      application: otherApplication(relation) ?? relation.id as string as ApplicationName,
      // The keys of this map are unit names.
      units: Object.entries(relation.remoteUnits).map(([unit, asked]) => [unit as UnitName, asked]),
      // One object for all: an examination looks into it once, however many units ask.
      providers: { [localUnit]: relation.localUnitData },
      applications: {
        asked: relation.remoteApplicationData,
        published: ownApplicationData(relation, isLeader),
        provider: applicationOf(localUnit),
        isWhole: true,
        isAssumed: false,
      },
    })
  ),
  now: now ?? null,
});

/** What a snapshot of either side of `certificate_transfer` shows. */
const trustIn = (snapshot: Snapshot, of: (relation: Relation) => Partial<TrustExchange>): Exchanges => ({
  exchanges: [],
  trust: trustRelations(snapshot).map(({ relation, units }) => ({
    relationId: relation.id,
    requirer: null,
    provider: null,
    application: null,
    units,
    areRolesAssumed: false,
    ...of(relation),
  })),
  now: snapshot.now ?? null,
});

/**
 * What a snapshot of `trust/requires` shows: the CA certificates that others hand out to this application.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { Snapshot } from 'interface-tls-certificates';
 * import { exchangesOfTrusting } from 'interface-tls-certificates/examine';
 * const relation = { id: 'receive-ca:4', localUnitData: {}, remoteUnits: { 'ca/0': {} }, remoteApplicationData: { certificates: '[]' } };
 * const read = Snapshot.decode({ localUnit: 'web/0', endpoint: 'receive-ca', relations: [relation] });
 * if (read._tag === 'Left') throw new Error('not a snapshot');
 * assert.equal(exchangesOfTrusting(read.right).trust?.[0]?.provider, 'ca');
 * ```
 */
export const exchangesOfTrusting = (snapshot: Snapshot): Exchanges =>
  trustIn(snapshot, (relation) => ({
    requirer: applicationOf(snapshot.localUnit),
    provider: otherApplication(relation),
    application: relation.remoteApplicationData,
  }));

/**
 * What a snapshot of `trust/provides` shows: the CA certificates that this unit and its application hand out.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { Snapshot } from 'interface-tls-certificates';
 * import { exchangesOfHandingOut } from 'interface-tls-certificates/examine';
 * const relation = { id: 'send-ca:4', localUnitData: {}, localApplicationData: { certificates: '[]' }, remoteUnits: { 'web/0': {} } };
 * const read = Snapshot.decode({ localUnit: 'ca/0', endpoint: 'send-ca', isLeader: true, relations: [relation] });
 * if (read._tag === 'Left') throw new Error('not a snapshot');
 * assert.equal(exchangesOfHandingOut(read.right).trust?.[0]?.requirer, 'web');
 * ```
 */
export const exchangesOfHandingOut = (snapshot: Snapshot): Exchanges =>
  trustIn(snapshot, (relation) => ({
    requirer: otherApplication(relation),
    provider: applicationOf(snapshot.localUnit),
    application: ownApplicationData(relation, snapshot.isLeader),
    units: [{ unit: snapshot.localUnit, bag: relation.localUnitData }],
  }));
