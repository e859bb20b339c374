/**
 * Replacing a CA without an outage, in three steps that a clock and the requirers drive:
 *
 * 1. **announced**: the new CA is published as trusted beside the present one, which still signs. This can be aborted.
 * 2. **overlap**: every requirer has had a hook since, or a time has passed. The new CA signs, and everything is issued anew. The former one stays
 *    trusted, and has certified the new one, so that whoever knows only the former one can still follow.
 * 3. **steady**: the overlap is over, and the former CA is trusted no more. What it certified is published for as long again, since requirers hear of
 *    that one after another.
 *
 * So at every moment what a requirer trusts covers every certificate in use, be it of the CA before or after. The steps are functions of what is
 * kept; who keeps it says when they are taken. `docs/authority.md` tells why there are several certificates in `ca`, and a cross-certificate.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { MAX_COMMON_NAME } from '../model/same-names.ts';
import type { Timestamp } from '../model/snapshot.ts';
import { type IssueFault, openIssuer } from '../x509/issue.ts';
import { issueCross } from '../x509/issue-csr.ts';
import {
  BACKDATED,
  createAuthority,
  daysAfter,
  describeFirst,
  type Moment,
  type NewAuthority,
  remembered,
  standing,
} from './authority.ts';
import type { Policy } from './policy.ts';
import { type AuthorityState, type Retired, toKeep } from './state.ts';

/** A moment as it is kept: what a date writes is a timestamp. */
export const timestamp = (date: Date): Timestamp => date.toISOString() as Timestamp;

/** CAs that were made, at least: the first form of what is kept does not count them. */
export const madeIn = ({ made, retired }: AuthorityState): number => Math.max(made, retired.length + 1);

/**
 * The name of the n-th CA. Each has one of its own, so that the issuer of a certificate is found by its name alone: two CAs with one name and two
 * keys are what clients stumble over. It is called as public CAs call theirs: `Our CA`, `Our CA G2`, `Our CA G3`.
 */
const nameOfNth = (commonName: string, n: number): string => {
  const suffix = ` G${n}`;
  return `${[...commonName].slice(0, MAX_COMMON_NAME - suffix.length).join('')}${suffix}`;
};

/**
 * Announces a new CA: it is made, and published as trusted from the next run on. Where one is announced already, nothing changes. `generation` is
 * the operator's number for it, where there is one.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { announceReplacement, createAuthority } from 'interface-tls-certificates/authority';
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const announced = await announceReplacement(made.right, { commonName: 'Our CA' }, moment)();
 * if (announced._tag === 'Left') throw new Error(announced.left.code);
 * assert.equal(announced.right.certificate, made.right.certificate); // the present CA still signs
 * assert.ok(announced.right.next !== null);
 * ```
 */
export const announceReplacement = (
  state: AuthorityState,
  wanted: NewAuthority,
  moment: Moment,
  generation: number = state.generation,
): TE.TaskEither<IssueFault, AuthorityState> => {
  if (state.next !== null) return TE.right(state);
  const made = madeIn(state) + 1;
  return pipe(
    createAuthority({ ...wanted, commonName: nameOfNth(wanted.commonName, made) }, moment),
    TE.map(({ certificate, key }) =>
      toKeep({ ...state, made, next: { certificate, key, since: timestamp(moment.now), generation } })
    ),
  );
};

/** Why nothing could be aborted: no new CA is announced. One that signs already is replaced by announcing another. */
export type AbortFault = 'nothing-announced';

/**
 * Takes an announced CA back before it signs: nothing was issued by it. The operator's number for it counts as dealt with, so that it is not
 * announced again.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { abortReplacement, announceReplacement, createAuthority } from 'interface-tls-certificates/authority';
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const announced = await announceReplacement(made.right, { commonName: 'Our CA' }, moment)();
 * if (announced._tag === 'Left') throw new Error(announced.left.code);
 * const aborted = abortReplacement(announced.right);
 * assert.ok(aborted._tag === 'Right' && aborted.right.next === null);
 * ```
 */
