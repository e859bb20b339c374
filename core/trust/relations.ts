/**
 * The relations of an endpoint for trust: all of them, for an application's databag counts even while none of its units is there.
 *
 * @module
 */
import { byCodePoint } from '../model/order.ts';
import type { UnitName } from '../model/names.ts';
import type { Databag, Relation, Snapshot } from '../model/snapshot.ts';
import { departingFrom } from '../side/departed.ts';

/** A relation with the units of the other side that count, in the order of their names. */
export interface TrustRelation {
  readonly relation: Relation;
  readonly units: ReadonlyArray<{ readonly unit: UnitName; readonly bag: Databag }>;
}

/** The relations in the order of their ids as strings; a unit that is departing does not count. */
export const trustRelations = (snapshot: Snapshot): ReadonlyArray<TrustRelation> =>
  [...snapshot.relations].sort((a, b) => byCodePoint(a.id, b.id)).map((relation) => {
    const leaving = departingFrom(relation, snapshot);
    return {
      relation,
      units: Object.entries(relation.remoteUnits)
        .filter(([unit]) => unit !== leaving)
        .sort(([a], [b]) => byCodePoint(a, b))
        // The keys of this map are unit names.
        .map(([unit, bag]) => ({ unit: unit as UnitName, bag })),
    };
  });

/** The application on the other side; null where Juju does not say. */
export const applicationOf = ({ relation, units }: TrustRelation): string | null =>
  relation.remoteApplication ?? units[0]?.unit.split('/')[0] ?? null;
