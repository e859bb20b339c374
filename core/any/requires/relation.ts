/**
 * The relations of an endpoint with what each carries and speaks, and the one that is asked.
 *
 * Whichever protocols they speak, only one relation is asked, as on the other sides: a request has one certificate.
 *
 * @module
 */
import { keysByBag } from '../../csr/requires/keys.ts';
import { ASKED_NOTE, askedNote, type AskedRelation, askedRelations } from '../../csr/requires/relation.ts';
import { type AllWanted, wantedOf } from '../../csr/requires/wanted.ts';
import type { CsrRequest } from '../../csr/requires/intent.ts';
import { textsOnce } from '../../csr/texts.ts';
import type { Note, Remembered } from '../../model/memory.ts';
import { byCodePoint } from '../../model/order.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { type BagRequests, readAsked, requestKeyOf } from '../../reactive/asked.ts';
import { type PresentRelation, presentRelations } from '../../side/present.ts';
import { type Spoken, spokenNote, verdictOn } from '../protocol.ts';
import { asksAtAll, asksFor } from './reactive-form.ts';

/** A relation that counts, and what its provider speaks. */
export interface SpokenRelation extends PresentRelation {
  readonly spoken: Spoken;
  /** What the unit has requested there in the reactive form. */
  readonly asked: BagRequests;
}

/** All relations of an endpoint. */
export interface SpokenRelations {
  readonly present: ReadonlyArray<SpokenRelation>;
  /** Includes those that their last unit is just leaving. */
  readonly protocols: ReadonlyArray<readonly [id: PresentRelation['relation']['id'], spoken: Spoken]>;
  readonly notes: ReadonlyArray<readonly [string, Note]>;
}

/** Reads all relations, in the order of their ids. */
export const spokenRelations = (
  snapshot: Snapshot,
  remembered: (name: string) => Remembered | undefined,
): SpokenRelations => {
  const all = [...snapshot.relations].sort((a, b) => byCodePoint(a.id, b.id));
  const present = new Map(presentRelations(snapshot).map((here) => [here.relation, here]));
  const verdicts = all.map((relation) => {
    const here = present.get(relation) ?? { relation, units: [] };
    return [relation, verdictOn(here, remembered(spokenNote(relation.id)))] as const;
  });
  return {
    present: verdicts.flatMap(([relation, { spoken }]) => {
      const here = present.get(relation);
      const asked = readAsked(relation.localUnitData, relation.id, snapshot.localUnit);
      return here === undefined ? [] : [{ ...here, spoken, asked }];
    }),
    protocols: verdicts.map(([{ id }, { spoken }]) => [id, spoken]),
    notes: verdicts.flatMap(([{ id }, { note }]) => (note === null ? [] : [[spokenNote(id), note] as const])),
  };
};

/** Whether a relation carries a CSR that counts. */
const carriesCsr = ({ own }: AskedRelation, counts: (csr: Parameters<AllWanted['goalOf']>) => boolean): boolean =>
  own.some(({ bag, entries }) => entries.some(({ value: { known, isCa } }) => counts([known, bag, isCa])));

/**
 * The relation that is asked: the one asked last, while it has units; otherwise one that carries a wanted request, in either form;
 * otherwise one that carries any; otherwise the first with units; otherwise the first. The one asked last has priority, since a request
 * that changes from one form to the other is not published anywhere until its CSR is made.
 */
export const relationToAsk = (
  snapshot: Snapshot,
  present: ReadonlyArray<SpokenRelation>,
  requests: ReadonlyArray<CsrRequest>,
  remembered: (name: string) => Remembered | undefined,
): SpokenRelation | null => {
  const joined = present.filter(({ units }) => units.length > 0);
  // With only one, there is nothing to choose and nothing to read.
  if (joined.length <= 1) return joined[0] ?? present[0] ?? null;
  const subjects = new Set(requests.map(requestKeyOf));
  const [{ goalOf }, keys] = [wantedOf(requests), keysByBag(snapshot)];
  const csrs = new Map(askedRelations(snapshot, textsOnce()).map((here) => [here.relation.id, here]));
  const carries = (counts: (csr: Parameters<AllWanted['goalOf']>) => boolean) => ({ relation }: SpokenRelation) => {
    const here = csrs.get(relation.id);
    return here !== undefined && carriesCsr(here, counts);
  };
  const isInForce = carries(([csr, bag, isCa]) =>
    goalOf(csr, bag, isCa) !== null && keys[bag].rankOf(csr.publicKey) === 'in force'
  );
  const last = remembered(ASKED_NOTE);
  return joined.find(({ relation }) => askedNote(relation.id) === last) ??
    joined.find((here) => asksFor(here.asked, subjects) || isInForce(here)) ??
    joined.find((here) => asksAtAll(here.asked) || carries(() => true)(here)) ??
    joined[0] ?? null;
};
