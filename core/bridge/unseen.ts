/**
 * A unit of a bridge that is new in a relation below: the units on the other side join it one by one, and until then it does not see what
 * they ask for. Where it leads already, it would take their requests for withdrawn and have everything issued anew.
 *
 * So for an hour from the hook in which a relation is created for a unit, what was published for the relation before is held. The hour ends
 * early once there is nothing left to hold.
 *
 * @module
 */
import { type Millis, timestampOf } from '../csr/expiry.ts';
import type { RelationId } from '../model/names.ts';
import type { BridgeInput } from './decision.ts';
import type { UnseenRelation } from './table.ts';

/** In milliseconds: all units have joined long before. */
export const NEW: Millis = 3_600_000;

/**
 * The relations that are not fully seen yet. `isServed` tells whether something is published for a relation: where nothing is, its leader has
 * seen it from the beginning.
 */
export const unseenIn = (
  { snapshot: { isLeader, created, relations }, table }: Pick<BridgeInput, 'snapshot' | 'table'>,
  isServed: (id: RelationId) => boolean,
  now: Millis | null,
): ReadonlyArray<UnseenRelation> => {
  const present = new Set(relations.map(({ id }) => id));
  const before = table.unseen.filter(({ relationId, since }) =>
    relationId !== created && present.has(relationId) &&
    (now === null || Math.abs(now - Date.parse(since)) < NEW)
  );
  return created === undefined || (isLeader && !isServed(created))
    ? before
    : [...before, { relationId: created, since: timestampOf(now ?? 0) }];
};
