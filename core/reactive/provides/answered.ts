/**
 * For what each published answer was given: the wire says neither for which SANs nor, at top level, for which common name, so both
 * are remembered from when the answer was given.
 *
 * The memory has one text per relation, unit and slot: for each answer a digest of its common name and one of the name with its SANs. So
 * it grows by some 40 bytes an answer, and tells nobody who asked for what.
 *
 * Each step takes values and returns values: the notes say what was remembered, `givenFor` judges by them before anything is decided, and
 * `notesAfter` makes of both what to remember once it is. Source: protocol-reactive.md section 7, D14, D18, D28.
 *
 * @module
 */
import { digestOf } from '../../digest.ts';
import { nameKeyOf } from '../../model/same-names.ts';
import type { Note, Remembered } from '../../model/memory.ts';
import type { MungedUnitName, RelationId } from '../../model/names.ts';
import { type Given, givenIn, noteOf } from '../given.ts';
import { byCodePoint } from '../../model/order.ts';
import type { Sans } from '../asked.ts';
import type { Slot } from './published.ts';
import type { Requirer, UnitRequest } from './requests.ts';

/** What the names of these digests begin with, after the endpoint. */
const KIND = 'answered/';

/** Hex digits that tell the names of one unit from one another. */
const NAME_DIGITS = 16;

/** Hex digits that tell whether SANs are what they were: 96 bits, so that nobody finds others with the same digest. */
const SANS_DIGITS = 24;

/** SANs are a set: order and repetition do not count. `form` is what a name counts as. */
const sansDigest = (commonName: string, sans: Sans, form: (name: string) => string): string =>
  digestOf([commonName, ...[...new Set(sans.map(form))].sort(byCodePoint)]).slice(0, SANS_DIGITS);

/** The form in which earlier versions compared names: the text as it was asked for. */
const asAsked = (name: string): string => name;

/** In whose name the one answer of an application is remembered: no unit is called by an empty name (D23). */
const NOBODY = '' as MungedUnitName;

/** Where answers are remembered together. */
export interface AnswerPlace {
  readonly relationId: RelationId;
  /** As it calls itself; empty for the one answer that an application has. */
  readonly unit: MungedUnitName;
  readonly slot: Slot;
}

/** A place, and which answers in it are still published: those to some common names, or whatever there is. */
export interface AnsweredPlace extends AnswerPlace {
  readonly commonNames: Iterable<string> | 'all';
}

/** The place where a unit's answers in a slot are remembered. */
export const placeOf = (relationId: RelationId, { unitName }: Requirer, slot: Slot): AnswerPlace => ({
  relationId,
  unit: slot === 'application' ? NOBODY : unitName,
  slot,
});

/** For what an answer is remembered. An application's is for the union of all names, whatever each request is called. */
const subjectOf = ({ slot, commonName }: UnitRequest): string => (slot === 'application' ? '' : commonName);

/**
 * For what an answer was given, compared with what is asked for: the same SANs, the same as earlier versions compared them, others, another
 * common name (which only the answer at top level can be), or nobody remembers.
 */
export type GivenFor = 'these' | 'these by their text' | 'others' | 'another name' | 'unknown';

/** What the memory says. It is read and told once, however often it is asked for, and stays as it is. */
export interface Notes {
  /** A name as it is told. */
  readonly told: (name: string) => string;
  /** What a name has in common with every other spelling of it. */
  readonly keyOf: (name: string) => string;
  /** The name of a place in the memory, after the endpoint. How a unit calls itself is foreign text, and does not stand in it. */
  readonly nameOf: (place: AnswerPlace) => string;
  /** What is remembered under such a name. */
  readonly under: (name: string) => Given;
}

const onceFor = <Key, A>(make: (key: Key) => A) => {
  const known = new Map<Key, A>();
  return (key: Key): A => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const made = make(key);
    known.set(key, made);
    return made;
  };
};

/** The notes of a memory. */
export const notesIn = (remembered: (name: string) => Remembered | undefined): Notes => {
  const told = onceFor((name: string) => digestOf([name]).slice(0, NAME_DIGITS));
  return {
    told,
    // Many requests name the same address.
    keyOf: onceFor(nameKeyOf),
    nameOf: ({ relationId, unit, slot }) =>
      `${KIND}${JSON.stringify([relationId, unit === NOBODY ? '' : told(unit), slot])}`,
    under: onceFor((name: string) => givenIn(remembered(name))),
  };
};

const judged = (notes: Notes, known: Given, request: UnitRequest): GivenFor => {
  // Nothing is hashed where nothing is remembered, as for every request of a new unit.
  if (known.size === 0) return 'unknown';
  const subject = subjectOf(request);
  const digest = known.get(notes.told(subject));
  if (digest === undefined) return request.slot === 'top' ? 'another name' : 'unknown';
  if (digest === sansDigest(subject, request.sans, notes.keyOf)) return 'these';
  return digest === sansDigest(subject, request.sans, asAsked) ? 'these by their text' : 'others';
};

/** For what the answer to each request of a relation was given that is remembered. */
export const givenFor = (
  notes: Notes,
  relationId: RelationId,
  requirers: ReadonlyArray<Requirer>,
): ReadonlyMap<UnitRequest, GivenFor> => {
  const given = new Map<UnitRequest, GivenFor>();
  // The requests of an application have one answer and the same SANs, which may be many.
  let shared: GivenFor | null = null;
  for (const requirer of requirers) {
    const known = onceFor((slot: Slot) => notes.under(notes.nameOf(placeOf(relationId, requirer, slot))));
    for (const request of requirer.requests) {
      const isShared = request.slot === 'application';
      const one: GivenFor = (isShared ? shared : null) ?? judged(notes, known(request.slot), request);
      if (isShared) shared = one;
      given.set(request, one);
    }
  }
  return given;
};

/** Requests of one place whose answers are given for the SANs that they have now, while the note says otherwise. */
export interface Learnt {
  readonly place: AnswerPlace;
  readonly requests: ReadonlyArray<UnitRequest>;
}

/** What was given for these names. */
const only = (given: Given, commonNames: Iterable<string>, told: Notes['told']): Given => {
  const kept = new Map<string, string>();
  for (const commonName of commonNames) {
    const name = told(commonName);
    const digest = given.get(name);
    if (digest !== undefined) kept.set(name, digest);
  }
  return kept;
};

/** What to remember of places, by name after the endpoint: what the notes say, and what has been learnt since. */
export const notesAfter = (
  notes: Notes,
  learnt: Iterable<Learnt>,
  places: Iterable<AnsweredPlace>,
): ReadonlyMap<string, Note> => {
  const news = new Map<string, Map<string, string>>();
  for (const { place, requests } of learnt) {
    const name = notes.nameOf(place);
    // An application has one answer, and one list of SANs for all that ask for it.
    if (news.has(name)) continue;
    // At top level there is one answer: whatever was there is no more.
    const given = new Map(place.slot === 'top' ? [] : notes.under(name));
    for (const request of place.slot === 'application' ? requests.slice(0, 1) : requests) {
      given.set(notes.told(subjectOf(request)), sansDigest(subjectOf(request), request.sans, notes.keyOf));
    }
    news.set(name, given);
  }
  const kept = new Map<string, Note>();
  for (const { commonNames, ...place } of places) {
    const name = notes.nameOf(place);
    const given = news.get(name) ?? notes.under(name);
    const note = noteOf(commonNames === 'all' ? given : only(given, commonNames, notes.told));
    if (note !== null) kept.set(name, note);
  }
  return kept;
};
