/**
 * The requirer's own databags: what they hold, and what to write after CSRs are withdrawn and others appended.
 *
 * Entries that stay keep their text, byte for byte. Source: docs/csr-protocol.md, Malformed data.
 *
 * @module
 */
import type { Entry, EntryFault } from '../../databag/entries.ts';
import { elementTexts, encodeInOrder, listOfTexts } from '../../databag/in-order.ts';
import { lookup } from '../../databag/lookup.ts';
import { BAG_FIELD } from '../../databag/write.ts';
import type { Bag } from '../../model/outcome.ts';
import type { Databag, Relation } from '../../model/snapshot.ts';
import { readRequested, type Requested } from '../requested.ts';
import type { KnownCsr, NormalPem, Texts } from '../texts.ts';
import { REQUEST_FIELDS, REQUIRER_KEYS } from '../wire.ts';

/** One of the own databags as published. */
export interface OwnBag {
  readonly bag: Bag;
  readonly data: Databag;
  readonly entries: ReadonlyArray<Entry<number, Requested>>;
  readonly faults: ReadonlyArray<EntryFault<number>>;
}

/** A CSR to publish. */
export interface Addition {
  readonly csr: KnownCsr;
  readonly isCa: boolean;
}

/** Reads an own databag. */
export const readOwn = (relation: Relation, bag: Bag, texts: Texts): OwnBag => {
  const data = relation[BAG_FIELD[bag]];
  return { bag, data, ...readRequested(data, texts) };
};

/** Whether the value as a whole is not a list of requests. */
const isBroken = ({ faults }: OwnBag): boolean => faults.some(({ at }) => at === null);

/** Whether the databag is still malformed after this write: a broken value is overwritten only if there is something to write. */
export const staysBroken = (own: OwnBag, additions: ReadonlyArray<Addition>): boolean =>
  isBroken(own) && additions.length === 0;

const written = ({ csr, isCa }: Addition): string =>
  encodeInOrder({ fields: [[REQUEST_FIELDS.csr, csr.pem], [REQUEST_FIELDS.ca, isCa]] });

/** The entry with its flag, which older charms leave out; everything else stays the same. */
const withFlag = (text: string): string => `${text.replace(/\s*\}$/, '')}, "${REQUEST_FIELDS.ca}": false}`;

/** The databag without the CSRs that are not kept, and with the additions at its end. */
export const rewritten = (
  own: OwnBag,
  isKept: (csr: NormalPem, entry: Requested) => boolean,
  additions: ReadonlyArray<Addition>,
): Databag => {
  const raw = lookup(own.data, REQUIRER_KEYS.requests);
  if (staysBroken(own, additions)) return own.data;
  const kept = own.entries.filter(({ value }) => isKept(value.known.pem, value));
  const isSame = !isBroken(own) && own.faults.length === 0 && kept.length === own.entries.length &&
    kept.every(({ value }) => value.saysCa) && additions.length === 0;
  if (isSame) return own.data;
  const before = raw === null || isBroken(own) ? [] : elementTexts(raw);
  const texts = kept.map(({ at, value }) => {
    const text = before[at] ?? '';
    return value.saysCa ? text : withFlag(text);
  });
  return { ...own.data, [REQUIRER_KEYS.requests]: listOfTexts([...texts, ...additions.map(written)]) };
};
