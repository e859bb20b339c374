/**
 * The state of a request, from the CSRs that are published for it and what the provider says: which CSR counts, which ones go, and whether
 * a new one is needed.
 *
 * An old certificate serves until the new one arrives: the answered CSR stays beside the one without an answer. Source:
 * docs/csr-protocol.md, States.
 *
 * @module
 */
import type { RequestError } from '../errors.ts';
import type { Millis } from '../expiry.ts';
import { renewalOf } from '../renewal.ts';
import type { PublishedAnswer } from '../published.ts';
import type { KnownCsr, NormalPem } from '../texts.ts';
import { counts, type Said } from './answers.ts';
import type { OwnersKeys } from './keys.ts';
import type { MissingWhy, RequestState } from './view.ts';
import type { Goal } from './wanted.ts';

/** The state of a request. */
export interface RequestStanding {
  readonly state: RequestState;
  readonly why: MissingWhy | null;
  /** The last CSR that stays. */
  readonly csr: KnownCsr | null;
  readonly answer: PublishedAnswer | null;
  readonly error: RequestError | null;
  readonly renewAt: Millis | null;
  /** The CSRs that stay published. */
  readonly kept: ReadonlySet<NormalPem>;
  /** Its renewal is due, but the new CSR would equal the old one. */
  readonly isStuck: boolean;
}

/** When certificates are renewed. */
export interface Renewal {
  /** Null if the current time is unknown. */
  readonly now: Millis | null;
  readonly renewAfter: number;
  /** Whether the charm wants a renewal now. */
  readonly isWanted: boolean;
}

/** The last answer to a CSR that counts. */
const answerTo = (said: Pick<Said, 'answersTo'>, goal: Goal, csr: KnownCsr): PublishedAnswer | null =>
  said.answersTo(csr.pem).findLast((answer) => counts(answer, goal.isCa)) ?? null;

/** The index of the last answered CSR in a list, with its answer. */
const lastAnswered = (
  csrs: ReadonlyArray<KnownCsr>,
  answerOf: (csr: KnownCsr) => PublishedAnswer | null,
): { readonly at: number; readonly csr: KnownCsr; readonly answer: PublishedAnswer } | null => {
  for (let at = csrs.length - 1; at >= 0; at--) {
    const csr = csrs[at];
    const answer = csr === undefined ? null : answerOf(csr);
    if (csr !== undefined && answer !== null) return { at, csr, answer };
  }
  return null;
};

/** A renewal under the same RSA key gives the same bytes, unless an identifier makes each CSR differ. */
const wouldChange = (csr: KnownCsr): boolean => csr.csr.publicKey.key.kind !== 'rsa' || csr.content.hasUniqueIdentifier;

/**
 * The state of a goal. `published` are the CSRs for it, in the order of their databag, without repeats; `before` says why there might be
 * none.
 */
export const standingOf = (
  goal: Goal,
  published: ReadonlyArray<KnownCsr>,
  keys: OwnersKeys,
  said: Pick<Said, 'answersTo' | 'errorOf'>,
  renewal: Renewal,
  before: 'new' | 'changed',
): RequestStanding => {
  const answerOf = (csr: KnownCsr): PublishedAnswer | null => answerTo(said, goal, csr);
  const ofRank = (rank: string): ReadonlyArray<KnownCsr> =>
    published.filter((csr) => keys.rankOf(csr.publicKey) === rank);
  const inForce = ofRank('in force');
  const current = lastAnswered(inForce, answerOf);
  const old = current === null ? lastAnswered(ofRank('older'), answerOf) : null;
  const waiting = inForce.slice(current === null ? 0 : current.at + 1);
  const answered = current ?? old;
  const csr = waiting.at(-1) ?? answered?.csr ?? null;
  const answer = answered?.answer ?? null;
  const renewAt = answer === null ? null : renewalOf(answer.certificate.certificate, renewal.renewAfter);
  const isDue = renewal.isWanted || (renewAt !== null && renewal.now !== null && renewal.now >= renewAt);
  const isRenewable = current !== null && wouldChange(current.csr);
  const common = {
    csr,
    answer,
    renewAt,
    error: csr === null ? null : said.errorOf(csr.pem),
    kept: new Set([...(answered === null ? [] : [answered.csr.pem]), ...waiting.map(({ pem }) => pem)]),
    isStuck: false,
  };
  const missing = (why: MissingWhy): RequestStanding => ({ ...common, state: 'missing', why });
  const is = (state: RequestState): RequestStanding => ({ ...common, state, why: null });
  if (waiting.length > 0) {
    return answered !== null ? is('renewing') : is(common.error === null ? 'asked' : 'denied');
  }
  if (answered === null) return missing(published.length > 0 ? 'other-key' : before);
  if (current === null) return missing('other-key');
  if (!isDue) return is('answered');
  return isRenewable ? missing('renewal') : { ...is('answered'), isStuck: true };
};
