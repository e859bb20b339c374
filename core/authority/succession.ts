/**
 * Makes a new CA sign in place of the present one: the announced one, or a new one immediately.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { IssueFault } from '../x509/issue-fault.ts';
import { announceReplacement, madeIn } from './announcing.ts';
import type { NewAuthority } from './authority.ts';
import { retired } from './former.ts';
import type { Moment } from './moment.ts';
import { type AuthorityState, toKeep } from './state.ts';

/**
 * Makes the announced CA sign from now on.
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
 * Replaces the present CA with a new one immediately, without announcing it. Whoever has not heard of it yet follows the cross-certificate.
 * For a key that others may know, use an overlap of 0 days, and expect an outage until every requirer has had a hook.
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
