/**
 * From the application databag that a good provider publishes to the one that is shown: some answers are taken away, replaced, or broken.
 * The others keep their text.
 *
 * @module
 */
import type { RequestError } from '../../../core/csr/errors.ts';
import { writtenError } from '../../../core/csr/errors.ts';
import { revokedAnswer, writtenAnswer } from '../../../core/csr/provides/answers.ts';
import { EntryList } from '../../../core/csr/provides/entry-list.ts';
import { type Answer, readAnswers, readErrors } from '../../../core/csr/published.ts';
import type { KnownCsr, Texts } from '../../../core/csr/texts.ts';
import { PROVIDER_KEYS } from '../../../core/csr/wire.ts';
import { encodeDatabagJson } from '../../../core/databag/json.ts';
import { lookup } from '../../../core/databag/lookup.ts';
import type { Databag } from '../../../core/model/snapshot.ts';

/** What becomes of an answer. */
export type Distortion =
  | { readonly _tag: 'TakenAway' }
  | { readonly _tag: 'Replaced'; readonly certificate: string }
  | { readonly _tag: 'Chain'; readonly of: (good: Answer['chain']) => Answer['chain'] }
  | { readonly _tag: 'Revoked' }
  | { readonly _tag: 'Refused'; readonly error: RequestError }
  /** The certificate of the entry breaks off. */
  | { readonly _tag: 'EntryBroken' }
  /** All that stands in the list with it breaks off. */
  | { readonly _tag: 'BrokenOff' };

/** An answered request, and what becomes of its answer. */
export interface Distorted {
  readonly known: KnownCsr;
  readonly distortion: Distortion;
}

const half = (text: string): string => text.slice(0, Math.floor(text.length / 2));

/** An answer with its text; a chain's first certificate is replaced with the certificate. */
const replaced = (good: Answer, pem: string, texts: Texts): readonly [Answer, string] | null => {
  const certificate = texts.certificate(pem);
  if (certificate === null) return null;
  const chain = good.chain.map((link) => (link.pem === good.certificate.pem ? certificate : link));
  const answer = { ...good, certificate, chain };
  return [answer, writtenAnswer(answer)];
};

/** How an entry is shown; null where it is not told here. */
const entryOf = (
  good: Answer,
  text: string,
  distortion: Distortion,
  texts: Texts,
): readonly [Answer, string] | null => {
  switch (distortion._tag) {
    case 'Replaced':
      return replaced(good, distortion.certificate, texts);
    case 'Chain': {
      const answer = { ...good, chain: distortion.of(good.chain) };
      return [answer, writtenAnswer(answer)];
    }
    case 'Revoked':
      return revokedAnswer(good, text);
    case 'EntryBroken': {
      const { pem } = good.certificate;
      // Its first place is the certificate's own, for that comes before the chain.
      return [good, text.replace(encodeDatabagJson(pem), () => encodeDatabagJson(half(pem)))];
    }
    default:
      return null;
  }
};

/** The application databag of a relation with its answers distorted. */
export const distort = (good: Databag, all: ReadonlyArray<Distorted>, texts: Texts): Databag => {
  if (all.length === 0) return good;
  const answers = new EntryList(lookup(good, PROVIDER_KEYS.answers), readAnswers(good, texts));
  const errors = new EntryList(lookup(good, PROVIDER_KEYS.errors), readErrors(good, texts));
  const done = new Set<string>();
  for (const { known, distortion } of all) {
    // The same CSR of two units has one answer: what is done to it first counts.
    if (done.has(known.pem)) continue;
    done.add(known.pem);
    if (distortion._tag === 'TakenAway' || distortion._tag === 'Refused') answers.remove(known.pem);
    else answers.change(known.pem, (answer, text) => entryOf(answer, text, distortion, texts));
    if (distortion._tag === 'Refused') {
      const { error } = distortion;
      errors.replace({ csr: known, error }, writtenError(known.pem, error), () => false);
    }
  }
  const isBroken = all.some(({ distortion }) => distortion._tag === 'BrokenOff');
  const shown: Readonly<Record<string, string>> = {
    ...good,
    [PROVIDER_KEYS.answers]: isBroken ? half(answers.value()) : answers.value(),
    [PROVIDER_KEYS.errors]: errors.value(),
  };
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== ''));
};
