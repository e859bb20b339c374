/**
 * One relation of the requirer while it is decided on, and which of them is asked.
 *
 * @module
 */
import { digestOf } from '../../digest.ts';
import type { Bag } from '../../model/outcome.ts';
import type { Digest } from '../../model/memory.ts';
import type { RelationId } from '../../model/names.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { type PresentRelation, presentRelations } from '../../side/present.ts';
import type { Texts } from '../texts.ts';
import { type Said, saidOn } from './answers.ts';
import { type OwnBag, readOwn } from './own-bag.ts';
import type { AllWanted } from './wanted.ts';

/** A relation with what both sides have published on it. */
export interface AskedRelation extends PresentRelation {
  readonly said: Said;
  /** The bags that this unit writes: its own, and on the leader the application's. */
  readonly own: ReadonlyArray<OwnBag>;
}

/** The bags that a unit reads and writes as its own: only the leader the application's, even where a snapshot has it. */
const ownBags = ({ isLeader }: Snapshot): ReadonlyArray<Bag> => (isLeader ? ['unit', 'application'] : ['unit']);

/** Reads all relations that count, in the order of their ids. */
export const askedRelations = (snapshot: Snapshot, texts: Texts): ReadonlyArray<AskedRelation> =>
  presentRelations(snapshot).map((present) => ({
    ...present,
    said: saidOn(present.relation, texts),
    own: ownBags(snapshot).map((bag) => readOwn(present.relation, bag, texts)),
  }));

/** The name of the note that tells which relation was asked last. */
export const ASKED_NOTE = 'csr.asked';

/** The note about a relation. */
export const askedNote = (id: RelationId): Digest => digestOf([id]);

/**
 * The relation that is asked: the one that carries a CSR which is still wanted, or else any, while it has units; else the one that was
 * asked last, so that a changed request does not move; else the first that has units, else the first.
 */
export const relationToAsk = (
  relations: ReadonlyArray<AskedRelation>,
  { goalOf }: AllWanted,
  askedLast: Digest | undefined,
): AskedRelation | null => {
  const joined = relations.filter(({ units }) => units.length > 0);
  const carries = ({ own }: AskedRelation): boolean => own.some(({ entries }) => entries.length > 0);
  const carriesWanted = ({ own }: AskedRelation): boolean =>
    own.some(({ bag, entries }) => entries.some(({ value }) => goalOf(value.known, bag, value.isCa) !== null));
  return joined.find(carriesWanted) ?? joined.find(carries) ??
    joined.find(({ relation }) => askedNote(relation.id) === askedLast) ?? joined[0] ?? relations[0] ?? null;
};
