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

const failed = (message: string): HostError => ({ _tag: 'HostError', reason: 'failed', message });

/** What is wrong with a CA that is kept, and what to do about it. */
const unusable = ({ code }: IssueFault): HostError =>
  failed(
    `the CA that is kept cannot be used (${code}): ${
      code === 'key-mismatch'
        ? 'its key belongs to another certificate'
        : 'its certificate or its key is damaged or of no use'
    }; put back what was kept before, or remove it to have a new CA made`,
  );

const notMade = ({ code }: IssueFault): HostError =>
  failed(`no CA could be made (${code}): check its common name, its days and the kind of its key`);

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
      : pipe(openAuthority(state), TE.mapLeft(unusable));

  const make = (moment: Moment): TE.TaskEither<Problem, AuthorityState> =>
    pipe(createAuthority(authority, moment), TE.mapLeft(notMade), TE.chain(kept));

  const replace = (state: AuthorityState, moment: Moment): TE.TaskEither<Problem, AuthorityState> =>
    pipe(rotateAuthority(state, authority, policy.overlapDays, moment), TE.mapLeft(notMade), TE.chain(kept));

  /** What is kept, made where there is nothing, replaced where it is time. */
  const current = (moment: Moment): TE.TaskEither<Problem, OpenAuthority> =>
    pipe(
      keeper.load,
      TE.chain((state) => (state === null ? make(moment) : TE.right(state))),
      TE.chain(open),
      TE.chain((at) =>
        isDueForRotation(at, policy, moment.now) ? pipe(replace(at.state, moment), TE.chain(open)) : TE.right(at)
      ),
    );

  const standing: TE.TaskEither<Problem, OpenAuthority | null> = pipe(
    keeper.load,
    TE.chain((state): TE.TaskEither<Problem, OpenAuthority | null> => (state === null ? TE.right(null) : open(state))),
  );

  const charmWith = (at: OpenAuthority | null, moment: Moment): Charm<ProvidesIntent, ProvidesView> => {
    opened = at;
    const idle = { side: provides, intent: nothingToPublish };
    if (at === null) return idle;
    const work = { authority: at, policy, moment, ...(onProgress === undefined ? {} : { onProgress }) };
    return { ...idle, react: ({ view }) => answerRequests(work, view)() };
  };

  return {
    charm: (now, mayCreate = true) => {
      const moment = { now, random };
      return pipe(
        mayCreate ? keeper.exclusively(current(moment)) : standing,
        TE.map((at) => charmWith(at, moment)),
      );
    },
    rotate: (now) => {
      const moment = { now, random };
      return keeper.exclusively(pipe(
        keeper.load,
        TE.chain((state) => (state === null ? make(moment) : replace(state, moment))),
        TE.map(() => undefined),
      ));
    },
  };
};
