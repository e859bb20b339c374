/**
 * Which protocol the provider of a relation speaks, judged by what it has published there.
 *
 * The verdict is remembered: it stays while a value is missing, and changes only when the provider shows that it speaks the other protocol.
 * Source: docs/any-protocol.md, Evidence.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { PROVIDER_KEYS as CSR_KEYS } from '../csr/wire.ts';
import { parseDatabagJson } from '../databag/json.ts';
import { lookup } from '../databag/lookup.ts';
import { digestOf } from '../digest.ts';
import { isObject } from '../model/codec.ts';
import type { Note, Remembered } from '../model/memory.ts';
import type { Databag } from '../model/snapshot.ts';
import { givenIn, noteOf } from '../reactive/given.ts';
import { answeredUnit, COLLECTIONS, PROVIDER_KEYS } from '../reactive/wire.ts';
import type { PresentRelation } from '../side/present.ts';

/** One of the two protocols. */
export type Protocol = 'reactive' | 'csr';

/** The protocol of a relation's other side; `unknown` until it has published something. */
export type Spoken = Protocol | 'unknown';

/** The evidence of its protocol that a provider has published. */
interface Evidence {
  readonly csr: boolean;
  /** What distinguishes this reactive evidence from other reactive evidence; null: there is none. */
  readonly reactive: string | null;
}

const isJson = (raw: string | null, is: (value: unknown) => boolean): boolean => {
  if (raw === null) return false;
  const parsed = parseDatabagJson(raw);
  return E.isRight(parsed) && is(parsed.right);
};

/** The key that shows the CSR protocol. An unreadable value is no evidence: the form that can be read stays in use. */
const csrKeyIn = (bag: Databag): string | null => {
  if (isJson(lookup(bag, CSR_KEYS.capabilities), isObject)) return CSR_KEYS.capabilities;
  return [CSR_KEYS.answers, CSR_KEYS.errors].find((key) => isJson(lookup(bag, key), Array.isArray)) ?? null;
};

const COLLECTION_ENDINGS = Object.values(COLLECTIONS).map(({ answers }) => `.${answers}`);

const isAnswer = (bag: Databag, key: string): boolean =>
  answeredUnit(key) !== null && lookup(bag, key) !== null &&
  (!COLLECTION_ENDINGS.some((ending) => key.endsWith(ending)) || isJson(lookup(bag, key), isObject));

/** The key that shows the reactive protocol. */
const reactiveKeyIn = (bag: Databag): string | null =>
  Object.values(PROVIDER_KEYS).find((key) => lookup(bag, key) !== null) ??
    Object.keys(bag).find((key) => isAnswer(bag, key)) ?? null;

/**
 * The key in the provider's databags that shows what it speaks; null if no key shows it now, and the protocol is remembered.
 */
export const shownBy = (
  { relation, units }: Pick<PresentRelation, 'relation' | 'units'>,
  spoken: Protocol,
): string | null => {
  if (spoken === 'csr') return csrKeyIn(relation.remoteApplicationData);
  for (const { bag } of units) {
    const key = reactiveKeyIn(bag);
    if (key !== null) return key;
  }
  return null;
};

const evidenceOf = ({ relation, units }: Pick<PresentRelation, 'relation' | 'units'>): Evidence => {
  const reactive = units.filter(({ bag }) => reactiveKeyIn(bag) !== null);
  return {
    csr: csrKeyIn(relation.remoteApplicationData) !== null,
    reactive: reactive.length === 0
      ? null
      : digestOf(reactive.flatMap(({ unit, bag }) => [unit, lookup(bag, PROVIDER_KEYS.ca) ?? ''])),
  };
};

/** A verdict, and what to remember about it. */
export interface Verdict {
  readonly spoken: Spoken;
  readonly note: Note | null;
}

/** The name of the note about a relation. */
export const spokenNote = (relationId: string): string => `any.spoken/${relationId}`;

/**
 * The protocol that a provider speaks. Evidence of the CSR protocol wins, since a provider of both publishes the CA to everybody. Without
 * it, a relation that spoke CSR becomes reactive again only if new reactive evidence appears: the same CA in the same place does not count.
 */
export const verdictOn = (
  here: Pick<PresentRelation, 'relation' | 'units'>,
  remembered: Remembered | undefined,
): Verdict => {
  const before = givenIn(remembered);
  const { csr, reactive } = evidenceOf(here);
  const verdict = (spoken: Protocol, besides: string): Verdict => ({
    spoken,
    note: noteOf(new Map([[spoken, besides]])),
  });
  if (csr) return verdict('csr', reactive ?? '');
  const besides = before.get('csr');
  if (besides !== undefined && (reactive === null || reactive === besides)) return verdict('csr', besides);
  if (reactive !== null || before.has('reactive')) return verdict('reactive', '');
  return { spoken: 'unknown', note: null };
};
