/**
 * One relation of the provider: what is requested on it, and what is published there. An answer in another relation does not count here.
 *
 * It is a value; each step of a decision takes one and returns the next, and the last one is written.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { EntryFault } from '../../databag/entries.ts';
import { lookup } from '../../databag/lookup.ts';
import { difference } from '../../databag/write.ts';
import type { Finding, Place } from '../../model/finding.ts';
import type { Write } from '../../model/outcome.ts';
import type { Databag, Relation, Snapshot } from '../../model/snapshot.ts';
import { mayWrite } from '../leader.ts';
import { type Capabilities, writtenCapabilities } from '../capabilities.ts';
import { malformedIn } from '../malformed.ts';
import { capabilitiesIn, type PublishedAnswer, readAnswers, readErrors, type Refused } from '../published.ts';
import type { NormalPem, Texts } from '../texts.ts';
import { PROVIDER_KEYS } from '../wire.ts';
import { byCsr, type EntryList, entryListOf, staysBroken, valueOf, without } from './entry-list.ts';
import { finding } from './findings.ts';
import { type AskedOn, askedOn } from './requests.ts';

const EMPTY: Databag = {};

/** A relation during a decision. */
export interface Provided {
  readonly relation: Relation;
  readonly asked: AskedOn;
  readonly answers: EntryList<PublishedAnswer>;
  readonly errors: EntryList<Refused>;
  /** As they were published; null: none. A `Left`: not readable. */
  readonly capabilities: E.Either<string, Capabilities | null>;
  /** The text that publishes them; empty removes them. */
  readonly capabilitiesText: string;
}

/** Reads a relation. */
export const readProvided = (snapshot: Snapshot, relation: Relation, texts: Texts): Provided => {
  // Only the leader can read what its application publishes.
  const bag = mayWrite(snapshot, 'application') ? relation.localApplicationData : EMPTY;
  return {
    relation,
    asked: askedOn(snapshot, relation, texts),
    answers: entryListOf(lookup(bag, PROVIDER_KEYS.answers), readAnswers(bag, texts)),
    errors: entryListOf(lookup(bag, PROVIDER_KEYS.errors), readErrors(bag, texts)),
    capabilities: capabilitiesIn(bag),
    capabilitiesText: lookup(bag, PROVIDER_KEYS.capabilities) ?? '',
  };
};

const placeOf = ({ relation }: Provided, key: string): Place => ({ relationId: relation.id, key });

/** What is malformed in any databag. */
export const malformedOn = (on: Provided): ReadonlyArray<Finding> => {
  const faults: ReadonlyArray<EntryFault<number>> = E.isLeft(on.capabilities)
    ? [{ at: null, message: on.capabilities.left }]
    : [];
  return [
    ...on.asked.findings,
    ...malformedIn(placeOf(on, PROVIDER_KEYS.answers), on.answers.faults),
    ...malformedIn(placeOf(on, PROVIDER_KEYS.errors), on.errors.faults),
    ...malformedIn(placeOf(on, PROVIDER_KEYS.capabilities), faults),
  ];
};

/** Publishes these capabilities, or removes them; the same ones again change nothing. */
export const announcing = (on: Provided, capabilities: Capabilities | null): Provided => {
  const text = (c: Capabilities | null): string => (c === null ? '' : writtenCapabilities(c));
  const isSame = E.isRight(on.capabilities) && text(on.capabilities.right) === text(capabilities);
  return isSame ? on : { ...on, capabilitiesText: text(capabilities) };
};

/** A relation after a step, with its findings. */
export interface Told {
  readonly on: Provided;
  readonly findings: ReadonlyArray<Finding>;
}

/** Without what is published for CSRs that are gone, unless something here is malformed: then nothing is withdrawn. Held answers stay. */
export const withdrawGone = (on: Provided, isHeld: (csr: NormalPem) => boolean): Told => {
  if (on.asked.isMalformed || staysBroken(on.answers) || staysBroken(on.errors)) return { on, findings: [] };
  const isGone = (csr: NormalPem): boolean => !on.asked.csrs.has(csr);
  const isOver = (csr: NormalPem): boolean => isGone(csr) && !isHeld(csr);
  const gone = [...byCsr(on.answers).keys()].filter(isOver).length;
  const message = `${gone === 1 ? 'a certificate was' : `${gone} certificates were`} withdrawn: nobody asks any more`;
  return {
    on: { ...on, answers: without(on.answers, isOver), errors: without(on.errors, isGone) },
    findings: gone === 0 ? [] : [finding('answer-withdrawn', placeOf(on, PROVIDER_KEYS.answers), message)],
  };
};

/** How the application's databag changes; null if it does not. */
export const writeOn = ({ relation, answers, errors, capabilitiesText }: Provided): Write | null => {
  const before = relation.localApplicationData;
  return difference(relation.id, 'application', before, {
    ...before,
    [PROVIDER_KEYS.answers]: valueOf(answers),
    [PROVIDER_KEYS.errors]: valueOf(errors),
    [PROVIDER_KEYS.capabilities]: capabilitiesText,
  });
};
