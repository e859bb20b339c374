/**
 * A charm that is a small CA for requirers of the CSR protocol, or of both protocols, as its configuration says. Its leader makes the CA
 * and answers, and the next leader finds the CA in the application's secret. Another unit does nothing for the CSR protocol alone; for both
 * protocols it publishes the CA, since requirers by name wait for it on every unit.
 *
 * This room loads X.509; it is imported only for a provider's configuration.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { AnyProvidesIntent } from '../../core/any/provides/intent.ts';
import type { AnyProvidesView } from '../../core/any/provides/view.ts';
import { anyProvides } from '../../core/any/provides.ts';
import { csrProvides } from '../../core/csr/provides.ts';
import type { CsrProvidesIntent } from '../../core/csr/provides/intent.ts';
import type { CsrProvidesView } from '../../core/csr/provides/view.ts';
import type { RelationId } from '../../core/model/names.ts';
import type { Row } from '../../core/side/row.ts';
import { type Ca, caOf, type CaStanding, type HasHeard, revokeAll } from '../authority/mod.ts';
import type { Charm, Problem } from '../host.ts';
import { wanting } from '../reaction.ts';
import { authorityWork, refusalOf, relationOf, resultsAfter } from './actions/authority.ts';
import {
  type Actions,
  ANY_PROVIDER_ACTIONS,
  CSR_PROVIDER_ACTIONS,
  type CsrProviderParameters,
  type OnRelation,
} from './actions/declared.ts';
import { certificatesIssued, csrsIssued, csrsOutstanding, requestsOutstanding } from './actions/issued.ts';
import type { Entry } from './actions/listed.ts';
import { type ActionAnswer, type Requested, requestedIn, type Results } from './actions/requested.ts';
import { generationIn } from './config/authority.ts';
import type {
  AnyProviderConfiguration,
  CsrProviderConfiguration,
  ProviderConfiguration,
} from './config/configuration.ts';
import type { Hook } from '../juju/hook.ts';
import { type HookCharm, type HookExitCode, type HookSettings, runCharm } from './hook.ts';
import type { JujuState } from '../juju/host.ts';
import { openJujuKeeper } from '../juju/keeper.ts';
import { random, statusFor, waiting } from './provider.ts';
import { type HasAnswers, hasCsrAnswers, hasReactiveAnswers, whyNoCa } from './unknown-ca.ts';

/** An intent that can take certificates back. */
type Revoking = Pick<CsrProvidesIntent, 'revoked'> & {
  readonly answers: ReadonlyArray<unknown>;
  readonly refusals: ReadonlyArray<unknown>;
};

type List = (on: OnRelation) => ReadonlyArray<Entry>;

/** What a CA speaks. */
interface Speaks<Intent extends Revoking, View extends CsrProvidesView> {
  readonly side: Row<string, Intent, View, never>;
  readonly charm: (
    ca: Ca,
    now: Date,
    leads: boolean,
    hasHeard: HasHeard,
  ) => TE.TaskEither<Problem, Charm<Intent, View> & CaStanding>;
  /** Which answers count as a CA's answers. */
  readonly hasAnswers: HasAnswers;
  /** What is published stays as it is, even if requirers are gone. */
  readonly keeping: Intent;
  /** Whether a unit that does not lead publishes something. */
  readonly followerPublishes: boolean;
  readonly actions: Actions<CsrProviderParameters>;
  readonly issued: (view: View) => List;
  readonly outstanding: (view: View) => List;
}

/** The CSR protocol alone. */
const CSR: Speaks<CsrProvidesIntent, CsrProvidesView> = {
  side: csrProvides,
  charm: (ca, now, leads, hasHeard) => ca.csrCharm(now, leads, hasHeard),
  hasAnswers: hasCsrAnswers,
  keeping: { ...csrProvides.nothing, onWithdrawal: 'keep' },
  followerPublishes: false,
  actions: CSR_PROVIDER_ACTIONS,
  issued: csrsIssued,
  outstanding: csrsOutstanding,
};

