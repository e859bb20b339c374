/**
 * For what each published answer was given: the wire says neither for which SANs nor, at top level, for which common name, so both
 * are remembered from when the answer was given.
 *
 * The memory has one text per relation, unit and slot: for each answer a digest of its common name and one of the name with its SANs. So
 * it grows by some 40 bytes an answer, and tells nobody who asked for what. Source: protocol-reactive.md section 7, D14, D18, D28.
 *
 * @module
 */
import { digestOf } from '../../digest.ts';
import { nameKeyOf } from '../../model/same-names.ts';
import type { Note, Remembered } from '../../model/memory.ts';
import type { MungedUnitName, RelationId } from '../../model/names.ts';
import { givenIn, noteOf } from '../given.ts';
import { byCodePoint } from '../../model/order.ts';
import type { Sans } from '../asked.ts';
import type { Slot } from './published.ts';

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

/** Where answers are remembered together. */
interface Place {
  readonly relationId: RelationId;
  /** As it calls itself; empty for the one answer that an application has. */
  readonly unit: MungedUnitName;
  readonly slot: Slot;
}

/** A place, and which answers in it are still published: those to some common names, or whatever there is. */
export interface AnsweredPlace extends Place {
  readonly commonNames: Iterable<string> | 'all';
}

/** What an answer answers. */
export interface Address extends Place {
  /** Empty for the one answer that an application has. */
  readonly commonName: string;
}

/**
 * For what an answer was given, compared with what is asked for: the same SANs, others, another common name (which only the answer at top
 * level can be), or nobody remembers.
 */
export type GivenFor = 'these' | 'others' | 'another name' | 'unknown';

/** What was made of a list before, or is made now. */
const shared = (known: WeakMap<Sans, string>, sans: Sans, make: () => string): string => {
  const before = known.get(sans);
  if (before !== undefined) return before;
  const made = make();
  known.set(sans, made);
  return made;
};

/** What is remembered of answers, and what has been learnt in this decision. */
export class Answered {
  readonly #remembered: (name: string) => Remembered | undefined;
  readonly #places = new Map<string, Map<string, string>>();
  /** Digests of names: each is asked for several times. */
  readonly #names = new Map<string, string>();
  /** Digests of the SANs that an application's units share: they are one list, which may be long. */
  readonly #shared = new WeakMap<Sans, string>();
  readonly #sharedEarlier = new WeakMap<Sans, string>();

  constructor(remembered: (name: string) => Remembered | undefined) {
    this.#remembered = remembered;
  }

  /** For what the answer that stands at this address was given. */
  givenFor(address: Address, sans: Sans): GivenFor {
    const known = this.#at(address);
    const digest = known.get(this.#nameDigest(address.commonName));
    if (digest !== undefined) {
      const now = this.#sansDigest(address, sans);
      if (digest === now) return 'these';
      if (digest !== this.#earlierDigest(address, sans)) return 'others';
      // What an earlier version remembered: an upgrade is no reason to issue anything anew.
      known.set(this.#nameDigest(address.commonName), now);
      return 'these';
    }
    return address.slot === 'top' && known.size > 0 ? 'another name' : 'unknown';
  }

  /** Takes note of an answer that is given. */
  give(address: Address, sans: Sans): void {
    const known = this.#at(address);
    if (address.slot === 'top') known.clear();
    known.set(this.#nameDigest(address.commonName), this.#sansDigest(address, sans));
  }

  /** What to remember of these places, by name after the endpoint. */
  entries(places: Iterable<AnsweredPlace>): ReadonlyMap<string, Note> {
    const kept = new Map<string, Note>();
    for (const { commonNames, ...place } of places) {
      const names = commonNames === 'all' ? null : new Set([...commonNames].map((name) => this.#nameDigest(name)));
      const note = noteOf(new Map([...this.#at(place)].filter(([name]) => names === null || names.has(name))));
      if (note !== null) kept.set(this.#keyOf(place), note);
    }
    return kept;
  }

  /** The name of a place in the memory. How a unit calls itself is foreign text, and does not stand in it. */
  #keyOf({ relationId, unit, slot }: Place): string {
    return `${KIND}${JSON.stringify([relationId, unit === '' ? '' : this.#nameDigest(unit), slot])}`;
  }

  #nameDigest(name: string): string {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const digest = digestOf([name]).slice(0, NAME_DIGITS);
    this.#names.set(name, digest);
    return digest;
  }

  #sansDigest({ slot, commonName }: Address, sans: Sans): string {
    const make = (): string => sansDigest(commonName, sans, nameKeyOf);
    return slot === 'application' ? shared(this.#shared, sans, make) : make();
  }

  #earlierDigest({ slot, commonName }: Address, sans: Sans): string {
    const make = (): string => sansDigest(commonName, sans, asAsked);
    return slot === 'application' ? shared(this.#sharedEarlier, sans, make) : make();
  }

  #at(place: Place): Map<string, string> {
    const key = this.#keyOf(place);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const read = new Map(givenIn(this.#remembered(key)));
    this.#places.set(key, read);
    return read;
  }
}
