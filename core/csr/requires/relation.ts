/**
 * One relation of the requirer during a decision, and which of them carries the requests.
 *
 * @module
 */
import { digestOf } from '../../digest.ts';
import type { Bag } from '../../model/outcome.ts';
import type { Digest, Remembered } from '../../model/memory.ts';
import type { RelationId } from '../../model/names.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { type PresentRelation, presentRelations } from '../../side/present.ts';
import type { KnownCsr, Texts } from '../texts.ts';
import { type Said, saidOn } from './answers.ts';
import type { OwnersKeys } from './keys.ts';
import { ownBags } from '../leader.ts';
import { type OwnBag, readOwn } from './own-bag.ts';
import type { AllWanted } from './wanted.ts';

/** A relation with what both sides have published on it. */
export interface AskedRelation extends PresentRelation {
  readonly said: Said;
  /** The databags that this unit writes: its own, and on the leader the application's. */
  readonly own: ReadonlyArray<OwnBag>;
}

/** Reads all relations that count, in the order of their ids. */
export const askedRelations = (snapshot: Snapshot, texts: Texts): ReadonlyArray<AskedRelation> =>
  presentRelations(snapshot).map((present) => ({
    ...present,
    said: saidOn(present.relation, texts),
    own: ownBags(snapshot).map((bag) => readOwn(present.relation, bag, texts)),
  }));

/** The name of the note that records which relation carried the requests last. */
export const ASKED_NOTE = 'csr.asked';

/** The note about a relation. */
export const askedNote = (id: RelationId): Digest => digestOf([id]);

/**
 * The relation that carries the requests: the one with a CSR that is wanted and whose key is in force, as long as it has units; otherwise
 * the one that carried them last, so that a changed request does not move; otherwise one with any CSR, the first one with units, or the
 * first.
 */
export const relationToAsk = (
  relations: ReadonlyArray<AskedRelation>,
  { goalOf }: AllWanted,
  keys: { readonly [B in Bag]: OwnersKeys },
  askedLast: Remembered | undefined,
): AskedRelation | null => {
  const joined = relations.filter(({ units }) => units.length > 0);
  const carries = (counts: (csr: KnownCsr, bag: Bag, isCa: boolean) => boolean) => ({ own }: AskedRelation): boolean =>
    own.some(({ bag, entries }) => entries.some(({ value: { known, isCa } }) => counts(known, bag, isCa)));
  const isWanted = (csr: KnownCsr, bag: Bag, isCa: boolean): boolean => goalOf(csr, bag, isCa) !== null;
  const isInForce = (csr: KnownCsr, bag: Bag): boolean => keys[bag].rankOf(csr.publicKey) === 'in force';
  return joined.find(carries((csr, bag, isCa) => isWanted(csr, bag, isCa) && isInForce(csr, bag))) ??
    joined.find(({ relation }) => askedNote(relation.id) === askedLast) ??
    joined.find(carries(isWanted)) ?? joined.find(carries(() => true)) ?? joined[0] ?? relations[0] ?? null;
};
