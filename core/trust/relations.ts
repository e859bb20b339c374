/**
 * The relations of a trust endpoint: all of them, since an application databag counts even while none of its units is there.
 *
 * @module
 */
import { byCodePoint } from '../model/order.ts';
import type { UnitName } from '../model/names.ts';
import type { Databag, Relation, Snapshot } from '../model/snapshot.ts';
import { departingFrom } from '../side/departed.ts';

/** A relation with the remote units that count, ordered by name. */
export interface TrustRelation {
  readonly relation: Relation;
  readonly units: ReadonlyArray<{ readonly unit: UnitName; readonly bag: Databag }>;
}

/** The relations, ordered by id as strings; a departing unit does not count. */
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

/** The application on the other side; null if Juju does not say. */
export const applicationOf = ({ relation, units }: TrustRelation): string | null =>
  relation.remoteApplication ?? units[0]?.unit.split('/')[0] ?? null;
