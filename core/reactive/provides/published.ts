/**
 * The answers in a provider's own databag, unit by unit: reading them, and the draft in which they are given and withdrawn.
 *
 * Each value is decoded once and written at most once, however many answers there are (D12). Only what changes in meaning is
 * written again: the same certificate in another form of PEM is the same. Source: protocol-reactive.md sections 2 and 3, D4, D25, D26, D31.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { readObject } from '../../databag/entries.ts';
import { encodeDatabagJson } from '../../databag/json.ts';
import { lookup } from '../../databag/lookup.ts';
import { CERT_TYPES, type CertType, type KeyPair, type PrivateKey } from '../../model/certificate.ts';
import { emptyMap } from '../../model/codec.ts';
import type { Finding, Place } from '../../model/finding.ts';
import type { MungedUnitName } from '../../model/names.ts';
import { samePem } from '../../model/pem-text.ts';
import { shapeOf } from '../../model/shape.ts';
import type { Databag } from '../../model/snapshot.ts';
import { pairIn } from '../entry.ts';
import { answeredUnit, answersKey, topLevelKeys } from '../wire.ts';
import { finding } from './findings.ts';

/** Where an answer stands: in the fields of the first server request, or among those of a kind. */
export type Slot = 'top' | CertType;

/** All of them, in the order of requests. */
export const SLOTS: ReadonlyArray<Slot> = ['top', ...CERT_TYPES];

/** The answers of one slot, as they were and as they are to be. */
class Answers {
  readonly entries: Map<string, KeyPair>;
  readonly #before: ReadonlyMap<string, KeyPair>;

  constructor(entries: ReadonlyMap<string, KeyPair>) {
    this.#before = entries;
    this.entries = new Map(entries);
  }

  get isChanged(): boolean {
    return this.#before.size !== this.entries.size ||
      [...this.entries].some(([name, { cert, key }]) => {
        const before = this.#before.get(name);
        return before === undefined || before.cert !== cert || before.key !== key;
      });
  }
}

/** The answers in one relation's databag, under change. */
export class Published {
  readonly findings: Array<Finding> = [];
  readonly #bag: Databag;
  readonly #place: Place;
  readonly #answers = new Map<MungedUnitName, Map<Slot, Answers>>();
  /** Whole keys that go, whatever is in them. */
  readonly #dropped = new Set<string>();

  /** `place` is the local unit's databag on the relation. */
  constructor(bag: Databag, place: Place) {
    this.#bag = bag;
    this.#place = place;
  }

  /** The answers of a slot by entry: a common name, `app_data`, or empty at top level. */
  in(unit: MungedUnitName, slot: Slot): ReadonlyMap<string, KeyPair> {
    return this.#slot(unit, slot).entries;
  }

  give(unit: MungedUnitName, slot: Slot, entry: string, { cert, key }: KeyPair): void {
    const { entries } = this.#slot(unit, slot);
    const before = entries.get(entry);
    if (before !== undefined && samePem(before.cert, cert) && samePem(before.key, key)) return;
    entries.set(entry, { cert, key });
  }

  withdraw(unit: MungedUnitName, slot: Slot, entry: string): void {
    this.#slot(unit, slot).entries.delete(entry);
  }

  /** Takes all of a slot away, readable or not. */
  clear(unit: MungedUnitName, slot: Slot): void {
    this.#slot(unit, slot).entries.clear();
    for (const key of this.#keysOf(unit, slot)) this.#dropped.add(key);
  }

  /** The keys of answers to units that `isServed` does not know. */
  strayKeys(isServed: (unit: MungedUnitName) => boolean): ReadonlyArray<string> {
    return Object.keys(this.#bag).filter((key) => {
      const unit = lookup(this.#bag, key) === null ? null : answeredUnit(key);
      return unit !== null && !isServed(unit);
    });
  }

  /** Takes a key away. */
  drop(key: string): void {
    this.#dropped.add(key);
  }

  /** Whether anything is published in a slot, be it readable or not. */
  has(unit: MungedUnitName, slot: Slot): boolean {
    return this.#keysOf(unit, slot).some((key) => lookup(this.#bag, key) !== null);
  }

  /** The databag that publishes this: what means the same as before stays as it was, byte for byte. */
  bag(): Databag {
    const bag = Object.assign(emptyMap<string>(), this.#bag);
    for (const key of this.#dropped) delete bag[key];
    for (const [unit, slots] of this.#answers) {
      for (const [slot, answers] of slots) if (answers.isChanged) this.#write(bag, unit, slot, answers.entries);
    }
    return bag;
  }

  #keysOf(unit: MungedUnitName, slot: Slot): ReadonlyArray<string> {
    if (slot !== 'top') return [answersKey(unit, slot)];
    const { cert, key } = topLevelKeys(unit);
    return [cert, key];
  }

  #write(bag: Record<string, string>, unit: MungedUnitName, slot: Slot, entries: ReadonlyMap<string, KeyPair>): void {
    if (entries.size === 0) {
      for (const key of this.#keysOf(unit, slot)) delete bag[key];
    } else if (slot === 'top') {
      const keys = topLevelKeys(unit);
      for (const { cert, key } of entries.values()) Object.assign(bag, { [keys.cert]: cert, [keys.key]: key });
    } else {
      const members = [...entries].map(([name, { cert, key }]) => [name, { cert, key }] as const);
      bag[answersKey(unit, slot)] = encodeDatabagJson(new Map(members));
    }
  }

  #slot(unit: MungedUnitName, slot: Slot): Answers {
    const slots = this.#answers.get(unit) ?? new Map<Slot, Answers>();
    this.#answers.set(unit, slots);
    const known = slots.get(slot);
    if (known !== undefined) return known;
    const read = slot === 'top' ? this.#readTop(unit) : this.#readCollection(answersKey(unit, slot));
    slots.set(slot, read);
    return read;
  }

  #readTop(unit: MungedUnitName): Answers {
    const keys = topLevelKeys(unit);
    const [cert, key] = [lookup(this.#bag, keys.cert), lookup(this.#bag, keys.key)];
    // The provider put it there as a key.
    if (cert !== null && key !== null) return new Answers(new Map([['', { cert, key: key as PrivateKey }]]));
    if (cert !== null || key !== null) {
      const [there, missing] = cert === null ? [keys.key, 'certificate'] : [keys.cert, 'key'];
      const message = `there is no ${missing} beside it`;
      this.findings.push(finding('incomplete-answer', { ...this.#place, key: there }, message));
    }
    return new Answers(new Map());
  }

  #readCollection(key: string): Answers {
    const entries = new Map<string, KeyPair>();
    const raw = lookup(this.#bag, key);
    if (raw === null) return new Answers(entries);
    const place: Place = { ...this.#place, key };
    const parsed = readObject(raw, 'a JSON object of answers');
    if (E.isLeft(parsed)) {
      this.findings.push(finding('malformed-value', place, parsed.left));
      return new Answers(entries);
    }
    for (const [commonName, entry] of Object.entries(parsed.right)) {
      const pair = pairIn(entry);
      if (pair !== null) {
        entries.set(commonName, pair);
      } else {
        const message = `expected an object with cert and key, got ${shapeOf(entry)}`;
        this.findings.push(finding('malformed-entry', { ...place, commonName }, message));
      }
    }
    return new Answers(entries);
  }
}