/** Both protocols: lists start with the requests by CSR, which have a fingerprint, followed by those by name, which have a kind. */
const ANY: Speaks<AnyProvidesIntent, AnyProvidesView> = {
  side: anyProvides,
  charm: (ca, now, leads, hasHeard) => ca.anyCharm(now, leads, hasHeard),
  hasAnswers: (relation) => hasCsrAnswers(relation) || hasReactiveAnswers(relation),
  keeping: { ...anyProvides.nothing, onWithdrawal: 'keep' },
  followerPublishes: true,
  actions: ANY_PROVIDER_ACTIONS,
  issued: (view) => (on) => [...csrsIssued(view)(on), ...certificatesIssued(view)(on)],
  outstanding: (view) => (on) => [...csrsOutstanding(view)(on), ...requestsOutstanding(view)(on)],
};

type CsrAction = Requested<CsrProviderParameters>;

/** Every certificate of a CSR that is taken back, and the view without them, from which all are reissued. */
const withoutAll = <View extends CsrProvidesView>(
  view: View,
  relation: RelationId | null,
): { readonly revoked: CsrProvidesIntent['revoked']; readonly without: View } => ({
  revoked: revokeAll(view, relation ?? undefined),
  without: {
    ...view,
    requests: view.requests.map((request) =>
      relation === null || request.relationId === relation
        ? { ...request, state: 'new', certificate: null, ca: null, chain: [] }
        : request
    ),
  },
});

/** How many were taken back, and the result. */
const countsIn = ({ revoked, answers, refusals }: Revoking): Results => ({
  revoked: String(revoked.length),
  issued: String(answers.length),
  refused: String(refusals.length),
});

/** A unit that publishes nothing. */
const follower = <Intent extends Revoking, View extends CsrProvidesView>(
  { side }: Speaks<Intent, View>,
  status: boolean,
): HookCharm<Intent, View> => ({
  side,
  intent: side.nothing,
  react: () => ({ ...wanting(side.nothing), status: status ? statusFor([], null) : null }),
  // It is the leader's, and this unit has not opened it.
  cas: null,
});

/** A charm that only answers an action. */
const answering = <Intent extends Revoking, View extends CsrProvidesView>(
  speaks: Speaks<Intent, View>,
  answer: ActionAnswer,
): HookCharm<Intent, View> => ({
  ...follower(speaks, false),
  action: { onlyLooks: true, answer: () => answer },
});

