/**
 * The decision on one request by name: what to request above for it, and what to hand out below.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Millis } from '../csr/expiry.ts';
import type { KnownCsr } from '../csr/texts.ts';
import type { AboveCsr, AboveView } from './above.ts';
import type { AskedBelow, ByName } from './asked.ts';
import { type GivenByName, givenByName, impossible, refusedByName, unsupportedOf } from './by-name.ts';
import type { MissingCsr } from './decision.ts';
import { finding } from './findings.ts';
import type { BridgeKeys } from './keys.ts';
import { type BridgeStanding, bridgeStanding, type OwnCsr } from './standing.ts';

/** A request by name with everything known about it. */
export interface Decided {
  readonly one: ByName;
  /** Null if there is no provider to ask for it. */
  readonly state: BridgeStanding | null;
  readonly given: GivenByName;
  /** What is published above for it. */
  readonly csrs: ReadonlyArray<AboveCsr>;
  readonly missing: ReadonlyArray<MissingCsr>;
  /** Whether it stays unchanged because some of its requirers cannot be seen. */
  readonly isFrozen: boolean;
}

/** What all requests have in common. */
export interface Circumstances {
  readonly above: AboveView;
  /** Whether a provider above accepts certificate requests. */
  readonly isAsking: boolean;
  readonly keys: BridgeKeys;
  readonly now: Millis | null;
  readonly renewAfter: number;
  /** Whether some requests of this requirer may not be visible at the moment. */
  readonly isHeld: AskedBelow['isHeld'];
}

const REACTIVE = 'the provider above speaks the reactive protocol: relate the requirer to it without a bridge';

/** A request while there is no provider to ask. */
const givenNothing = (one: ByName, { spoken }: AboveView): GivenByName =>
  spoken === 'reactive'
    ? refusedByName(one, REACTIVE, finding('provider-reactive', one.place, REACTIVE))
    : { answers: [], refusals: [], withdrawn: [], shared: null, findings: [] };

/**
 * Whether a certificate that several units share stays for its current names: some of those units cannot be seen at the moment, so a change
 * of their requests is not known. It stays as long as it is usable or still awaited.
 */
const isHeldBack = (
  { id }: ByName,
  own: ReadonlyArray<OwnCsr>,
  { standing, serving }: BridgeStanding,
  { isHeld, now }: Circumstances,
): boolean =>
  id.unit === null && standing.why === 'changed' && isHeld(id) &&
  (serving === null
    ? own.some(({ request }) => !request.isRevoked)
    : now === null || now < serving.certificate.certificate.notAfter);

/** Decides on a request. `own` is what is published above for it, `made` what has been made for it since. */
export const decideOn = (
  one: ByName,
  own: ReadonlyArray<OwnCsr>,
  made: KnownCsr | null,
  circumstances: Circumstances,
): Decided => {
  const { above, isAsking, keys, now, renewAfter } = circumstances;
  const nothing = { one, state: null, csrs: [], missing: [], isFrozen: false };
  if (E.isLeft(one.goal)) return { ...nothing, given: impossible(one, one.goal.left) };
  if (!isAsking) return { ...nothing, given: givenNothing(one, above) };
  const goal = one.goal.right;
  const state = bridgeStanding(goal, own, made, keys.of(one.label), { now, renewAfter });
  const { standing, key, kept, isRevoked } = state;
  const { csr } = standing;
  const isFrozen = isHeldBack(one, own, state, circumstances);
  const isNew = csr !== null && !own.some(({ known: { pem } }) => pem === csr.pem);
  const isMissing = standing.state === 'missing' && !isFrozen && unsupportedOf(goal, state, above).length === 0;
  const why = isRevoked ? 'revoked' : standing.why ?? 'new';
  return {
    one,
    state,
    given: givenByName(one, goal, state, above, keys, now),
    csrs: [
      ...own.filter(({ known: { pem } }) => isFrozen || kept.has(pem)).map(({ request: { csr: pem, isCa } }) => ({
        csr: pem,
        isCa,
      })),
      ...(isNew ? [{ csr: csr.pem, isCa: goal.isCa }] : []),
    ],
    missing: isMissing
      ? [{
        label: one.label,
        request: one.id,
        keyName: key?.name ?? null,
        content: goal.content,
        certType: goal.certType,
        why,
      }]
      : [],
    isFrozen,
  };
};
