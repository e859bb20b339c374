/**
 * A list of entries in the provider's own databag. Each entry is about one CSR; what stays keeps its order and its text, byte for byte, and
 * what cannot be read goes.
 *
 * A list is a value: each step takes one and returns the next. A step is for all CSRs at once, so that it takes time with the length of the list
 * and no more, however many CSRs it is for.
 *
 * @module
 */
import type { EntryFault } from '../../databag/entries.ts';
import { elementTexts, listOfTexts } from '../../databag/in-order.ts';
import type { Read } from '../published.ts';
import type { KnownCsr, NormalPem } from '../texts.ts';

/** What an entry is about. */
export interface AboutCsr {
  readonly csr: KnownCsr;
}

/** An entry with the JSON text that publishes it. */
export interface Written<A> {
  readonly value: A;
  readonly text: string;
}

/** The entries of one key. */
export interface EntryList<A extends AboutCsr> {
  /** The value as it was published; null where there was none. */
  readonly raw: string | null;
  /** What is wrong with that value. */
  readonly faults: ReadonlyArray<EntryFault<number>>;
  /** Whether that value is no list at all. */
  readonly isBroken: boolean;
  readonly isChanged: boolean;
  /** In order. */
  readonly entries: ReadonlyArray<Written<A>>;
}

/** The list in a value that was read. An entry that is malformed is left out, which is a change. */
export const entryListOf = <A extends AboutCsr>(
  raw: string | null,
  { entries, faults, slips }: Read<A>,
): EntryList<A> => {
  const texts = raw === null || entries.length === 0 ? [] : elementTexts(raw);
  return {
    raw,
    faults: [...faults, ...slips],
    isBroken: faults.some(({ at }) => at === null),
    isChanged: faults.some(({ at }) => at !== null),
    entries: entries.map(({ at, value }) => ({ value, text: texts[at] ?? '' })),
  };
};

const pemOf = <A extends AboutCsr>({ value }: Written<A>): NormalPem => value.csr.pem;

/** The entries of a list by the CSR that they are about. */
export const byCsr = <A extends AboutCsr>({ entries }: EntryList<A>): ReadonlyMap<NormalPem, ReadonlyArray<A>> => {
  const found = new Map<NormalPem, Array<A>>();
  for (const { value } of entries) {
    const same = found.get(value.csr.pem);
    if (same === undefined) found.set(value.csr.pem, [value]);
    else same.push(value);
  }
  return found;
};

const withEntries = <A extends AboutCsr>(list: EntryList<A>, entries: ReadonlyArray<Written<A>>): EntryList<A> => {
  const isSame = entries.length === list.entries.length && entries.every((entry, i) => entry === list.entries[i]);
  return isSame ? list : { ...list, entries, isChanged: true };
};

/** The list without the entries about some CSRs. */
export const without = <A extends AboutCsr>(list: EntryList<A>, isGone: (csr: NormalPem) => boolean): EntryList<A> =>
  withEntries(list, list.entries.filter((entry) => !isGone(pemOf(entry))));

/** The list with the entries about some CSRs changed where they stand; the very same entry is left as it is. */
export const changed = <A extends AboutCsr>(
  list: EntryList<A>,
  isMeant: (csr: NormalPem) => boolean,
  change: (entry: Written<A>) => Written<A>,
): EntryList<A> => withEntries(list, list.entries.map((entry) => (isMeant(pemOf(entry)) ? change(entry) : entry)));

/**
 * The list with new entries at its end, each in place of those about the same CSR. Where one of them means the same, that one stays where it
 * is, alone.
 */
export const replaced = <A extends AboutCsr>(
  list: EntryList<A>,
  news: ReadonlyMap<NormalPem, Written<A>>,
  isSame: (before: A, after: A) => boolean,
): EntryList<A> => {
  const standing = new Set<NormalPem>();
  const stay = list.entries.filter((entry) => {
    const after = news.get(pemOf(entry));
    if (after === undefined) return true;
    if (standing.has(pemOf(entry)) || !isSame(entry.value, after.value)) return false;
    standing.add(pemOf(entry));
    return true;
  });
  return withEntries(list, [...stay, ...[...news].filter(([csr]) => !standing.has(csr)).map(([, entry]) => entry)]);
};

/** Whether the value is no list, and stays so since there is nothing to write. */
export const staysBroken = <A extends AboutCsr>({ isBroken, isChanged }: EntryList<A>): boolean =>
  isBroken && !isChanged;

/** What publishes the list; empty: nothing does. */
export const valueOf = <A extends AboutCsr>({ raw, isChanged, entries }: EntryList<A>): string =>
  isChanged ? listOfTexts(entries.map(({ text }) => text)) : raw ?? '';
