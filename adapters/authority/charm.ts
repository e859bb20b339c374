/**
 * A charm that is a small CA: on any host, it answers the requests that it sees with an authority that a keeper holds.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as T from 'fp-ts/lib/Task.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import {
  abortReplacement,
  announcedBy,
  announcedToAny,
  announceReplacement,
  answerAny,
  answerCsrs,
  answerRequests,
  type AtWork,
  type AuthorityState,
  completeReplacement,
  createAuthority,
  followGeneration,
  isDueForRotation,
  isDueToSign,
  type Moment,
  type NewAuthority,
  nextStep,
  type OpenAuthority,
  openAuthority,
  openPolicy,
  type Policy,
  publishedOf,
  type Replacement,
  replacementOf,
  rotateAuthority,
  withSharedClient,
} from '../../core/authority/mod.ts';
import { anyProvides, type AnyProvidesIntent, type AnyProvidesView } from '../../core/any/mod.ts';
import { csrProvides, type CsrProvidesIntent, type CsrProvidesView } from '../../core/csr/mod.ts';
import type { Outcome } from '../../core/model/outcome.ts';
import type { Timestamp } from '../../core/model/snapshot.ts';
import { nothingToPublish, type ProvidesIntent } from '../../core/reactive/provides/intent.ts';
import type { ProvidesView } from '../../core/reactive/provides/view.ts';
import { provides } from '../../core/reactive/provides.ts';
import type { IssueFault } from '../../core/x509/mod.ts';
import type { Charm, HostError, Problem } from '../host.ts';
import type { Keeper } from '../keeping/keeper.ts';

/** What a CA is made from. */
export interface CaOptions {
  /** Keeps the CA: its state, private keys included. */
  readonly keeper: Keeper;
  /** The CA's name and lifetime, for when it is made and when it is replaced. */
  readonly authority: NewAuthority;
  /** {@link openPolicy} by default. */
  readonly policy?: Policy;
  /** Random bytes, as many as asked for. */
  readonly random: Moment['random'];
  /** The operator's number for the CA, if any: a higher one than before announces a new CA. */
  readonly generation?: number;
  /** Called while many certificates are made. */
  readonly onProgress?: AtWork['onProgress'];
}

/** Whether every requirer has had a hook since a moment; a host that cannot know says no. */
export type HasHeard = (since: Date) => boolean;

/** The state of the CA when a charm is made. */
export interface CaStanding {
  /** The step of the CA's replacement; null while there is no CA. */
  readonly replacement: Replacement | null;
  /** When the CA's next step is due; null: never, or there is no CA. */
  readonly nextStep: Timestamp | null;
  /** The CA certificates that everybody should trust now, as PEM; null while there is no CA. */
  readonly trusted: string | null;
}

const NO_CA: CaStanding = { replacement: null, nextStep: null, trusted: null };

/** A charm that is a CA. */
export interface CaCharm extends Charm<ProvidesIntent, ProvidesView>, CaStanding {
  /** What it wants once it has seen the requests; the same object if nothing is due. */
  readonly react: (outcome: Outcome<ProvidesView>) => ProvidesIntent | Promise<ProvidesIntent>;
}

/** A charm that is a CA for the CSR protocol. */
export interface CsrCaCharm extends Charm<CsrProvidesIntent, CsrProvidesView>, CaStanding {}

/** A charm that is a CA for requirers of both protocols. */
export interface AnyCaCharm extends Charm<AnyProvidesIntent, AnyProvidesView>, CaStanding {}

/** A CA from which charms are made. */
export interface Ca {
  /**
   * The charm as of this moment. If nothing is kept yet, it makes and keeps a CA, unless `mayCreate` is false, as for a unit that does not
   * lead its application: then nothing is published until there is one. A CA whose end is too near for what it issues is replaced, step by
   * step.
   */
  readonly charm: (
    now: Date,
    mayCreate?: boolean,
    hasHeard?: HasHeard,
  ) => TE.TaskEither<Problem, CaCharm>;
  /** The same for the CSR protocol; one CA can serve both. A unit that does not lead its application (`leads`) makes and publishes nothing. */
  readonly csrCharm: (now: Date, leads: boolean, hasHeard?: HasHeard) => TE.TaskEither<Problem, CsrCaCharm>;
  /**
   * The same for requirers of both protocols. Only the leader answers; other units publish the CA, its chain and the shared client
   * certificate as they are kept.
   */
  readonly anyCharm: (now: Date, leads: boolean, hasHeard?: HasHeard) => TE.TaskEither<Problem, AnyCaCharm>;
  /** Announces a new CA, which the charm's next runs publish as trusted, and which signs once everybody has heard of it. */
  readonly replace: (now: Date) => TE.TaskEither<Problem, void>;
  /** Takes an announced CA back. It is an error if none is announced: one that signs already cannot be taken back. */
  readonly abort: TE.TaskEither<Problem, void>;
  /** Replaces the CA by a new one at once. What the former one issued is reissued in the charm's next run. */
  readonly rotate: (now: Date) => TE.TaskEither<Problem, void>;
}

