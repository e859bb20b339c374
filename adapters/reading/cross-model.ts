/**
 * The two halves of a cross-model relation. Each model has its own number for it, and the offering model knows the other application only
 * as `remote-…`. The content tells which halves belong together: a unit's own name, and CSRs, are the same in both.
 *
 * @module
 */
import { readAnswers, readErrors } from '../../core/csr/published.ts';
import { readRequested } from '../../core/csr/requested.ts';
import { type Texts, textsOnce } from '../../core/csr/texts.ts';
import { PROVIDER_KEYS as CSR_KEYS } from '../../core/csr/wire.ts';
import { lookup } from '../../core/databag/lookup.ts';
import { type ApplicationName, applicationOf, munge, type UnitName } from '../../core/model/names.ts';
import type { Databag } from '../../core/model/snapshot.ts';
import { ownNameIn } from '../../core/reactive/asked.ts';
import { answeredUnit } from '../../core/reactive/wire.ts';
import { isRemote, type ShownRelation } from './shown-relation.ts';

/** What a half shares with the other half: names of units, and CSRs. */
type Said = ReadonlySet<string>;

/** Whether nothing has been answered in either protocol, so that the halves have nothing in common yet. */
const isQuiet = (half: ShownRelation, bases: ReadonlyArray<ShownRelation>): boolean =>
  [half, ...bases].every(({ units, shownBy }) =>
    [...units.values(), ...shownBy.values()].every((bag) =>
      bag === null || (ownNameIn(bag) === null && Object.keys(bag).every((key) => answeredUnit(key) === null) &&
        [CSR_KEYS.answers, CSR_KEYS.errors].every((key) => lookup(bag, key) === null))
    )
  );

const saidIn = ({ units, shownBy }: ShownRelation, texts: Texts): Said => {
  const said = new Set<string>();
  const hear = (bag: Databag): void => {
    for (const { value } of readRequested(bag, texts).entries) said.add(value.known.pem);
    for (const { value } of [...readAnswers(bag, texts).entries, ...readErrors(bag, texts).entries]) {
      said.add(value.csr.pem);
    }
    const own = ownNameIn(bag);
    if (own !== null) said.add(own);
    for (const key of Object.keys(bag)) {
      const answered = answeredUnit(key);
      if (answered !== null) said.add(answered);
    }
  };
  for (const bag of shownBy.values()) hear(bag);
  for (const [unit, bag] of units) {
    if (bag !== null) hear(bag);
    else said.add(munge(unit));
  }
  return said;
};

/** The applications of a half: the one with another name here, and the one of this model. */
const endsOf = (
  { endpoints }: ShownRelation,
): { readonly remote: ApplicationName; readonly local: ApplicationName } | null => {
  const [first, second] = [...endpoints.keys()];
  if (first === undefined || second === undefined) return null;
  if (isRemote(first)) return { remote: first, local: second };
  return isRemote(second) ? { remote: second, local: first } : null;
};

/** The other half's names for the applications of this one: the endpoints are the same on both. */
const namesIn = (half: ShownRelation, other: ShownRelation): ReadonlyMap<ApplicationName, ApplicationName> | null => {
  const ends = endsOf(half);
  if (ends === null || endsOf(other) !== null) return null;
  const of = (application: ApplicationName): ApplicationName | undefined =>
    [...other.endpoints].find(([, endpoint]) => endpoint === half.endpoints.get(application))?.[0];
  // If both endpoints have the same name, the offer usually keeps its name.
  const local = other.endpoints.has(ends.local) ? ends.local : of(ends.local);
  const remote = [...other.endpoints.keys()].find((application) => application !== local);
  if (local === undefined || remote === undefined) return null;
  const mirrors = other.endpoints.get(local) === half.endpoints.get(ends.local) &&
    other.endpoints.get(remote) === half.endpoints.get(ends.remote);
  return mirrors ? new Map([[ends.local, local], [ends.remote, remote]]) : null;
};

/** A half under the names of the other, and what both show. */
const joined = (
  base: ShownRelation,
  half: ShownRelation,
  names: ReadonlyMap<ApplicationName, ApplicationName>,
): ShownRelation => {
  const nameOf = (application: ApplicationName): ApplicationName => names.get(application) ?? application;
  const units = new Map(base.units);
  for (const [unit, bag] of half.units) {
    // Juju keeps a unit's number across models.
    const name = `${nameOf(applicationOf(unit))}${unit.slice(unit.lastIndexOf('/'))}` as UnitName;
    units.set(name, units.get(name) ?? bag);
  }
  const shownBy = new Map(base.shownBy);
  for (const [by, bag] of half.shownBy) if (!shownBy.has(nameOf(by))) shownBy.set(nameOf(by), bag);
  return { ...base, units, shownBy };
};

/** Most relations that may contain a given word: a word that occurs in more of them identifies none. */
const MAX_NAMESAKES = 16;

/** Finds the relations that say the same as a half. */
const byWords = (bases: ReadonlyArray<ShownRelation>, said: (relation: ShownRelation) => Said) => {
  const index = new Map<string, Array<ShownRelation>>();
  for (const base of bases) {
    for (const word of said(base)) {
      const namesakes = index.get(word) ?? [];
      index.set(word, namesakes);
      if (namesakes.length <= MAX_NAMESAKES) namesakes.push(base);
    }
  }
  return (half: ShownRelation): ReadonlyArray<ShownRelation> => [
    ...new Set([...said(half)].flatMap((word) => {
      const namesakes = index.get(word) ?? [];
      return namesakes.length > MAX_NAMESAKES ? [] : namesakes;
    })),
  ];
};

/**
 * Joins halves that say the same, or that are the only ones and have not said anything distinctive yet. All other relations stay unchanged.
 */
export const joinAcrossModels = (relations: ReadonlyArray<ShownRelation>): ReadonlyArray<ShownRelation> => {
  const halves = relations.filter((relation) => endsOf(relation) !== null);
  if (halves.length === 0) return relations;
  const texts = textsOnce();
  const known = new Map<ShownRelation, Said>();
  const said = (relation: ShownRelation): Said => {
    const before = known.get(relation) ?? saidIn(relation, texts);
    known.set(relation, before);
    return before;
  };
  const bases = relations.filter((relation) => relation.isCrossModel && endsOf(relation) === null);
  const sameWords = byWords(bases, said);
  const after = new Map<ShownRelation, ShownRelation>();
  const gone = new Set<ShownRelation>();
  for (const half of halves) {
    const alike = sameWords(half).filter((base) => !after.has(base) && namesIn(half, base) !== null);
    const isOnly = halves.length === 1 && bases.length === 1 && isQuiet(half, bases);
    const [one, ...others] = isOnly ? bases : alike;
    const names = one === undefined ? null : namesIn(half, one);
    if (one === undefined || names === null || others.length > 0) continue;
    after.set(one, joined(one, half, names));
    gone.add(half);
  }
  return relations.filter((relation) => !gone.has(relation)).map((relation) => after.get(relation) ?? relation);
};
