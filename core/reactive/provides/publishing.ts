/**
 * Adds and withdraws answers, and makes the databag that publishes the rest.
 *
 * What is published is a value. Each step is for all answers at once and returns what is published after it, so that it takes time with their
 * number and no more; each value of the databag is written at most once (D12). Only what changes in meaning is written again: the same
 * certificate in another form of PEM is the same. Source: docs/reactive-protocol.md sections 2 and 3, D26, D31.
 *
 * @module
 */
import { encodeDatabagJson } from '../../databag/json.ts';
import type { KeyPair } from '../../model/certificate.ts';
import { emptyMap } from '../../model/codec.ts';
import type { MungedUnitName } from '../../model/names.ts';
import { samePem } from '../../model/pem-text.ts';
import type { Databag } from '../../model/snapshot.ts';
import { answersKey, topLevelKeys } from '../wire.ts';
import { type Answers, type Entries, keysOf, NONE, type Published, type Slot } from './published.ts';

/** A slot of a unit. */
interface SlotOf {
  readonly unit: MungedUnitName;
  readonly slot: Slot;
}

/** The answers with some slots changed: `change` is called for each of `all` in order, with what the slot holds by then. */
const changing = <A extends SlotOf>(
  answers: Answers,
  all: ReadonlyArray<A>,
  change: (entries: Map<string, KeyPair>, one: A) => void,
): Answers => {
  const copies = new Map<MungedUnitName, Map<Slot, Map<string, KeyPair>>>();
  for (const one of all) {
    const { unit, slot } = one;
    const slots = copies.get(unit) ?? new Map<Slot, Map<string, KeyPair>>();
    const entries = slots.get(slot) ?? new Map(answers.get(unit)?.get(slot));
    copies.set(unit, slots.set(slot, entries));
    change(entries, one);
  }
  return new Map([
    ...answers,
    ...[...copies].map(([unit, slots]) => [unit, new Map([...answers.get(unit) ?? [], ...slots])] as const),
  ]);
};

/** An answer and its place. */
export interface Placed extends SlotOf {
  readonly entry: string;
  readonly pair: KeyPair;
}

/** Adds these answers. One that means the same as the published one changes nothing; an empty one removes it. */
export const giving = (published: Published, placed: ReadonlyArray<Placed>): Published => ({
  ...published,
  answers: changing(published.answers, placed, (entries, { entry, pair: { cert, key } }) => {
    const before = entries.get(entry);
    if (cert === '' && key === '') {
      entries.delete(entry);
      return;
    }
    if (before !== undefined && samePem(before.cert, cert) && samePem(before.key, key)) return;
    entries.set(entry, { cert, key });
  }),
});

/** What is withdrawn from a slot. */
export interface Gone extends SlotOf {
  /** The entries; null for the whole slot, readable or not. */
  readonly entries: ReadonlyArray<string> | null;
}

/** Withdraws these answers, and some whole keys. */
export const withdrawing = (
  published: Published,
  all: ReadonlyArray<Gone>,
  keys: ReadonlyArray<string>,
): Published => ({
  ...published,
  answers: changing(published.answers, all, (entries, { entries: gone }) => {
    if (gone === null) entries.clear();
    else for (const entry of gone) entries.delete(entry);
  }),
  dropped: new Set([
    ...published.dropped,
    ...keys,
    ...all.flatMap(({ unit, slot, entries }) => (entries === null ? keysOf(unit, slot) : [])),
  ]),
});

const isSame = (before: Entries, after: Entries): boolean =>
  before === after || before.size === after.size &&
    [...after].every(([name, { cert, key }]) => {
      const one = before.get(name);
      return one !== undefined && one.cert === cert && one.key === key;
    });

/** The values that publish the answers of a slot, by key. */
const valuesOf = (unit: MungedUnitName, slot: Slot, entries: Entries): ReadonlyArray<readonly [string, string]> => {
  if (entries.size === 0) return [];
  if (slot !== 'top') {
    const members = [...entries].map(([name, { cert, key }]) => [name, { cert, key }] as const);
    return [[answersKey(unit, slot), encodeDatabagJson(new Map(members))]];
  }
  const keys = topLevelKeys(unit);
  return [...entries.values()].flatMap(({ cert, key }) => [[keys.cert, cert], [keys.key, key]] as const);
};

/** The databag that publishes this: what still means the same keeps its bytes. */
export const bagOf = ({ bag, before, answers, dropped }: Published): Databag => {
  const after = Object.assign(emptyMap<string>(), bag);
  for (const key of dropped) delete after[key];
  for (const [unit, slots] of answers) {
    for (const [slot, entries] of slots) {
      const keys = keysOf(unit, slot);
      // An answer that was withdrawn and added again has to be written, although it is what was there.
      const isKept = isSame(before.get(unit)?.get(slot) ?? NONE, entries) && !keys.some((key) => dropped.has(key));
      if (isKept) continue;
      for (const key of keys) delete after[key];
      for (const [key, value] of valuesOf(unit, slot, entries)) after[key] = value;
    }
  }
  return after;
};