const failed = (message: string): HostError => ({ _tag: 'HostError', reason: 'failed', message });

/** What is wrong with a kept CA, and what to do about it. */
const unusable = ({ code }: IssueFault): HostError =>
  failed(
    `the CA that is kept cannot be used (${code}): ${
      code === 'key-mismatch'
        ? 'its key belongs to another certificate'
        : 'its certificate or its key is damaged or of no use'
    }; put back what was kept before, or remove it to have a new CA made`,
  );

const NOT_ANNOUNCED = failed('no new CA is announced: there is nothing to abort');

const notMade = ({ code }: IssueFault): HostError =>
  failed(`no CA could be made (${code}): check its common name, its days and the kind of its key`);

/**
 * A CA over a keeper.
 *
 * @example
 * ```ts
 * import { caOf, memoryKeeper } from 'interface-tls-certificates/authority';
 * import { type Host, orThrow, run } from 'interface-tls-certificates';
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * const ca = caOf({ keeper: memoryKeeper(), authority: { commonName: 'Our test CA' }, random });
 * const serve = async (host: Host) => orThrow(run(host)(await orThrow(ca.charm(new Date()))));
 * ```
 */
export const caOf = ({ keeper, authority, policy = openPolicy, random, generation, onProgress }: CaOptions): Ca => {
  // Opening proves the key, and what it knows of certificates saves examining them again: both last as long as the program.
  let opened: OpenAuthority | null = null;

  const kept = (state: AuthorityState): TE.TaskEither<Problem, AuthorityState> =>
    pipe(keeper.save(state), TE.map(() => state));

  const open = (state: AuthorityState): TE.TaskEither<Problem, OpenAuthority> =>
    opened?.state.key === state.key && opened.state.certificate === state.certificate
      ? TE.right({ ...opened, state })
      : pipe(openAuthority(state), TE.mapLeft(unusable));

  const make = (moment: Moment): TE.TaskEither<Problem, AuthorityState> =>
    pipe(
      createAuthority(authority, moment),
      TE.map((made) => ({ ...made, generation: generation ?? made.generation })),
      TE.mapLeft(notMade),
    );

  /** What an operator's number, the CA's end and the clock ask for, in this order. */
  const replaced = (
    at: OpenAuthority,
    moment: Moment,
    hasHeard: HasHeard,
  ): TE.TaskEither<Problem, AuthorityState> =>
    pipe(
      followGeneration(at.state, generation ?? at.state.generation, authority, moment),
      TE.chain((state) =>
        isDueForRotation(at, policy, moment.now) ? announceReplacement(state, authority, moment) : TE.right(state)
      ),
      TE.chain((state) =>
        isDueToSign(state, policy, moment.now, hasHeard)
          ? completeReplacement(state, policy.overlapDays, moment)
          : TE.right(state)
      ),
      TE.mapLeft(notMade),
    );

  /** What is kept: made if there is nothing, brought up to this moment, and kept again if that changed anything. */
  const current = (
    moment: Moment,
    hasHeard: HasHeard,
    complete: (signing: OpenAuthority) => T.Task<AuthorityState>,
  ): TE.TaskEither<Problem, OpenAuthority> =>
    pipe(
      keeper.load,
      TE.bindTo('before'),
      TE.bind('begun', ({ before }) => (before === null ? make(moment) : TE.right(before))),
      TE.bind('at', ({ begun }) => open(begun)),
      TE.bind('signing', ({ at }) => pipe(replaced(at, moment, hasHeard), TE.chain(open))),
      TE.bind('after', ({ signing }) => TE.fromTask(complete(signing))),
      TE.chain(({ before, signing, after }) =>
        after === before ? TE.right(signing) : pipe(kept(after), TE.map((state) => ({ ...signing, state })))
      ),
    );

  const standing: TE.TaskEither<Problem, OpenAuthority | null> = pipe(
    keeper.load,
    TE.chain((state): TE.TaskEither<Problem, OpenAuthority | null> => (state === null ? TE.right(null) : open(state))),
  );

  /** What the CA does in a run, from what is kept; null if nothing is. */
  const workOf = (at: OpenAuthority | null, moment: Moment): AtWork | null => {
    opened = at;
    return at === null ? null : { authority: at, policy, moment, ...(onProgress === undefined ? {} : { onProgress }) };
  };

  /** The state of a CA. */
  const standingOf = ({ authority: at, moment: { now } }: AtWork): CaStanding => ({
    replacement: replacementOf(at.state, policy, now),
    nextStep: nextStep(at, policy, now),
    trusted: publishedOf(at.state, now).ca,
  });

  const charmWith = (work: AtWork | null): CaCharm => {
    const idle = { side: provides, intent: nothingToPublish, ...NO_CA, react: () => nothingToPublish };
    if (work === null) return idle;
    const intent = announcedBy(work);
    return { ...idle, intent, ...standingOf(work), react: ({ view }) => answerRequests(work, view, intent)() };
  };

  const csrCharmWith = (work: AtWork | null): CsrCaCharm => {
    const idle = { side: csrProvides, intent: csrProvides.nothing, ...NO_CA };
    return work === null ? idle : { ...idle, ...standingOf(work), react: ({ view }) => answerCsrs(work, view)() };
  };

  const anyCharmWith = (work: AtWork | null, leads: boolean): AnyCaCharm => {
    const idle = { side: anyProvides, intent: anyProvides.nothing, ...NO_CA };
    if (work === null) return idle;
    const charm = { ...idle, intent: announcedToAny(work), ...standingOf(work) };
    return leads ? { ...charm, react: ({ view }) => answerAny(work, view)() } : charm;
  };

  /** Changes what is kept; `none` is for when there is nothing. */
  const change = (
    by: (state: AuthorityState) => TE.TaskEither<Problem, AuthorityState>,
    none: TE.TaskEither<Problem, AuthorityState>,
  ): TE.TaskEither<Problem, void> =>
    keeper.exclusively(pipe(
      keeper.load,
      TE.chain((state) => (state === null ? none : by(state))),
      TE.chain(kept),
      TE.map(() => undefined),
    ));

  return {
    charm: (now, mayCreate = true, hasHeard = () => false) => {
      const moment = { now, random };
      return pipe(
        mayCreate
          ? keeper.exclusively(current(moment, hasHeard, (signing) => withSharedClient(signing, policy, moment)))
          : standing,
        TE.map((at) => charmWith(workOf(at, moment))),
      );
    },
    csrCharm: (now, leads, hasHeard = () => false) => {
      const moment = { now, random };
      if (!leads) return TE.right(csrCharmWith(null));
      return pipe(
        // The shared client certificate belongs to the other protocol.
        keeper.exclusively(current(moment, hasHeard, ({ state }) => T.of(state))),
        TE.map((at) => csrCharmWith(workOf(at, moment))),
      );
    },
    anyCharm: (now, leads, hasHeard = () => false) => {
      const moment = { now, random };
      return pipe(
        leads
          ? keeper.exclusively(current(moment, hasHeard, (signing) => withSharedClient(signing, policy, moment)))
          : standing,
        TE.map((at) => anyCharmWith(workOf(at, moment), leads)),
      );
    },
    replace: (now) => {
      const moment = { now, random };
      return change(
        (state) => pipe(announceReplacement(state, authority, moment), TE.mapLeft(notMade)),
        make(moment),
      );
    },
    abort: change(
      (state) => pipe(TE.fromEither(abortReplacement(state)), TE.mapLeft(() => NOT_ANNOUNCED)),
      TE.left(NOT_ANNOUNCED),
    ),
    rotate: (now) => {
      const moment = { now, random };
      return change(
        (state) => pipe(rotateAuthority(state, authority, policy.overlapDays, moment), TE.mapLeft(notMade)),
        make(moment),
      );
    },
  };
};