/** The charm of a unit that leads, of one that publishes what the leader stores, or of one that only looks at the CA. */
const holder = <Intent extends Revoking, View extends CsrProvidesView>(
  speaks: Speaks<Intent, View>,
  { endpoint, authority: { generation: configured, ...authority }, policy, status }: ProviderConfiguration<string>,
  hook: Hook,
  { snapshot, memory }: JujuState,
  action: CsrAction | null,
): TE.TaskEither<Problem, HookCharm<Intent, View>> => {
  const { side } = speaks;
  const { tools, environment } = hook;
  // No tool shows when another application's unit ran a hook; all of them have heard only if there are none.
  const isAlone = snapshot.relations.every(({ remoteUnits }) => Object.keys(remoteUnits).length === 0);
  return pipe(
    TE.Do,
    TE.bind('config', () => (typeof configured === 'object' ? tools.configGet : TE.right(undefined))),
    TE.bindW('opened', () => openJujuKeeper(hook, endpoint, snapshot.isLeader)),
    TE.chainW(({ config, opened: { keeper, warnings } }) => {
      const wanted = generationIn(configured, config, environment.unit);
      const generation = E.isRight(wanted) ? wanted.right : null;
      const failures = E.isLeft(wanted) ? [wanted.left.message] : [];
      const ca = caOf({ keeper, authority, policy, random, ...(generation === null ? {} : { generation }) });
      // Only if it is needed, since it reads everything that is published once more.
      const idle = () => side.decide(snapshot, side.nothing, memory);

      const serving = (changed: CsrAction | null): TE.TaskEither<Problem, HookCharm<Intent, View>> =>
        pipe(
          TE.Do,
          TE.bind('charm', () => speaks.charm(ca, hook.now, snapshot.isLeader, () => isAlone)),
          TE.bind('state', () => keeper.load),
          TE.map(
            (
              { charm: { side: charmSide, intent, react = () => intent, replacement, nextStep, trusted }, state },
            ): HookCharm<Intent, View> => {
              const revoking = changed?.name === 'revoke-all' ? relationOf(endpoint, changed.parameters) : undefined;
              return {
                side: charmSide,
                intent,
                wakeAt: nextStep,
                cas: trusted === null ? null : [trusted],
                react: async (outcome) => {
                  const { revoked, without } = revoking === undefined
                    ? { revoked: [], without: outcome.view }
                    : withoutAll(outcome.view, revoking);
                  const reaction = await react({ ...outcome, view: without });
                  return {
                    ...wanting(revoking === undefined ? reaction : { ...reaction, revoked }),
                    status: status ? statusFor(failures, replacement) : null,
                    failures,
                    warnings,
                  };
                },
                ...(changed === null ? {} : {
                  action: {
                    onlyLooks: false,
                    answer: ({ reaction }) =>
                      E.right(
                        changed.name === 'revoke-all'
                          ? countsIn(reaction.intent)
                          : resultsAfter(changed.name, state, replacement),
                      ),
                  },
                }),
              };
            },
          ),
        );

      const running = (changed: CsrAction | null): TE.TaskEither<Problem, HookCharm<Intent, View>> =>
        pipe(
          // If an action has stored something by now, it is a CA.
          keeper.load,
          TE.chain((state) => {
            const mayMake = state === null && snapshot.isLeader;
            const why = mayMake ? whyNoCa(hook, snapshot, idle(), speaks.hasAnswers, generation) : null;
            if (why === null) return serving(changed);
            return TE.right(
              changed === null
                ? waiting(side, speaks.keeping, { failures: [...failures, why], warnings, speaks: status })
                : answering(speaks, E.left(why)),
            );
          }),
        );

      if (action === null) return running(null);
      const { view } = idle();
      const kept = { hook, endpoint, keeper, ca, overlapDays: policy.overlapDays, random, generation, view };
      const lists = { issued: speaks.issued(view), outstanding: speaks.outstanding(view) };
      return pipe(
        authorityWork({ ...kept, ...lists }, action),
        TE.chain((work) => ('answered' in work ? TE.right(answering(speaks, work.answered)) : running(action))),
      );
    }),
  );
};

const runSpeaking = <Intent extends Revoking, View extends CsrProvidesView>(
  speaks: Speaks<Intent, View>,
  configuration: ProviderConfiguration<string>,
  settings: Omit<HookSettings, 'endpoint'>,
): Promise<HookExitCode> =>
  runCharm(
    { ...settings, endpoint: configuration.endpoint },
    speaks.side,
    (hook, state): TE.TaskEither<Problem, HookCharm<Intent, View>> =>
      pipe(
        requestedIn(hook, speaks.actions),
        TE.chainW((requested): TE.TaskEither<Problem, HookCharm<Intent, View>> => {
          if (requested !== null && E.isLeft(requested)) return TE.right(answering(speaks, requested));
          const action = requested === null ? null : requested.right;
          const { isLeader } = state.snapshot;
          const refusal = action === null || isLeader ? null : refusalOf(hook, action);
          if (refusal !== null) return TE.right(answering(speaks, E.left(refusal)));
          return action === null && !isLeader && !speaks.followerPublishes
            ? TE.right(follower(speaks, configuration.status))
            : holder(speaks, configuration, hook, state, action);
        }),
      ),
    // What is published also ends.
    { wakeBy: ({ until }) => until },
  );

/** Runs a hook of a charm that is a CA for the CSR protocol. */
export const runCsrProvider = (
  configuration: CsrProviderConfiguration,
  settings: Omit<HookSettings, 'endpoint'> = {},
): Promise<HookExitCode> => runSpeaking(CSR, configuration, settings);

/** Runs a hook of a charm that is a CA for requirers of both protocols. */
export const runAnyProvider = (
  configuration: AnyProviderConfiguration,
  settings: Omit<HookSettings, 'endpoint'> = {},
): Promise<HookExitCode> => runSpeaking(ANY, configuration, settings);
