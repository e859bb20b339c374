/**
 * Where an authority is kept between hooks: its key is nobody else's, so a host says how to keep it.
 *
 * @module
 */
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { AuthorityState } from '../../core/authority/mod.ts';
import type { Problem } from '../host.ts';
import { turns } from '../turns.ts';

/** Keeps one authority. */
export interface Keeper {
  /** What is kept; null where there is nothing yet. */
  readonly load: TE.TaskEither<Problem, AuthorityState | null>;
  /** Keeps it in place of what was there, all or nothing. */
  readonly save: (state: AuthorityState) => TE.TaskEither<Problem, void>;
  /**
   * Does the work with nobody else making or replacing the authority in between: two CAs at once would be one too many. Where only one unit
   * may, as the leader of an application, that is so without more ado.
   */
  readonly exclusively: <A>(work: TE.TaskEither<Problem, A>) => TE.TaskEither<Problem, A>;
}

/**
 * Keeps an authority for as long as the program runs: for tests and demonstrations.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { orThrow } from 'interface-tls-certificates';
 * import { createAuthority, memoryKeeper } from 'interface-tls-certificates/authority';
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const keeper = memoryKeeper();
 * await orThrow(keeper.save(made.right));
 * assert.equal(await orThrow(keeper.load), made.right);
 * ```
 */
export const memoryKeeper = (initial: AuthorityState | null = null): Keeper => {
  let kept = initial;
  const inTurn = turns();
  return {
    load: TE.fromIO(() => kept),
    save: (state) =>
      TE.fromIO(() => {
        kept = state;
      }),
    exclusively: (work) => () => inTurn(work),
  };
};
