/**
 * A list of entries in the provider's own databag. Each entry is about one CSR. Entries that stay keep their order and their text, byte for
 * byte; unreadable ones go.
 *
 * A list is a value: each step takes one and returns the next. A step handles all CSRs at once, so its time depends on the length of the
 * list only, however many CSRs it is for.
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
  /** The value as it was published; null if there was none. */
  readonly raw: string | null;
  /** What is wrong with that value. */
  readonly faults: ReadonlyArray<EntryFault<number>>;
  /** Whether that value is not a list at all. */
  readonly isBroken: boolean;
  readonly isChanged: boolean;
  /** In order. */
  readonly entries: ReadonlyArray<Written<A>>;
}

/** The list in a value that was read. Leaving out a malformed entry counts as a change. */
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

/** The entries of a list by their CSR. */
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

/** The list with the entries about some CSRs changed in place; an entry that stays the same object is not a change. */
export const changed = <A extends AboutCsr>(
  list: EntryList<A>,
  isMeant: (csr: NormalPem) => boolean,
  change: (entry: Written<A>) => Written<A>,
): EntryList<A> => withEntries(list, list.entries.map((entry) => (isMeant(pemOf(entry)) ? change(entry) : entry)));

/**
 * The list with new entries at its end, each replacing those about the same CSR. If one of those means the same, it alone stays where it
 * is.
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

/** Whether the value is not a list, and stays that way because there is nothing to write. */
export const staysBroken = <A extends AboutCsr>({ isBroken, isChanged }: EntryList<A>): boolean =>
  isBroken && !isChanged;

/** The value that publishes the list; empty removes it. */
export const valueOf = <A extends AboutCsr>({ raw, isChanged, entries }: EntryList<A>): string =>
  isChanged ? listOfTexts(entries.map(({ text }) => text)) : raw ?? '';
