/**
 * What both sides of a relation say in the CSR protocol, read once for all requirers on it: requests, answers, errors, capabilities.
 *
 * Source: docs/csr-protocol.md, Databags and Malformed data.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Capabilities } from '../../csr/capabilities.ts';
import { malformedIn } from '../../csr/malformed.ts';
import { capabilitiesIn, type PublishedAnswer, readAnswers, readErrors, type Refused } from '../../csr/published.ts';
import { readRequested, type Requested } from '../../csr/requested.ts';
import type { KnownCsr, NormalPem, Texts } from '../../csr/texts.ts';
import { PROVIDER_KEYS, REQUIRER_KEYS } from '../../csr/wire.ts';
import type { EntryFault } from '../../databag/entries.ts';
import { hidingKeys } from '../../model/certificate.ts';
import type { Finding, Place } from '../../model/finding.ts';
import type { RelationId, UnitName } from '../../model/names.ts';
import type { Databag } from '../../model/snapshot.ts';
import type { ApplicationBags, Exchange } from '../exchange.ts';
import { keysPublished } from '../published-keys.ts';

/** What one requirer asks for. */
export interface Asking {
  /** CSRs without repeats, in the order of first occurrence. */
  readonly requests: ReadonlyArray<Requested>;
  readonly findings: ReadonlyArray<Finding>;
}

/** What is said about one CSR. */
export interface Said {
  readonly csr: KnownCsr;
  readonly answers: ReadonlyArray<PublishedAnswer>;
  /** The last one counts. */
  readonly errors: ReadonlyArray<Refused>;
}

/** A relation in the CSR protocol. */
export interface CsrRelation {
  readonly relationId: RelationId;
  /** Whether the provider's databag was seen. */
  readonly isAnsweringSeen: boolean;
  readonly askingOf: (exchange: Exchange) => Asking;
  /** What the provider says about a CSR; null if it says nothing. */
  readonly saidOf: (csr: NormalPem) => Said | null;
  /** What it says about CSRs that are in no databag that was seen. */
  readonly others: ReadonlyArray<Said>;
  readonly answers: ReadonlyArray<PublishedAnswer>;
  readonly capabilities: Capabilities | null;
  readonly shownCapabilities: Capabilities | null;
  /** What to report once, however many ask. */
  readonly findings: ReadonlyArray<Finding>;
}

const placeOf = ({ relationId, requirer, isApplication = false }: Exchange): Place => ({
  relationId,
  key: REQUIRER_KEYS.requests,
  // It is not an application, so it is a unit.
  ...(isApplication ? {} : { unit: requirer as UnitName }),
});

const readAsking = (exchange: Exchange, texts: Texts): Asking => {
  const { asked } = exchange;
  if (asked === null) return { requests: [], findings: [] };
  const { entries, faults } = readRequested(asked, texts);
  const requests = new Map<NormalPem, Requested>();
  for (const { value } of entries) if (!requests.has(value.known.pem)) requests.set(value.known.pem, value);
  const place = placeOf(exchange);
  return {
    requests: [...requests.values()],
    findings: [...malformedIn(place, faults), ...keysPublished(asked, place)],
  };
};

const saidIn = (
  answers: ReadonlyArray<PublishedAnswer>,
  errors: ReadonlyArray<Refused>,
): ReadonlyMap<NormalPem, Said> => {
  const said = new Map<NormalPem, { csr: KnownCsr; answers: Array<PublishedAnswer>; errors: Array<Refused> }>();
  const of = (csr: KnownCsr) => {
    const known = said.get(csr.pem) ?? { csr, answers: [], errors: [] };
    said.set(csr.pem, known);
    return known;
  };
  for (const answer of answers) of(answer.csr).answers.push(answer);
  for (const error of errors) of(error.csr).errors.push(error);
  return said;
};

/** Capabilities without possible private keys: their publisher may write anything. */
const withoutKeys = ({ allowedDomains, providerType, ...flags }: Capabilities): Capabilities => ({
  ...flags,
  allowedDomains: allowedDomains?.map(hidingKeys) ?? null,
  providerType: providerType === null ? null : hidingKeys(providerType),
});

/** What the provider's application publishes. */
const readPublished = (relationId: RelationId, bag: Databag, texts: Texts) => {
  const [answers, errors, capabilities] = [readAnswers(bag, texts), readErrors(bag, texts), capabilitiesIn(bag)];
  const at = (key: string, faults: ReadonlyArray<EntryFault<number>>) => malformedIn({ relationId, key }, faults);
  return {
    answers: answers.entries.map(({ value }) => value),
    errors: errors.entries.map(({ value }) => value),
    capabilities: E.isRight(capabilities) ? capabilities.right : null,
    findings: [
      ...at(PROVIDER_KEYS.answers, [...answers.faults, ...answers.slips]),
      ...at(PROVIDER_KEYS.errors, errors.faults),
      ...(E.isRight(capabilities) ? [] : at(PROVIDER_KEYS.capabilities, [{ at: null, message: capabilities.left }])),
      ...keysPublished(bag, { relationId }),
    ],
  };
};

/** Reads a relation; `exchanges` has all of its exchanges. */
export const readCsrRelation = (
  relationId: RelationId,
  { published }: ApplicationBags,
  exchanges: ReadonlyArray<Exchange>,
  texts: Texts,
): CsrRelation => {
  const { answers, errors, capabilities, findings } = readPublished(relationId, published ?? {}, texts);
  const said = saidIn(answers, errors);
  const asking = new Map(exchanges.map((exchange) => [exchange, readAsking(exchange, texts)]));
  const asked = new Set<NormalPem>();
  for (const { requests } of asking.values()) for (const { known } of requests) asked.add(known.pem);
  return {
    relationId,
    isAnsweringSeen: published !== null,
    askingOf: (exchange) => asking.get(exchange) ?? { requests: [], findings: [] },
    saidOf: (csr) => said.get(csr) ?? null,
    others: [...said.values()].filter(({ csr }) => !asked.has(csr.pem)),
    answers,
    capabilities,
    shownCapabilities: capabilities === null ? null : withoutKeys(capabilities),
    findings,
  };
};
