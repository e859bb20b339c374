/**
 * A new unit of a bridge: the relations below are created for it one by one, and the units on the other side join it one by one. Until then
 * it does not see what they request. If it already leads, it would take their requests as withdrawn and have everything reissued.
 *
 * To prevent this, two things are held. For an hour from the unit's first hook: what was published for a relation that it has never seen.
 * For an hour from the hook that creates a relation for it: what was published for that relation before. The second ends early once there
 * is nothing to hold.
 *
 * @module
 */
import { type Millis, timestampOf } from '../csr/expiry.ts';
import type { RelationId } from '../model/names.ts';
import type { BridgeInput } from './decision.ts';
import type { BridgeTable } from './table.ts';

/** In milliseconds: all units have joined long before. */
export const NEW: Millis = 3_600_000;

/** What a unit has seen of the relations below. */
export interface Sight {
  /** Whether some requests on a relation may not be visible yet. */
  readonly isUnseen: (relationId: RelationId) => boolean;
  /** Whether that may be true of any relation. */
  readonly hasUnseen: boolean;
  /** What to keep of this. */
  readonly kept: Pick<BridgeTable, 'unseen' | 'known' | 'since'>;
}

/**
 * Works out what a unit has seen. `isServed` tells whether something is published for a relation: if nothing is, its leader has seen it
 * from the beginning.
 */
export const sightOf = (
  { snapshot: { isLeader, created, relations }, table }: Pick<BridgeInput, 'snapshot' | 'table'>,
  isServed: (id: RelationId) => boolean,
  now: Millis | null,
): Sight => {
  const isNew = (since: string): boolean => now === null || Math.abs(now - Date.parse(since)) < NEW;
  const present = new Set(relations.map(({ id }) => id));
  const known = new Set([...table.known, ...present]);
  const since = table.since ?? timestampOf(now ?? 0);
  const before = table.unseen.filter((one) =>
    one.relationId !== created && present.has(one.relationId) && isNew(one.since)
  );
  const unseen = created === undefined || (isLeader && !isServed(created))
    ? before
    : [...before, { relationId: created, since: timestampOf(now ?? 0) }];
  const notFully = new Set(unseen.map(({ relationId }) => relationId));
  return {
    isUnseen: (id) => notFully.has(id) || (!known.has(id) && isNew(since)),
    hasUnseen: unseen.length > 0 || isNew(since),
    kept: { unseen, known: [...known], since },
  };
};