export const abortReplacement = (state: AuthorityState): E.Either<AbortFault, AuthorityState> =>
  state.next === null
    ? E.left('nothing-announced')
    : E.right(toKeep({ ...state, next: null, generation: Math.max(state.generation, state.next.generation) }));

/** The certificate that the present CA gives to the next one; null where it cannot give any, as at its own end. */
export const crossOf = (
  { certificate, key }: AuthorityState,
  next: string,
  { now, random }: Moment,
): TE.TaskEither<never, string | null> => {
  const [former, latter] = [describeFirst(certificate), describeFirst(next)];
  if (former === null || latter === null) return TE.right(null);
  return pipe(
    openIssuer({ certificate, key }),
    TE.chain((issuer) =>
      issueCross(next, issuer, {
        notBefore: new Date(Math.max(now.getTime() - BACKDATED, Date.parse(former.notBefore))),
        notAfter: new Date(Math.min(Date.parse(former.notAfter), Date.parse(latter.notAfter))),
        random,
      })
    ),
    // The new CA has to sign all the same: whoever has heard of it needs no cross-certificate.
    TE.orElse((): TE.TaskEither<never, string | null> => TE.right(null)),
  );
};

/** When the CA that signs ends; never where that cannot be read. */
export const endOf = ({ certificate }: AuthorityState): number =>
  Date.parse(describeFirst(certificate)?.notAfter ?? '') || Infinity;

/** The CA that signs until now, as it is remembered once another takes its place: trusted for an overlap, or for half of what is left of it. */
export const retired = (
  state: AuthorityState,
  successor: string,
  overlapDays: number,
  moment: Moment,
): TE.TaskEither<never, ReadonlyArray<Retired>> => {
  const [begin, end] = [moment.now.getTime(), endOf(state)];
  const crossEnd = Math.min(daysAfter(moment.now, 2 * overlapDays).getTime(), end);
  const until = timestamp(new Date(Math.max(begin, (begin + crossEnd) / 2)));
  return pipe(
    crossOf(state, successor, moment),
    TE.map((made) => (made === null ? null : { certificate: made, until: timestamp(new Date(crossEnd)) })),
    TE.map((cross) => [
      { certificate: state.certificate, above: state.above, until, cross },
      ...remembered(state, moment.now),
    ]),
  );
};

/**
 * Has the announced CA sign from now on.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { announceReplacement, completeReplacement, createAuthority } from 'interface-tls-certificates/authority';
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const announced = await announceReplacement(made.right, { commonName: 'Our CA' }, moment)();
 * if (announced._tag === 'Left') throw new Error(announced.left.code);
 * const completed = await completeReplacement(announced.right, 30, moment)();
 * assert.ok(completed._tag === 'Right');
 * assert.equal(completed.right.certificate, announced.right.next?.certificate);
 * ```
 */
export const completeReplacement = (
  state: AuthorityState,
  overlapDays: number,
  moment: Moment,
): TE.TaskEither<IssueFault, AuthorityState> => {
  const { next } = state;
  if (next === null) return TE.right(state);
  return pipe(
    retired(state, next.certificate, overlapDays, moment),
    TE.map((formers) =>
      toKeep({
        ...state,
        certificate: next.certificate,
        key: next.key,
        above: [],
        generation: Math.max(state.generation, next.generation),
        made: madeIn(state),
        next: null,
        retired: formers,
      })
    ),
  );
};

/**
 * Puts a new CA in the place of the present one at once, without announcing it. Whoever has not heard of it yet follows the cross-certificate. For
 * a key that may be known to others, give an overlap of 0 days, and expect an outage until every requirer has had a hook.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority, rotateAuthority } from 'interface-tls-certificates/authority';
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const rotated = await rotateAuthority(made.right, { commonName: 'Our CA' }, 30, moment)();
 * assert.equal(rotated._tag === 'Right' && rotated.right.retired[0]?.certificate, made.right.certificate);
 * ```
 */
export const rotateAuthority = (
  state: AuthorityState,
  wanted: NewAuthority,
  overlapDays: number,
  moment: Moment,
): TE.TaskEither<IssueFault, AuthorityState> =>
  pipe(
    announceReplacement(state, wanted, moment),
    TE.chain((announced) => completeReplacement(announced, overlapDays, moment)),
  );

