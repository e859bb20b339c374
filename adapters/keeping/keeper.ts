/**
 * Where an authority is kept between hooks: its key must stay secret, so each host defines how to keep it.
 *
 * @module
 */
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { AuthorityState } from '../../core/authority/mod.ts';
import type { Problem } from '../host.ts';
import { turns } from '../turns.ts';

/** Keeps one authority. */
export interface Keeper {
  /** What is kept; null if there is nothing yet. */
  readonly load: TE.TaskEither<Problem, AuthorityState | null>;
  /** Replaces what is kept, all or nothing. */
  readonly save: (state: AuthorityState) => TE.TaskEither<Problem, void>;
  /**
   * Does the work while nothing else can make or replace the authority: two CAs at once would be one too many. If only one unit may do so
   * anyway, such as an application's leader, nothing more is needed.
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
