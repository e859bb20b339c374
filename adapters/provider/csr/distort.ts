/**
 * Turns the application databag that a correct provider publishes into the one that is shown: some answers are removed, replaced, or
 * broken. The others keep their text.
 *
 * @module
 */
import { type RequestError, writtenError } from '../../../core/csr/errors.ts';
import { type PublishedAnswer, readAnswers } from '../../../core/csr/published.ts';
import type { KnownCsr, NormalPem, Texts } from '../../../core/csr/texts.ts';
import { ANSWER_FIELDS, PROVIDER_KEYS } from '../../../core/csr/wire.ts';
import { elementTexts, encodeInOrder, listOfTexts } from '../../../core/databag/in-order.ts';
import { lookup } from '../../../core/databag/lookup.ts';
import type { Databag } from '../../../core/model/snapshot.ts';

/** What happens to an answer. */
export type Distortion =
  | { readonly _tag: 'TakenAway' }
  | { readonly _tag: 'Replaced'; readonly certificate: string }
  | { readonly _tag: 'Chain'; readonly of: (good: ReadonlyArray<string>) => ReadonlyArray<string> }
  | { readonly _tag: 'Revoked' }
  | { readonly _tag: 'Refused'; readonly error: RequestError }
  /** The certificate of the entry is cut off. */
  | { readonly _tag: 'EntryBroken' }
  /** The list is cut off, with everything in it. */
  | { readonly _tag: 'BrokenOff' };

/** An answered request, and what happens to its answer. */
export interface Distorted {
  readonly known: KnownCsr;
  readonly distortion: Distortion;
}

const half = (text: string): string => text.slice(0, Math.floor(text.length / 2));

/** An entry as it is shown. */
interface Shown {
  readonly certificate: string;
  readonly chain: ReadonlyArray<string>;
  readonly isRevoked: boolean;
}

/** How an answer is shown; null if it is not shown. */
const shownAs = (good: Shown, distortion: Distortion): Shown | null => {
  switch (distortion._tag) {
    case 'Replaced': {
      // The good chain starts with the good certificate.
      const { certificate } = distortion;
      return { ...good, certificate, chain: [certificate, ...good.chain.slice(1)] };
    }
    case 'Chain':
      return { ...good, chain: distortion.of(good.chain) };
    case 'Revoked':
      return { ...good, isRevoked: true };
    case 'EntryBroken':
      return { ...good, certificate: half(good.certificate) };
    case 'BrokenOff':
      return good;
    case 'TakenAway':
    case 'Refused':
      return null;
  }
};

/** The JSON text of an answer that is shown as something else, with its fields in the Python library's form. */
const entryText = ({ csr, ca, certificate, chain }: PublishedAnswer, distortion: Distortion): ReadonlyArray<string> => {
  const good = { certificate: certificate.pem, chain: chain.map(({ pem }) => pem), isRevoked: false };
  const shown = shownAs(good, distortion);
  if (shown === null) return [];
  return [encodeInOrder({
    fields: [
      [ANSWER_FIELDS.ca, ca?.pem],
      [ANSWER_FIELDS.csr, csr.pem],
      [ANSWER_FIELDS.certificate, shown.certificate],
      [ANSWER_FIELDS.chain, shown.chain],
      [ANSWER_FIELDS.revoked, shown.isRevoked ? true : undefined],
    ],
  })];
};

/** The application databag of a relation with its answers distorted. */
export const distort = (good: Databag, all: ReadonlyArray<Distorted>, texts: Texts): Databag => {
  const byCsr = new Map<NormalPem, Distortion>();
  // Two units with the same CSR have one answer: the first distortion counts.
  for (const { known, distortion } of all) if (!byCsr.has(known.pem)) byCsr.set(known.pem, distortion);
  if (byCsr.size === 0) return good;
  const textsIn = (key: string): ReadonlyArray<string> => elementTexts(lookup(good, key) ?? '[]');
  const written = textsIn(PROVIDER_KEYS.answers);
  const entries = readAnswers(good, texts).entries.flatMap(({ at, value }) => {
    const distortion = byCsr.get(value.csr.pem);
    return distortion === undefined ? [written[at] ?? ''] : entryText(value, distortion);
  });
  const refusals = [...byCsr].flatMap(([csr, distortion]) =>
    distortion._tag === 'Refused' ? [writtenError(csr, distortion.error)] : []
  );
  const list = listOfTexts(entries);
  const isBroken = [...byCsr.values()].some(({ _tag }) => _tag === 'BrokenOff');
  const shown: Readonly<Record<string, string>> = {
    ...good,
    [PROVIDER_KEYS.answers]: isBroken ? half(list) : list,
    [PROVIDER_KEYS.errors]: listOfTexts([...textsIn(PROVIDER_KEYS.errors), ...refusals]),
  };
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== ''));
};
