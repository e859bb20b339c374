/**
 * What each published answer was given for. The wire says neither for which SANs nor, at top level, for which common name, so both are
 * remembered when the answer is given.
 *
 * The memory has one text per relation, unit and slot: for each answer a digest of its common name and a digest of name and SANs. It grows
 * by about 40 bytes an answer, and reveals nothing about who asked for what.
 *
 * Each step takes values and returns values: the notes say what was remembered, `givenFor` judges by them before anything is decided, and
 * `notesAfter` makes of both what to remember once it is. Source: docs/reactive-protocol.md section 7, D14, D18, D28.
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

/** The prefix of these notes' names, after the endpoint. */
const KIND = 'answered/';

/** Hex digits that distinguish the names within one unit. */
const NAME_DIGITS = 16;

/** Hex digits that show whether SANs have changed: 96 bits, so that nobody finds different SANs with the same digest. */
const SANS_DIGITS = 24;

/** SANs are a set: order and repetition do not matter. `form` normalizes a name. */
const sansDigest = (commonName: string, sans: Sans, form: (name: string) => string): string =>
  digestOf([commonName, ...[...new Set(sans.map(form))].sort(byCodePoint)]).slice(0, SANS_DIGITS);

/** How earlier versions compared names: as the text that was asked for. */
const asAsked = (name: string): string => name;

/** The name under which the one answer of an application is remembered: no unit has an empty name (D23). */
const NOBODY = '' as MungedUnitName;

/** Where answers are remembered together. */
export interface AnswerPlace {
  readonly relationId: RelationId;
  /** The unit's name for itself; empty for the one answer that an application has. */
  readonly unit: MungedUnitName;
  readonly slot: Slot;
}

/** A place, and which of its answers are still published: those to some common names, or whatever is there. */
export interface AnsweredPlace extends AnswerPlace {
  readonly commonNames: Iterable<string> | 'all';
}

/** The place where a unit's answers in a slot are remembered. */
export const placeOf = (relationId: RelationId, { unitName }: Requirer, slot: Slot): AnswerPlace => ({
  relationId,
  unit: slot === 'application' ? NOBODY : unitName,
  slot,
});

/** What an answer is remembered by. An application's answer is for the union of all names, whatever the common name of each request. */
const subjectOf = ({ slot, commonName }: UnitRequest): string => (slot === 'application' ? '' : commonName);

/**
 * How what an answer was given for compares with what is asked for now: the same SANs, the same as earlier versions compared them, other
 * SANs, another common name (only possible at top level), or unknown.
 */
export type GivenFor = 'these' | 'these by their text' | 'others' | 'another name' | 'unknown';

/** What the memory says. It is read and hashed once, however often it is used, and does not change. */
export interface Notes {
  /** A digest of a name. */
  readonly told: (name: string) => string;
  /** What a name has in common with every other spelling of it. */
  readonly keyOf: (name: string) => string;
  /** The name of a place in the memory, after the endpoint. A unit's name for itself is foreign text, so it does not appear there. */
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

/** What the answer to each request of a relation was given for, according to the memory. */
export const givenFor = (
  notes: Notes,
  relationId: RelationId,
  requirers: ReadonlyArray<Requirer>,
): ReadonlyMap<UnitRequest, GivenFor> => {
  const given = new Map<UnitRequest, GivenFor>();
  // The requests of an application share one answer and one list of SANs, which may be long.
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

/** Requests of one place whose answers are given for their present SANs although the note says otherwise. */
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

/** What to remember of places, by name after the endpoint: what the notes say, and what was learnt since. */
export const notesAfter = (
  notes: Notes,
  learnt: Iterable<Learnt>,
  places: Iterable<AnsweredPlace>,
): ReadonlyMap<string, Note> => {
  const news = new Map<string, Map<string, string>>();
  for (const { place, requests } of learnt) {
    const name = notes.nameOf(place);
    // An application has one answer, and one list of SANs for everybody who asks for it.
    if (news.has(name)) continue;
    // There is one answer at top level: it replaces whatever was there.
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
