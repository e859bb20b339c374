/**
 * One relation of a provider: who asks for what on it, what earlier answers were given for, and what is published. It is a value; each step
 * of a decision returns the next one.
 *
 * @module
 */
import { APPLICATION_ENTRY } from '../wire.ts';
import type { KeyPair } from '../../model/certificate.ts';
import type { Relation, Snapshot } from '../../model/snapshot.ts';
import { type AnsweredPlace, type GivenFor, givenFor, type Learnt, type Notes, placeOf } from './answered.ts';
import { answersIn, type Published, readPublished, SLOTS } from './published.ts';
import { giving, type Placed } from './publishing.ts';
import { readRequirers, type Requirer, type Requirers, type UnitRequest } from './requests.ts';

/** The name of an answer within its slot. */
const entryOf = ({ slot, commonName }: UnitRequest): string =>
  slot === 'application' ? APPLICATION_ENTRY : slot === 'top' ? '' : commonName;

/** A relation during a decision. */
export interface Provided {
  readonly relation: Relation;
  readonly requirers: Requirers;
  /** The departing unit was the last one: the relation is gone, and nothing more is published on it. */
  readonly isGone: boolean;
  /** What the answer to each request was given for, according to the memory. */
  readonly before: ReadonlyMap<UnitRequest, GivenFor>;
  readonly published: Published;
}

/** Reads a relation. */
export const readProvided = ({ localUnit, departing }: Snapshot, relation: Relation, notes: Notes): Provided => {
  const leaving = departing?.relationId === relation.id ? departing.unit : null;
  const requirers = readRequirers(relation, leaving);
  return {
    relation,
    requirers,
    isGone: leaving !== null && requirers.units.length === 0,
    before: givenFor(notes, relation.id, requirers.units),
    published: readPublished(
      relation.localUnitData,
      { relationId: relation.id, unit: localUnit },
      requirers.units.map(({ unitName }) => unitName),
    ),
  };
};

/** The requests that are answered in this decision. */
export type Answered = ReadonlySet<UnitRequest>;

const isForThese = ({ before }: Provided, answered: Answered, request: UnitRequest): boolean => {
  const given = before.get(request);
  return answered.has(request) || given === 'these' || given === 'these by their text';
};

/** Whether the top-level answer for a unit was given for another common name than the unit asks for now (D18). */
export const isStaleAtTop = ({ before }: Provided, { requests: [first] }: Requirer): boolean =>
  first !== undefined && before.get(first) === 'another name';

/** The published answer to a request, and whether it was given for the request's present SANs. */
export const answerTo = (
  provided: Provided,
  answered: Answered,
  { unitName }: Requirer,
  request: UnitRequest,
): { readonly pair: KeyPair | null; readonly isHandled: boolean } => {
  if (!answered.has(request) && provided.before.get(request) === 'another name') {
    return { pair: null, isHandled: false };
  }
  const pair = answersIn(provided.published, unitName, request.slot).get(entryOf(request)) ?? null;
  return { pair, isHandled: pair !== null && isForThese(provided, answered, request) };
};

/** An answer to publish for a request. */
export interface Gift {
  readonly requirer: Requirer;
  readonly request: UnitRequest;
  readonly pair: KeyPair;
}

/** Where an answer is published: for an application, once for every unit of it. */
const placesOf = ({ requirers: { units } }: Provided, { requirer, request, pair }: Gift): ReadonlyArray<Placed> =>
  (request.slot === 'application' ? units : [requirer]).map(({ unitName }) => ({
    unit: unitName,
    slot: request.slot,
    entry: entryOf(request),
    pair,
  }));

/** The relation with these answers published. */
export const give = (provided: Provided, gifts: ReadonlyArray<Gift>): Provided => {
  if (gifts.length === 0) return provided;
  const placed = gifts.flatMap((gift) => placesOf(provided, gift));
  return { ...provided, published: giving(provided.published, placed) };
};

/** All requests that an answer serves: one for an application serves every unit of it. */
export const answeredBy = ({ requirers: { units } }: Provided, { request }: Gift): ReadonlyArray<UnitRequest> =>
  request.slot === 'application'
    ? units.flatMap(({ requests }) => requests.filter(({ slot }) => slot === request.slot))
    : [request];

/** The relation with an application's answer published for all its units, including those that joined since. */
export const spread = (provided: Provided, answered: Answered): Provided => {
  const { requirers: { units }, published } = provided;
  const requestOf = ({ requests }: Requirer): UnitRequest | undefined =>
    requests.find(({ slot }) => slot === 'application');
  const requirer = units.find((one) => requestOf(one) !== undefined);
  const request = requirer && requestOf(requirer);
  const pair = units
    .map(({ unitName }) => answersIn(published, unitName, 'application').get(APPLICATION_ENTRY))
    .find((one) => one !== undefined);
  if (requirer === undefined || request === undefined || pair === undefined) return provided;
  return isForThese(provided, answered, request) ? give(provided, [{ requirer, request, pair }]) : provided;
};

/** What the notes do not record yet: answers that are given for the SANs of their requests. */
export const learntOn = (
  { relation, requirers, before }: Provided,
  answered: Answered,
): ReadonlyArray<Learnt> =>
  requirers.units.flatMap((requirer) => {
    // What an earlier version remembered still counts: an upgrade is no reason to reissue anything.
    const learnt = requirer.requests.filter((request) =>
      answered.has(request) || before.get(request) === 'these by their text'
    );
    return learnt.length === 0 ? [] : SLOTS.flatMap((slot) => {
      const requests = learnt.filter((request) => request.slot === slot);
      return requests.length === 0 ? [] : [{ place: placeOf(relation.id, requirer, slot), requests }];
    });
  });

/** The places of all answers that are published now, for the memory. */
export const placesOn = ({ relation, requirers, published }: Provided): ReadonlyArray<AnsweredPlace> => {
  const ofUnits = requirers.units.flatMap((requirer) =>
    SLOTS.flatMap((slot): ReadonlyArray<AnsweredPlace> => {
      const entries = answersIn(published, requirer.unitName, slot);
      if (entries.size === 0) return [];
      const isOne = slot === 'top' || slot === 'application';
      // The only answer there may have been given for another name.
      const commonNames = isOne ? 'all' : entries.keys();
      return [{ ...placeOf(relation.id, requirer, slot), commonNames }];
    })
  );
  const applications = ofUnits.filter(({ slot }) => slot === 'application');
  return [...ofUnits.filter(({ slot }) => slot !== 'application'), ...applications.slice(0, 1)];
};
