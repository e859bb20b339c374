/**
 * The state of a request by name above: which certificate is in use, which certificate requests stay, and whether a new one must be made.
 *
 * An old certificate serves until the new one arrives, whether it is renewed, under another key, or for other names. Source:
 * docs/bridge.md.
 *
 * @module
 */
import { fitsKind } from '../csr/content.ts';
import type { Millis } from '../csr/expiry.ts';
import type { PublishedAnswer } from '../csr/published.ts';
import { type RequestStanding, standingOf } from '../csr/requires/state.ts';
import type { Goal } from '../csr/requires/wanted.ts';
import type { KnownCsr, NormalPem, Texts } from '../csr/texts.ts';
import type { PublicKeyText } from '../model/snapshot.ts';
import type { AboveRequest, AboveView } from './above.ts';
import { type BridgeKey, type BridgeKeys, inForce, ranked } from './keys.ts';
import type { KeyLabel } from './request-id.ts';

/** One of the bridge's own certificate requests that is published above. */
export interface OwnCsr {
  readonly known: KnownCsr;
  readonly request: AboveRequest;
  readonly answer: PublishedAnswer | null;
}

/** The answer that counts, as the CSR protocol's requirer reads it. */
const answerIn = ({ certificate, ca, chain }: AboveRequest, csr: KnownCsr, texts: Texts): PublishedAnswer | null => {
  const leaf = certificate === null ? null : texts.certificate(certificate);
  if (leaf === null) return null;
  return {
    csr,
    certificate: leaf,
    ca: ca === null ? null : texts.certificate(ca),
    chain: chain.map((link) => texts.certificate(link)).filter((link) => link !== null),
    isRevoked: false,
  };
};

/** Reads what is published above. */
export const readOwnCsrs = ({ requests }: AboveView, texts: Texts): ReadonlyArray<OwnCsr> =>
  requests.flatMap((request) => {
    const known = texts.csr(request.csr);
    return known === null ? [] : [{ known, request, answer: answerIn(request, known, texts) }];
  });

/** Those that the bridge made, by the request that their key is for. */
export const ownByLabel = (
  all: ReadonlyArray<OwnCsr>,
  { ownerOf }: BridgeKeys,
): ReadonlyMap<KeyLabel, ReadonlyArray<OwnCsr>> => {
  const groups = new Map<KeyLabel, Array<OwnCsr>>();
  for (const own of all) {
    const label = ownerOf(own.known.publicKey)?.label;
    if (label === undefined) continue;
    const group = groups.get(label);
    if (group === undefined) groups.set(label, [own]);
    else group.push(own);
  }
  return groups;
};

/** The state of a request by name. */
export interface BridgeStanding {
  readonly standing: RequestStanding;
  /** The certificate in use, which may still be for the names requested earlier. */
  readonly serving: PublishedAnswer | null;
  /** Whether it is for the current request. */
  readonly isCurrent: boolean;
  /** The key for the next certificate request; null: a key must be made first. */
  readonly key: BridgeKey | null;
  /** Whether a certificate was revoked and there is no other. */
  readonly isRevoked: boolean;
  readonly isMismatched: boolean;
  /** The certificate requests that stay published. */
  readonly kept: ReadonlySet<NormalPem>;
}

/** A key is spoilt if a certificate for it was revoked, and none with that key counts. */
const spoiltBy = (own: ReadonlyArray<OwnCsr>): (key: PublicKeyText) => boolean => {
  const revoked = new Set(own.filter(({ request }) => request.isRevoked).map(({ known }) => known.publicKey));
  for (const { known, answer } of own) if (answer !== null) revoked.delete(known.publicKey);
  return (key) => revoked.has(key);
};

/** Determines the state of a request. `own` is what is published for it, `made` what has been made for it since. */
export const bridgeStanding = (
  goal: Goal,
  own: ReadonlyArray<OwnCsr>,
  made: KnownCsr | null,
  keys: ReadonlyArray<BridgeKey>,
  when: { readonly now: Millis | null; readonly renewAfter: number },
): BridgeStanding => {
  const isSpoilt = spoiltBy(own);
  const key = inForce(keys, isSpoilt);
  const live = own.filter(({ known, request }) => !request.isRevoked && !isSpoilt(known.publicKey));
  const isForGoal = (csr: KnownCsr): boolean => csr.contentKey === goal.contentKey && fitsKind(csr.csr, goal.certType);
  const fitting = live.filter(({ known, request }) => request.isCa === goal.isCa && isForGoal(known));
  const others = live.filter((one) => !fitting.includes(one));
  const byCsr = new Map(fitting.map((one) => [one.known.pem, one]));
  const said = {
    answersTo: (csr: NormalPem): ReadonlyArray<PublishedAnswer> => {
      const answer = byCsr.get(csr)?.answer ?? null;
      return answer === null ? [] : [answer];
    },
    errorOf: (csr: NormalPem) => byCsr.get(csr)?.request.refusal ?? null,
  };
  const stand = (csrs: ReadonlyArray<KnownCsr>): RequestStanding =>
    standingOf(
      goal,
      csrs,
      ranked(keys, key),
      said,
      { ...when, isWanted: false },
      others.length > 0 ? 'changed' : 'new',
    );
  const published = fitting.map(({ known }) => known);
  const before = stand(published);
  const isTaken = made !== null && before.state === 'missing' && isForGoal(made) && made.publicKey === key?.publicKey;
  const standing = isTaken ? stand([...published, made]) : before;
  const former = standing.answer === null ? others.findLast(({ answer }) => answer !== null) ?? null : null;
  const revoked = own.filter(({ request }) => request.isRevoked);
  return {
    standing,
    serving: standing.answer ?? former?.answer ?? null,
    isCurrent: standing.answer !== null,
    key,
    isRevoked: revoked.length > 0 && standing.answer === null && former === null,
    isMismatched: fitting.some(({ request }) => request.isMismatched),
    kept: new Set([
      ...standing.kept,
      ...(former === null ? [] : [former.known.pem]),
      // Until there is another, it shows that its key must not be used again.
      ...(standing.state === 'missing' ? revoked.map(({ known }) => known.pem) : []),
    ]),
  };
};
