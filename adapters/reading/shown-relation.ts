/**
 * Relations as several entries of `juju show-unit` show them together: which units were seen, and what they and their applications
 * published.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { type InputError, inputError } from '../../core/model/input-error.ts';
import { byCodePoint } from '../../core/model/order.ts';
import { type ApplicationName, applicationOf, type UnitName } from '../../core/model/names.ts';
import type { Databag } from '../../core/model/snapshot.ts';

/** One relation as the entry of one unit shows it. */
export interface Sighting {
  readonly number: number;
  readonly unit: UnitName;
  /** The unit's own databag, which is seldom shown. */
  readonly own: Databag | null;
  readonly endpoint: string;
  readonly relatedEndpoint: string;
  readonly isCrossModel: boolean;
  /** Of the other application in Juju 2.9 and 3, of the unit's own in Juju 4.0. */
  readonly applicationData: Databag | null;
  readonly related: ReadonlyMap<UnitName, Databag | null>;
}

/** What is known of one relation from all entries that show it. */
export interface ShownRelation {
  readonly number: number;
  readonly isCrossModel: boolean;
  /** By unit; null for one whose databag was not seen. */
  readonly units: ReadonlyMap<UnitName, Databag | null>;
  /** The endpoint of each application. */
  readonly endpoints: ReadonlyMap<ApplicationName, string>;
  /** The application data in the entries of each application's units, whoever published it. */
  readonly shownBy: ReadonlyMap<ApplicationName, Databag>;
}

/** How the offering side's Juju names an application of another model. */
const REMOTE = /^remote-[0-9a-f]{32}$/;

/** Whether an application belongs to another model, under a name that stands for it. */
export const isRemote = (application: string): boolean => REMOTE.test(application);

const applicationsOf = ({ unit, related }: Sighting): ReadonlyArray<ApplicationName> => [
  ...new Set([unit, ...related.keys()].map(applicationOf)),
];

const merged = (sightings: readonly [Sighting, ...ReadonlyArray<Sighting>]): ShownRelation => {
  const [{ number }] = sightings;
  const units = new Map<UnitName, Databag | null>();
  const endpoints = new Map<ApplicationName, string>();
  const shownBy = new Map<ApplicationName, Databag>();
  const add = (unit: UnitName, bag: Databag | null): void => void units.set(unit, units.get(unit) ?? bag);
  for (const { unit, own, endpoint, relatedEndpoint, applicationData, related } of sightings) {
    const application = applicationOf(unit);
    endpoints.set(application, endpoint);
    add(unit, own);
    for (const [other, bag] of related) {
      endpoints.set(applicationOf(other), relatedEndpoint);
      add(other, bag);
    }
    const before = shownBy.get(application);
    if (applicationData !== null && (before === undefined || Object.keys(before).length === 0)) {
      shownBy.set(application, applicationData);
    }
  }
  return { number, isCrossModel: sightings.some(({ isCrossModel }) => isCrossModel), units, endpoints, shownBy };
};

/** Most applications named in a complaint. */
const MAX_NAMED = 8;

const notOneModel = (number: number, applications: Iterable<string>): InputError => {
  const names = [...applications].sort(byCodePoint);
  const some = `${names.slice(0, MAX_NAMED).join(', ')}${names.length > MAX_NAMED ? ' and others' : ''}`;
  return inputError([{
    path: '',
    message: `relation ${number} has units of ${some}: these outputs are not of one model`,
  }]);
};

/** Entries with one number, separated by their two applications: each model numbers its own relations. */
const apart = (sightings: ReadonlyArray<Sighting>): ReadonlyArray<ReadonlyArray<Sighting>> => {
  const pairs = new Map<string, Array<Sighting>>();
  const single: Array<Sighting> = [];
  for (const sighting of sightings) {
    const applications = applicationsOf(sighting);
    if (applications.length < 2) {
      single.push(sighting);
      continue;
    }
    const key = [...applications].sort(byCodePoint).join(' ');
    const pair = pairs.get(key) ?? [];
    pairs.set(key, pair);
    pair.push(sighting);
  }
  const byApplication = new Map<ApplicationName, Array<Sighting>>();
  for (const pair of pairs.values()) {
    const [first] = pair;
    for (const application of first === undefined ? [] : applicationsOf(first)) byApplication.set(application, pair);
  }
  for (const sighting of single) {
    const application = applicationOf(sighting.unit);
    const pair = byApplication.get(application) ?? [];
    if (pair.length === 0) {
      pairs.set(application, pair);
      byApplication.set(application, pair);
    }
    pair.push(sighting);
  }
  return [...pairs.values()];
};

/**
 * Combines what entries show, by relation number. Outputs of several models can only be told apart if they say that their relations cross
 * models; a `Left` says which do not belong together.
 */
export const shownRelations = (
  sightings: ReadonlyArray<Sighting>,
): E.Either<InputError, ReadonlyArray<ShownRelation>> => {
  const isOfSeveralModels = sightings.some((one) => one.isCrossModel || applicationsOf(one).some(isRemote));
  const byNumber = new Map<number, Array<Sighting>>();
  for (const sighting of sightings) {
    const group = byNumber.get(sighting.number) ?? [];
    byNumber.set(sighting.number, group);
    group.push(sighting);
  }
  const relations: Array<ShownRelation> = [];
  for (const [number, group] of [...byNumber].sort(([a], [b]) => a - b)) {
    for (const [first, ...others] of isOfSeveralModels ? apart(group) : [group]) {
      if (first === undefined) continue;
      const relation = merged([first, ...others]);
      if (relation.endpoints.size > 2) return E.left(notOneModel(number, relation.endpoints.keys()));
      relations.push(relation);
    }
  }
  return E.right(relations);
};
