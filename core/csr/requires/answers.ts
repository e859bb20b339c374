/**
 * What the provider has answered on one relation, by the CSR that each answer repeats.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { EntryFault } from '../../databag/entries.ts';
import type { Finding, Place } from '../../model/finding.ts';
import type { Relation } from '../../model/snapshot.ts';
import type { Capabilities } from '../capabilities.ts';
import type { ContentKey } from '../content.ts';
import type { RequestError } from '../errors.ts';
import { malformedIn } from '../malformed.ts';
import { capabilitiesIn, type PublishedAnswer, readAnswers, readErrors, type Refused } from '../published.ts';
import type { KnownCsr, NormalPem, Texts } from '../texts.ts';
import { PROVIDER_KEYS } from '../wire.ts';

/** What a provider says on one relation. */
export interface Said {
  /** All answers, in the provider's order. */
  readonly answers: ReadonlyArray<PublishedAnswer>;
  /** All answers to a CSR, in the provider's order. */
  readonly answersTo: (csr: NormalPem) => ReadonlyArray<PublishedAnswer>;
  /** The last error for a CSR. */
  readonly errorOf: (csr: NormalPem) => RequestError | null;
  /** Those whose CSR has this content, whoever made it. */
  readonly answersWith: (content: ContentKey) => ReadonlyArray<PublishedAnswer>;
  readonly errorsWith: (content: ContentKey) => ReadonlyArray<Refused>;
  readonly capabilities: Capabilities | null;
  /** Whether something was malformed, so that nothing is withdrawn. */
  readonly isMalformed: boolean;
  readonly findings: ReadonlyArray<Finding>;
}

const grouped = <A, K>(all: ReadonlyArray<A>, keyOf: (a: A) => K): (key: K) => ReadonlyArray<A> => {
  const groups = new Map<K, Array<A>>();
  for (const a of all) {
    const group = groups.get(keyOf(a));
    if (group === undefined) groups.set(keyOf(a), [a]);
    else group.push(a);
  }
  return (key) => groups.get(key) ?? [];
};

const ofCsr = ({ csr }: { readonly csr: KnownCsr }): NormalPem => csr.pem;
const ofContent = ({ csr }: { readonly csr: KnownCsr }): ContentKey => csr.contentKey;

/** Reads what the provider says on a relation. */
export const saidOn = ({ id, remoteApplicationData: bag }: Relation, texts: Texts): Said => {
  const place = (key: string): Place => ({ relationId: id, key });
  const answers = readAnswers(bag, texts);
  const errors = readErrors(bag, texts);
  const capabilities = capabilitiesIn(bag);
  const faults: ReadonlyArray<EntryFault<number>> = E.isLeft(capabilities)
    ? [{ at: null, message: capabilities.left }]
    : [];
  const refused = errors.entries.map(({ value }) => value);
  const given = answers.entries.map(({ value }) => value);
  const errorsTo = grouped(refused, ofCsr);
  return {
    answers: given,
    answersTo: grouped(given, ofCsr),
    errorOf: (csr) => errorsTo(csr).at(-1)?.error ?? null,
    answersWith: grouped(given, ofContent),
    errorsWith: grouped(refused, ofContent),
    capabilities: E.isRight(capabilities) ? capabilities.right : null,
    isMalformed: answers.faults.length + answers.slips.length + errors.faults.length + faults.length > 0,
    findings: [
      ...malformedIn(place(PROVIDER_KEYS.answers), [...answers.faults, ...answers.slips]),
      ...malformedIn(place(PROVIDER_KEYS.errors), errors.faults),
      ...malformedIn(place(PROVIDER_KEYS.capabilities), faults),
    ],
  };
};

/** Whether an answer counts: it is not revoked, it has the key of its CSR, and it belongs to a CA exactly if a CA certificate was requested. */
export const counts = ({ csr, certificate, isRevoked }: PublishedAnswer, isCa: boolean): boolean =>
  !isRevoked && certificate.publicKey === csr.publicKey && certificate.isCa === isCa;
