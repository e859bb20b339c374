/**
 * Announces a new CA, which is then trusted beside the present one and does not sign yet, and takes it back.
 *
 * replacement.ts describes the steps that follow.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { MAX_COMMON_NAME } from '../model/same-names.ts';
import type { IssueFault } from '../x509/issue-fault.ts';
import { createAuthority, type NewAuthority } from './authority.ts';
import { type Moment, timestamp } from './moment.ts';
import { type AuthorityState, toKeep } from './state.ts';

/** How many CAs have been made, at least: the first form of what is kept does not count them. */
export const madeIn = ({ made, retired }: AuthorityState): number => Math.max(made, retired.length + 1);

/**
 * The name of the n-th CA. Each has its own, so that a certificate's issuer is found by name alone: clients fail on two CAs with one name
 * and two keys. Names follow the habit of public CAs: `Our CA`, `Our CA G2`, `Our CA G3`.
 */
const nameOfNth = (commonName: string, n: number): string => {
  const suffix = ` G${n}`;
  return `${[...commonName].slice(0, MAX_COMMON_NAME - suffix.length).join('')}${suffix}`;
};

/**
 * Announces a new CA: makes it, and publishes it as trusted from the next run on. If one is announced already, nothing changes.
 * `generation` is the operator's number for it, if any.
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

/** Why nothing could be aborted: no new CA is announced. To replace one that signs already, announce another. */
export type AbortFault = 'nothing-announced';

/**
 * Takes an announced CA back before it signs; it has issued nothing. The operator's number for it counts as used, so it is not announced
 * again.
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

/**
 * Does what the operator's number asks for: a number above that of the present CA announces a new one; putting it back before that one
 * signs aborts it. Returns the same object if nothing is asked for.
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
