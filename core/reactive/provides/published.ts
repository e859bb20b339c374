/**
 * The answers in a provider's own databag, unit by unit, decoded on demand: each value once, however many answers it holds (D12).
 *
 * publishing.ts changes and writes them. Source: docs/reactive-protocol.md sections 2 and 3, D4, D25.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { readFields } from '../../databag/entries.ts';
import { lookup } from '../../databag/lookup.ts';
import { CERT_TYPES, type CertType, type KeyPair, type PrivateKey } from '../../model/certificate.ts';
import type { Finding, Place } from '../../model/finding.ts';
import type { MungedUnitName } from '../../model/names.ts';
import { shapeOf } from '../../model/shape.ts';
import type { Databag } from '../../model/snapshot.ts';
import { pairIn } from '../entry.ts';
import { answeredUnit, answersKey, topLevelKeys } from '../wire.ts';
import { finding } from './findings.ts';

/** Where an answer is: in the fields of the first server request, or in the collection of a kind. */
export type Slot = 'top' | CertType;

/** All slots, in the order of requests. */
export const SLOTS: ReadonlyArray<Slot> = ['top', ...CERT_TYPES];

/** The answers of one slot by entry: a common name, `app_data`, or empty at top level. */
export type Entries = ReadonlyMap<string, KeyPair>;

/** All answers, by unit and slot. */
export type Answers = ReadonlyMap<MungedUnitName, ReadonlyMap<Slot, Entries>>;

/** The answers in one relation's databag. */
export interface Published {
  /** The databag as it was read. */
  readonly bag: Databag;
  /** By unit and slot, as they were read. */
  readonly before: Answers;
  /** As they are to be published. */
  readonly answers: Answers;
  /** Whole keys to remove, whatever they hold. */
  readonly dropped: ReadonlySet<string>;
  readonly findings: ReadonlyArray<Finding>;
}

/** No answers. */
export const NONE: Entries = new Map();

interface Read {
  readonly entries: Entries;
  readonly findings: ReadonlyArray<Finding>;
}

const readTop = (bag: Databag, unit: MungedUnitName, place: Place): Read => {
  const keys = topLevelKeys(unit);
  const [cert, key] = [lookup(bag, keys.cert), lookup(bag, keys.key)];
  // The provider put it there as a key.
  if (cert !== null && key !== null) {
    return { entries: new Map([['', { cert, key: key as PrivateKey }]]), findings: [] };
  }
  if (cert === null && key === null) return { entries: NONE, findings: [] };
  const [there, missing] = cert === null ? [keys.key, 'certificate'] : [keys.cert, 'key'];
  const message = `there is no ${missing} beside it`;
  return { entries: NONE, findings: [finding('incomplete-answer', { ...place, key: there }, message)] };
};

const readPair = (entry: unknown): E.Either<string, KeyPair> => {
  const pair = pairIn(entry);
  return pair === null ? E.left(`expected an object with cert and key, got ${shapeOf(entry)}`) : E.right(pair);
};

const readCollection = (bag: Databag, key: string, place: Place): Read => {
  const { entries, faults } = readFields(lookup(bag, key), 'a JSON object of answers', readPair);
  return {
    entries: new Map(entries.map(({ at, value }) => [at, value])),
    findings: faults.map(({ at: commonName, message }) =>
      commonName === null
        ? finding('malformed-value', { ...place, key }, message)
        : finding('malformed-entry', { ...place, key, commonName }, message)
    ),
  };
};

/** Reads what is published for some units. `place` is the local unit's databag on the relation. */
export const readPublished = (bag: Databag, place: Place, units: ReadonlyArray<MungedUnitName>): Published => {
  const read = units.map((unit) => {
    const slots = SLOTS.map((slot) =>
      [slot, slot === 'top' ? readTop(bag, unit, place) : readCollection(bag, answersKey(unit, slot), place)] as const
    );
    return [unit, slots] as const;
  });
  const before: Answers = new Map(
    read.map(([unit, slots]) => [unit, new Map(slots.map(([slot, { entries }]) => [slot, entries]))]),
  );
  const findings = read.flatMap(([, slots]) => slots.flatMap(([, one]) => one.findings));
  return { bag, before, answers: before, dropped: new Set(), findings };
};

/** The answers of a slot. */
export const answersIn = ({ answers }: Published, unit: MungedUnitName, slot: Slot): Entries =>
  answers.get(unit)?.get(slot) ?? NONE;

/** The databag keys that hold a slot. */
export const keysOf = (unit: MungedUnitName, slot: Slot): ReadonlyArray<string> => {
  if (slot !== 'top') return [answersKey(unit, slot)];
  const { cert, key } = topLevelKeys(unit);
  return [cert, key];
};

/** Whether anything is published in a slot, readable or not. */
export const isPublished = ({ bag }: Published, unit: MungedUnitName, slot: Slot): boolean =>
  keysOf(unit, slot).some((key) => lookup(bag, key) !== null);

/** The keys of answers to units that `isServed` does not know. */
export const strayKeys = ({ bag }: Published, isServed: (unit: MungedUnitName) => boolean): ReadonlyArray<string> =>
  Object.keys(bag).filter((key) => {
    const unit = lookup(bag, key) === null ? null : answeredUnit(key);
    return unit !== null && !isServed(unit);
  });
