/**
 * What two sides said to each other: one requirer on one relation, what it asked, and what the provider published to it.
 *
 * A requirer is a unit or, in the CSR protocol, an application. Exchanges come from an input document of any side, or from what
 * `juju show-unit` printed; what was not seen is null.
 *
 * @module
 */
import { ANSWER_KEYS, REQUIRER_KEYS } from '../csr/wire.ts';
import { lookup } from '../databag/lookup.ts';
import { type ApplicationName, applicationOf, type RelationId, type UnitName } from '../model/names.ts';
import type { Databag, Relation, Snapshot, Timestamp } from '../model/snapshot.ts';

/** What the applications of a relation published. One object for all exchanges of the relation: it is read once. */
export interface ApplicationBags {
  /** The requirer's application databag; null where nobody saw it. */
  readonly asked: Databag | null;
  /** The provider's application databag; null where nobody saw it. */
  readonly published: Databag | null;
  /** The provider's application; null where nobody saw it. */
  readonly provider: ApplicationName | null;
  /** Whether every databag of the requirer was seen, so that a CSR that is in none of them is one that nobody asks with. */
  readonly isWhole: boolean;
  /** Whether it was assumed, and not seen, which application published what. */
  readonly isAssumed: boolean;
}

/** What exchanges of units and of applications have in common. */
interface Common {
  readonly relationId: RelationId;
  /** What the requirer published; null where nobody saw it. */
  readonly asked: Databag | null;
  /** What each provider unit published, by unit name; null where nobody saw it. */
  readonly providers: Readonly<Record<UnitName, Databag>> | null;
  /** What the applications published; absent where nothing is known of them. */
  readonly applications?: ApplicationBags;
}

/** One requirer unit and its providers on one relation. */
export interface UnitExchange extends Common {
  readonly isApplication?: false;
  readonly requirer: UnitName;
}

/** A requirer's application, which asks in the CSR protocol only: `asked` is its own databag. */
export interface ApplicationExchange extends Common {
  readonly isApplication: true;
  readonly requirer: ApplicationName;
}

/** One requirer and its providers on one relation. */
export type Exchange = UnitExchange | ApplicationExchange;

/** A relation on which nobody has published anything yet but what Juju publishes itself. */
export interface SilentRelation {
  readonly relationId: RelationId;
  readonly applications: ReadonlyArray<ApplicationName>;
}

/** All that is to be examined together. */
export interface Exchanges {
  readonly exchanges: ReadonlyArray<Exchange>;
  /** Relations that may be about certificates, and say nothing yet. */
  readonly silent?: ReadonlyArray<SilentRelation>;
  /** The present; without it nothing is said about validity periods. */
  readonly now: Timestamp | null;
}

/** A relation as far as it was seen. */
export interface SeenRelation {
  readonly relationId: RelationId;
  /** The requirer's application. */
  readonly application: ApplicationName;
  /** The requirer's units; null for one whose databag was not seen. */
  readonly units: Iterable<readonly [UnitName, Databag | null]>;
  readonly providers: Readonly<Record<UnitName, Databag>> | null;
  readonly applications: ApplicationBags;
}

/** Whether something in the applications' databags is of the CSR protocol. */
const concernsApplication = ({ asked, published }: ApplicationBags): boolean =>
  lookup(asked ?? {}, REQUIRER_KEYS.requests) !== null ||
  ANSWER_KEYS.some((key) => lookup(published ?? {}, key) !== null);

/**
 * The exchanges of a relation: one for each unit of the requirer, and one for its application where that may ask. Where nothing is of the
 * CSR protocol, the applications have no part in it.
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

/** Only a leader reads its application's databag: what is empty elsewhere was not seen. */
const ownApplicationData = ({ localApplicationData: own }: Relation, isLeader: boolean): Databag | null =>
  isLeader || Object.keys(own).length > 0 ? own : null;

/** The application on the other side: as the snapshot says, else that of its units; null where there are none. */
const otherApplication = ({ remoteApplication, remoteUnits }: Relation): ApplicationName | null => {
  // What a snapshot calls an application is one, and the keys of this map are unit names.
  if (remoteApplication !== undefined) return remoteApplication as ApplicationName;
  const [first] = Object.keys(remoteUnits);
  return first === undefined ? null : applicationOf(first as UnitName);
};

/**
 * The exchanges that a requirer's snapshot shows: one per relation, and one more where the application asks or others are answered.
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
      // Where nobody is named, the relation is.
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
