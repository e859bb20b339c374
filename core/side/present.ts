/**
 * Which relations of an endpoint count in a hook, in which order they are read, and which one carries the requests.
 *
 * Source: docs/reactive-protocol.md section 4, D24.
 *
 * @module
 */
import { byCodePoint } from '../model/order.ts';
import type { UnitName } from '../model/names.ts';
import type { Databag, Relation, Snapshot } from '../model/snapshot.ts';
import { departingFrom } from './departed.ts';

/** A relation with the remote units that count, ordered by name as strings. */
export interface PresentRelation {
  readonly relation: Relation;
  readonly units: ReadonlyArray<{ readonly unit: UnitName; readonly bag: Databag }>;
}

/**
 * The relations that count, ordered by id as strings. The departing unit does not count. A relation that loses its last unit that way is
 * gone; one that never had a unit still counts.
 */
export const presentRelations = (snapshot: Snapshot): ReadonlyArray<PresentRelation> =>
  [...snapshot.relations]
    .sort((a, b) => byCodePoint(a.id, b.id))
    .flatMap((relation) => {
      const leaving = departingFrom(relation, snapshot);
      const units = Object.entries(relation.remoteUnits)
        .filter(([unit]) => unit !== leaving)
        .sort(([a], [b]) => byCodePoint(a, b))
        // The keys of this map are unit names.
        .map(([unit, bag]) => ({ unit: unit as UnitName, bag }));
      return leaving !== null && units.length === 0 ? [] : [{ relation, units }];
    });

/**
 * The relation that carries the requests: the one that carries some already, as long as it has units; otherwise the first one with units;
 * otherwise the first.
 */
export const relationToAsk = <R extends PresentRelation>(
  relations: ReadonlyArray<R>,
  carries: (relation: R) => boolean,
): R | null => {
  const joined = relations.filter(({ units }) => units.length > 0);
  return joined.find(carries) ?? joined[0] ?? relations[0] ?? null;
};

/** The same relations, with `first` before the others. */
export const startingWith = <R>(first: R, all: ReadonlyArray<R>): ReadonlyArray<R> => [
  first,
  ...all.filter((relation) => relation !== first),
];
