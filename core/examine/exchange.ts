/**
 * What two sides said to each other: one requirer unit on one relation, what it asked, and what every provider unit published to it.
 *
 * Exchanges come from an input document of either side, or from what `juju show-unit` printed; what was not seen is null.
 *
 * @module
 */
import type { RelationId, UnitName } from '../model/names.ts';
import type { Databag, Snapshot, Timestamp } from '../model/snapshot.ts';

/** One requirer unit and its providers on one relation. */
export interface Exchange {
  readonly relationId: RelationId;
  readonly requirer: UnitName;
  /** What the requirer unit published; null where nobody saw it. */
  readonly asked: Databag | null;
  /** What each provider unit published, by unit name; null where nobody saw it. */
  readonly providers: Readonly<Record<UnitName, Databag>> | null;
}

/** All that is to be examined together. */
export interface Exchanges {
  readonly exchanges: ReadonlyArray<Exchange>;
  /** The present; without it nothing is said about validity periods. */
  readonly now: Timestamp | null;
}

/**
 * The exchanges that a requirer's snapshot shows: one per relation.
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
export const exchangesOfRequirer = ({ localUnit, relations, now }: Snapshot): Exchanges => ({
  exchanges: relations.map(({ id, localUnitData, remoteUnits }) => ({
    relationId: id,
    requirer: localUnit,
    asked: localUnitData,
    providers: remoteUnits,
  })),
  now: now ?? null,
});

/**
 * The exchanges that a provider's snapshot shows: one per relation and requirer unit.
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
export const exchangesOfProvider = ({ localUnit, relations, now }: Snapshot): Exchanges => ({
  exchanges: relations.flatMap(({ id, localUnitData, remoteUnits }) => {
    // One object for all: an examination looks into it once, however many units ask.
    const providers = { [localUnit]: localUnitData };
    return Object.entries(remoteUnits).map(([unit, asked]) => ({
      relationId: id,
      // The keys of this map are unit names.
      requirer: unit as UnitName,
      asked,
      providers,
    }));
  }),
  now: now ?? null,
});
