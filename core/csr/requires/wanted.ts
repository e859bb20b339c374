/**
 * What is wanted, by content: which published CSR serves which request.
 *
 * Source: docs/csr-protocol.md, Which CSR fits a request.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { CertType } from '../../model/certificate.ts';
import type { Bag } from '../../model/outcome.ts';
import { type Content, type ContentKey, contentKey, contentOf, fitsKind } from '../content.ts';
import type { KnownCsr } from '../texts.ts';
import type { CsrRequest } from './intent.ts';

/** The databag that holds requests of a kind. */
export const bagOf = (certType: CertType): Bag => (certType === 'application' ? 'application' : 'unit');

/** Requests of the same kind and content: one CSR serves all of them. */
export interface Goal {
  readonly certType: CertType;
  readonly bag: Bag;
  readonly isCa: boolean;
  readonly content: Content;
  readonly contentKey: ContentKey;
}

/** A request of the intent with its content, or why no CSR can express it. */
export interface Wanted {
  readonly request: CsrRequest;
  readonly goal: E.Either<ReadonlyArray<string>, Goal>;
}

/** Everything that is wanted. */
export interface AllWanted {
  /** In the order of the intent. */
  readonly requests: ReadonlyArray<Wanted>;
  /** Without repeats, in the same order. */
  readonly goals: ReadonlyArray<Goal>;
  /** What a CSR in a databag is for, by its content and the `isCa` beside it. Null: nobody wants it. */
  readonly goalOf: (csr: KnownCsr, bag: Bag, isCa: boolean) => Goal | null;
}

const goalKey = (certType: CertType, content: ContentKey): string => `${certType} ${content}`;

/** The kinds that a CSR can serve, in order of preference: without a named usage it serves a server. */
const kindsIn = (bag: Bag, isCa: boolean): ReadonlyArray<CertType> => {
  if (bag === 'application') return isCa ? [] : ['application'];
  return isCa ? ['intermediate'] : ['server', 'client'];
};

/** Reads the requests of an intent. */
export const wantedOf = (requests: ReadonlyArray<CsrRequest>): AllWanted => {
  const goals = new Map<string, Goal>();
  const wanted = requests.map((request): Wanted => {
    const { certType } = request;
    const content = contentOf(request);
    if (E.isLeft(content)) return { request, goal: content };
    const key = contentKey(content.right);
    const goal = goals.get(goalKey(certType, key)) ?? {
      certType,
      bag: bagOf(certType),
      isCa: certType === 'intermediate',
      content: content.right,
      contentKey: key,
    };
    goals.set(goalKey(certType, key), goal);
    return { request, goal: E.right(goal) };
  });
  const goalOf: AllWanted['goalOf'] = ({ csr, contentKey: key }, bag, isCa) => {
    for (const certType of kindsIn(bag, isCa)) {
      const goal = goals.get(goalKey(certType, key));
      if (goal !== undefined && fitsKind(csr, certType)) return goal;
    }
    return null;
  };
  return { requests: wanted, goals: [...goals.values()], goalOf };
};
