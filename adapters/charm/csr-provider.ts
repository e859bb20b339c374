/**
 * A charm that is a small CA for the CSR protocol, as its configuration says. Its leader makes the CA and answers; the other units do
 * nothing, and whichever leads next finds the CA in the application's secret.
 *
 * This room loads X.509; it is imported for a provider's configuration, and not before.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { csrProvides } from '../../core/csr/provides.ts';
import { type CsrProvidesIntent, nothingToPublish } from '../../core/csr/provides/intent.ts';
import type { CsrProvidesView } from '../../core/csr/provides/view.ts';
import { caOf, revokeAll } from '../authority/mod.ts';
import type { RelationId } from '../../core/model/names.ts';
import type { Problem } from '../host.ts';
import { wanting } from '../reaction.ts';
import { authorityWork, refusalOf, relationOf, resultsAfter } from './actions/authority.ts';
import { CSR_PROVIDER_ACTIONS, type CsrProviderParameters } from './actions/declared.ts';
import { csrsIssued, csrsOutstanding } from './actions/issued.ts';
import { type ActionAnswer, type Requested, requestedIn, type Results } from './actions/requested.ts';
import { generationIn } from './config/authority.ts';
import type { CsrProviderConfiguration } from './config/configuration.ts';
import type { Hook } from '../juju/hook.ts';
import { type HookCharm, type HookExitCode, type HookSettings, runCharm } from './hook.ts';
import type { JujuState } from '../juju/host.ts';
import { openJujuKeeper } from '../juju/keeper.ts';
import { random, statusFor, waiting } from './provider.ts';
import { hasCsrAnswers, whyNoCa } from './unknown-ca.ts';

type CsrCharm = HookCharm<CsrProvidesIntent, CsrProvidesView>;

type CsrAction = Requested<CsrProviderParameters>;

/** Every certificate that is taken back, and the view without them, from which all is issued anew. */
const withoutAll = (
  view: CsrProvidesView,
  relation: RelationId | null,
): { readonly revoked: CsrProvidesIntent['revoked']; readonly without: CsrProvidesView } => ({
  revoked: revokeAll(view, relation ?? undefined),
  without: {
    requests: view.requests.map((request) =>
      relation === null || request.relationId === relation
        ? { ...request, state: 'new', certificate: null, ca: null, chain: [] }
        : request
    ),
  },
});

/** How many were taken back, and what came of them. */
const countsIn = ({ revoked, answers, refusals }: CsrProvidesIntent): Results => ({
  revoked: String(revoked.length),
  issued: String(answers.length),
  refused: String(refusals.length),
});

/** What is published stays as it is, whoever is gone. */
const KEEPING: CsrProvidesIntent = { ...nothingToPublish, onWithdrawal: 'keep' };

/** A unit that does not lead. */
const follower = (status: boolean): CsrCharm => ({
  side: csrProvides,
  intent: nothingToPublish,
  react: () => ({ ...wanting(nothingToPublish), status: status ? statusFor([], null) : null }),
  // The leader's, which this unit has not opened.
  cas: null,
});

/** A charm that answers an action, and does nothing else. */
const answering = (answer: ActionAnswer): CsrCharm => ({
  ...follower(false),
  action: { onlyLooks: true, answer: () => answer },
});

/** The charm of a unit that leads, or one that only looks at the CA. */
const leader = (
  { endpoint, authority: { generation: configured, ...authority }, policy, status }: CsrProviderConfiguration,
  hook: Hook,
  { snapshot, memory }: JujuState,
  action: CsrAction | null,
): TE.TaskEither<Problem, CsrCharm> => {
  const { tools, environment } = hook;
  // No tool tells when a unit of somebody else had a hook: only where there is none has every one heard.
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
      const idle = csrProvides.decide(snapshot, nothingToPublish, memory);
      const { view } = idle;
      const kept = { hook, endpoint, keeper, ca, overlapDays: policy.overlapDays, random, generation, view };
      const lists = { issued: csrsIssued(view), outstanding: csrsOutstanding(view) };

      const serving = (changed: CsrAction | null): TE.TaskEither<Problem, CsrCharm> =>
        pipe(
          TE.Do,
          TE.bind('charm', () => ca.csrCharm(hook.now, true, () => isAlone)),
          TE.bind('state', () => keeper.load),
          TE.map(
            ({ charm: { side, intent, react = () => intent, replacement, nextStep, trusted }, state }): CsrCharm => {
              const revoking = changed?.name === 'revoke-all' ? relationOf(endpoint, changed.parameters) : undefined;
              return {
                side,
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

      const running = (changed: CsrAction | null): TE.TaskEither<Problem, CsrCharm> =>
        pipe(
          // What an action has kept by now is a CA.
          keeper.load,
          TE.chain((state) => {
            const why = state === null ? whyNoCa(hook, snapshot, idle, hasCsrAnswers, generation) : null;
            if (why === null) return serving(changed);
            return TE.right(
              changed === null
                ? waiting(csrProvides, KEEPING, { failures: [...failures, why], warnings, speaks: status })
                : answering(E.left(why)),
            );
          }),
        );

      return action === null ? running(null) : pipe(
        authorityWork({ ...kept, ...lists }, action),
        TE.chain((work) => ('answered' in work ? TE.right(answering(work.answered)) : running(action))),
      );
    }),
  );
};

/** Runs a hook of a charm that is a CA for the CSR protocol. */
export const runCsrProvider = (
  configuration: CsrProviderConfiguration,
  settings: Omit<HookSettings, 'endpoint'> = {},
): Promise<HookExitCode> =>
  runCharm(
    { ...settings, endpoint: configuration.endpoint },
    csrProvides,
    (hook, state): TE.TaskEither<Problem, CsrCharm> =>
      pipe(
        requestedIn(hook, CSR_PROVIDER_ACTIONS),
        TE.chainW((requested): TE.TaskEither<Problem, CsrCharm> => {
          if (requested !== null && E.isLeft(requested)) return TE.right(answering(requested));
          const action = requested === null ? null : requested.right;
          const refusal = action === null || state.snapshot.isLeader ? null : refusalOf(hook, action);
          if (refusal !== null) return TE.right(answering(E.left(refusal)));
          return action === null && !state.snapshot.isLeader
            ? TE.right(follower(configuration.status))
            : leader(configuration, hook, state, action);
        }),
      ),
    // What is published ends, too.
    { wakeBy: ({ until }) => until },
  );
