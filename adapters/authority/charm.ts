/**
 * A charm that is a small CA: on any host, it answers the requests that it sees with an authority that is kept by somebody.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import {
  answerRequests,
  type AtWork,
  type AuthorityState,
  createAuthority,
  isDueForRotation,
  type Moment,
  type NewAuthority,
  type OpenAuthority,
  openAuthority,
  openPolicy,
  type Policy,
  rotateAuthority,
} from '../../core/authority/mod.ts';
import { nothingToPublish, type ProvidesIntent } from '../../core/reactive/provides/intent.ts';
import type { ProvidesView } from '../../core/reactive/provides/view.ts';
import { provides } from '../../core/reactive/provides.ts';
import type { IssueFault } from '../../core/x509/mod.ts';
import type { Charm, HostError, Problem } from '../host.ts';
import type { Keeper } from './keeper.ts';

/** What a CA is made of. */
export interface CaOptions {
  readonly keeper: Keeper;
  /** How the CA is called, and how long it lives: for when it is made and when it is replaced. */
  readonly authority: NewAuthority;
  /** {@link openPolicy} unless said otherwise. */
  readonly policy?: Policy;
  readonly random: Moment['random'];
  readonly onProgress?: AtWork['onProgress'];
}

/** A CA that charms are made of. */
export interface Ca {
  /**
   * The charm as of this moment. Where nothing is kept yet, a CA is made and kept; unless `mayCreate` is false, as for a unit that does not
   * lead its application: then nothing is published until there is one. A CA whose end is too near for what it issues is replaced.
   */
  readonly charm: (now: Date, mayCreate?: boolean) => TE.TaskEither<Problem, Charm<ProvidesIntent, ProvidesView>>;
  /** Replaces the CA by a new one. What the former one issued is issued anew in the charm's next run. */
  readonly rotate: (now: Date) => TE.TaskEither<Problem, void>;
}

const failed = (what: string) => ({ code }: IssueFault): HostError => ({
  _tag: 'HostError',
  reason: 'failed',
  message: `${what}: ${code}`,
});

/**
 * A CA over a keeper.
 *
 * @example
 * ```ts
 * import { caOf, memoryKeeper } from '@tls-certificates/interface-tls-certificates/authority';
 * import { type Host, orThrow, run } from 'interface-tls-certificates';
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * const ca = caOf({ keeper: memoryKeeper(), authority: { commonName: 'Our test CA' }, random });
 * const serve = async (host: Host) => orThrow(run(host)(await orThrow(ca.charm(new Date()))));
 * ```
 */
export const caOf = ({ keeper, authority, policy = openPolicy, random, onProgress }: CaOptions): Ca => {
  // Opening proves the key, and what it knows of certificates spares looking at them again: both last as long as the program.
  let opened: OpenAuthority | null = null;

  const kept = (state: AuthorityState): TE.TaskEither<Problem, AuthorityState> =>
    pipe(keeper.save(state), TE.map(() => state));

  const open = (state: AuthorityState): TE.TaskEither<Problem, OpenAuthority> =>
    opened?.state.key === state.key && opened.state.certificate === state.certificate
      ? TE.right({ ...opened, state })
      : pipe(openAuthority(state), TE.mapLeft(failed('the CA that is kept cannot be used')));

  const replace = (state: AuthorityState, now: Date): TE.TaskEither<Problem, AuthorityState> =>
    pipe(
      rotateAuthority(state, authority, policy.overlapDays, { now, random }),
      TE.mapLeft(failed('a new CA could not be made')),
      TE.chain(kept),
    );

  const current = (now: Date, mayCreate: boolean): TE.TaskEither<Problem, OpenAuthority | null> =>
    pipe(
      keeper.load,
      TE.chain((state): TE.TaskEither<Problem, OpenAuthority | null> => {
        if (state === null && !mayCreate) return TE.right(null);
        const found = state !== null ? TE.right<Problem, AuthorityState>(state) : pipe(
          createAuthority(authority, { now, random }),
          TE.mapLeft(failed('the CA could not be made')),
          TE.chain(kept),
        );
        return pipe(
          found,
          TE.chain(open),
          TE.chain((at) =>
            mayCreate && isDueForRotation(at, policy, now) ? pipe(replace(at.state, now), TE.chain(open)) : TE.right(at)
          ),
        );
      }),
      TE.tapIO((at) => () => {
        opened = at;
      }),
    );

  const charmWith = (at: OpenAuthority | null, now: Date): Charm<ProvidesIntent, ProvidesView> => {
    const idle = { side: provides, intent: nothingToPublish };
    if (at === null) return idle;
    const work = {
      authority: at,
      policy,
      moment: { now, random },
      ...(onProgress === undefined ? {} : { onProgress }),
    };
    return { ...idle, react: ({ view }) => answerRequests(work, view)() };
  };

  return {
    charm: (now, mayCreate = true) => pipe(current(now, mayCreate), TE.map((at) => charmWith(at, now))),
    rotate: (now) =>
      pipe(
        current(now, true),
        TE.chain((at) => (at === null ? TE.right(undefined) : pipe(replace(at.state, now), TE.map(() => undefined)))),
      ),
  };
};
