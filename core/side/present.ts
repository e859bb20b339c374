/**
 * Which relations of an endpoint count in a hook, in which order they are read, and which of them is asked.
 *
 * Source: docs/reactive-protocol.md section 4, D24.
 *
 * @module
 */
import { byCodePoint } from '../model/order.ts';
import type { UnitName } from '../model/names.ts';
import type { Databag, Relation, Snapshot } from '../model/snapshot.ts';
import { departingFrom } from './departed.ts';

/** A relation with the remote units that count, in the order of their names as strings. */
export interface PresentRelation {
  readonly relation: Relation;
  readonly units: ReadonlyArray<{ readonly unit: UnitName; readonly bag: Databag }>;
}

/**
 * The relations that count, in the order of their ids as strings. The departing unit does not count, and a relation that it
 * leaves without units is gone; one that never had any is there.
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
 * The relation that requests go to: the one that carries some already, while it has units; else the first that has units; else
 * the first.
 */
export const relationToAsk = <R extends PresentRelation>(
  relations: ReadonlyArray<R>,
  carries: (relation: R) => boolean,
): R | null => {
  const joined = relations.filter(({ units }) => units.length > 0);
  return joined.find(carries) ?? joined[0] ?? relations[0] ?? null;
};

/** The same relations, `first` before the others. */
export const startingWith = <R>(first: R, all: ReadonlyArray<R>): ReadonlyArray<R> => [
  first,
  ...all.filter((relation) => relation !== first),
];