/** Where a replacement stands. */
export type Replacement =
  | { readonly phase: 'steady' }
  /** The new CA signs at that time at the latest. */
  | { readonly phase: 'announced'; readonly signsAt: Timestamp }
  /** The former CA is published until then. */
  | { readonly phase: 'overlap'; readonly endsAt: Timestamp };

/**
 * Where a replacement stands at a moment. A CA near its end has the new one sign when half of what was left of it is gone, for what it issued ends
 * with it.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { announceReplacement, createAuthority, openPolicy, replacementOf } from 'interface-tls-certificates/authority';
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const announced = await announceReplacement(made.right, { commonName: 'Our CA' }, moment)();
 * if (announced._tag === 'Left') throw new Error(announced.left.code);
 * assert.equal(replacementOf(made.right, openPolicy, moment.now).phase, 'steady');
 * assert.equal(replacementOf(announced.right, openPolicy, moment.now).phase, 'announced');
 * ```
 */
export const replacementOf = (state: AuthorityState, { announceDays }: Policy, now: Date): Replacement => {
  if (state.next !== null) {
    const since = new Date(state.next.since);
    const half = (since.getTime() + endOf(state)) / 2;
    return {
      phase: 'announced',
      signsAt: timestamp(new Date(Math.min(daysAfter(since, announceDays).getTime(), half))),
    };
  }
  const [former] = standing(state, now);
  return former === undefined ? { phase: 'steady' } : { phase: 'overlap', endsAt: former.until };
};

/**
 * A replacement in a sentence for people; null where there is none.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { tellReplacement } from 'interface-tls-certificates/authority';
 * assert.equal(tellReplacement({ phase: 'steady' }), null);
 * ```
 */
export const tellReplacement = (replacement: Replacement): string | null => {
  switch (replacement.phase) {
    case 'steady':
      return null;
    case 'announced':
      return `a new CA is trusted beside the present one; it signs at ${replacement.signsAt} at the latest`;
    case 'overlap':
      return `a new CA signs; the former one is trusted until ${replacement.endsAt}`;
  }
};

/**
 * Whether the announced CA is to sign now. `hasHeard` says whether every requirer has had a hook since a moment.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { announceReplacement, createAuthority, isDueToSign, openPolicy } from 'interface-tls-certificates/authority';
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const announced = await announceReplacement(made.right, { commonName: 'Our CA' }, moment)();
 * if (announced._tag === 'Left') throw new Error(announced.left.code);
 * assert.ok(!isDueToSign(announced.right, openPolicy, moment.now, () => false));
 * assert.ok(isDueToSign(announced.right, openPolicy, moment.now, () => true)); // every requirer has heard of it
 * ```
 */
export const isDueToSign = (
  state: AuthorityState,
  policy: Policy,
  now: Date,
  hasHeard: (since: Date) => boolean,
): boolean => {
  const replacement = replacementOf(state, policy, now);
  if (replacement.phase !== 'announced' || state.next === null) return false;
  return now.getTime() >= Date.parse(replacement.signsAt) || hasHeard(new Date(state.next.since));
};

/**
 * Does what the operator's number asks for: a higher one than that of the present CA announces a new one; put back before that one signs, it is
 * aborted. The very same state where nothing is asked for.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority, followGeneration } from 'interface-tls-certificates/authority';
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const followed = await followGeneration(made.right, 2, { commonName: 'Our CA' }, moment)();
 * assert.equal(followed._tag === 'Right' && followed.right.next?.generation, 2);
 * ```
 */
export const followGeneration = (
  state: AuthorityState,
  generation: number,
  wanted: NewAuthority,
  moment: Moment,
): TE.TaskEither<IssueFault, AuthorityState> => {
  const { next } = state;
  if (next !== null) {
    const isTakenBack = next.generation > Math.max(generation, state.generation);
    return TE.right(isTakenBack ? toKeep({ ...state, next: null }) : state);
  }
  return generation > state.generation ? announceReplacement(state, wanted, moment, generation) : TE.right(state);
};
