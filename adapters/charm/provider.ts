/**
 * A charm that is a small CA, as its configuration says. The leader of its application makes the CA and replaces it; all units answer with
 * it, so it does not matter which unit leads. Before Juju 3, a unit knows only its own CA, made when it led; other units answer nothing.
 * After an upgrade to Juju 3, the leader's CA becomes the CA of all.
 *
 * This room loads X.509; it is imported only for a provider's configuration.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { nothingToPublish, type ProvidesIntent } from '../../core/reactive/provides/intent.ts';
import type { ProvidesView } from '../../core/reactive/provides/view.ts';
import { provides } from '../../core/reactive/provides.ts';
import { caOf, type Replacement, tellReplacement } from '../authority/mod.ts';
import type { Problem } from '../host.ts';
import { type Status, wanting } from '../reaction.ts';
import { type AuthorityAction, authorityWork, refusalOf, resultsAfter } from './actions/authority.ts';
import { REACTIVE_PROVIDER_ACTIONS, type ReactiveProviderParameters } from './actions/declared.ts';
import { certificatesIssued, requestsOutstanding } from './actions/issued.ts';
import { type ActionAnswer, type Requested, requestedIn } from './actions/requested.ts';
import { generationIn } from './config/authority.ts';
import type { ProviderConfiguration } from './config/configuration.ts';
import type { Hook } from '../juju/hook.ts';
import type { JujuState } from '../juju/host.ts';
import { type HookCharm, type HookExitCode, type HookSettings, runCharm } from './hook.ts';
import { openJujuKeeper } from '../juju/keeper.ts';
import { hasReactiveAnswers, whyNoCa } from './unknown-ca.ts';

type ProviderCharm = HookCharm<ProvidesIntent, ProvidesView>;

/** Random bytes of good quality. */
export const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** The unit's status: a problem with its configuration, the progress of a CA replacement, or nothing. */
export const statusFor = (failures: ReadonlyArray<string>, replacement: Replacement | null): Status => {
  const [failure] = failures;
  if (failure !== undefined) return { status: 'blocked', message: failure };
  return { status: 'active', message: (replacement === null ? null : tellReplacement(replacement)) ?? '' };
};

/** A charm that only answers an action. */
const answering = (answer: ActionAnswer): ProviderCharm => ({
  side: provides,
  intent: nothingToPublish,
  react: () => wanting(nothingToPublish),
  action: { onlyLooks: true, answer: () => answer },
});

/** What is published stays as it is, even if requirers are gone. */
const KEEPING: ProvidesIntent = { ...nothingToPublish, onWithdrawal: 'keep' };

/** What a waiting charm says. */
interface Waiting {
  readonly failures: ReadonlyArray<string>;
  readonly warnings: ReadonlyArray<string>;
  /** Whether the unit's status is set. */
  readonly speaks: boolean;
}

/** A charm that leaves everything as it is, and says what it waits for. */
export const waiting = <Intent extends object, View>(
  side: HookCharm<Intent, View>['side'],
  intent: Intent,
  { failures, warnings, speaks }: Waiting,
): HookCharm<Intent, View> => ({
  side,
  intent,
  cas: null,
  react: () => ({ ...wanting(intent), status: speaks ? statusFor(failures, null) : null, failures, warnings }),
});

/** What each unit publishes itself: it can list that, whichever unit leads. */
const OWN = ['get-issued-certificates', 'get-outstanding-certificate-requests'] as const;

/** The charm in a hook, or in an action. */
const charmIn = (
  { endpoint, authority: { generation: configured, ...authority }, policy, status }: ProviderConfiguration,
  hook: Hook,
  { snapshot, memory }: JujuState,
  action: Requested<ReactiveProviderParameters> | null,
): TE.TaskEither<Problem, ProviderCharm> => {
  const { tools, environment } = hook;
  // No tool shows when another application's unit ran a hook; all of them have heard only if there are none.
  const isAlone = snapshot.relations.every(({ remoteUnits }) => Object.keys(remoteUnits).length === 0);
  return pipe(
    TE.Do,
    TE.bind('config', () => (typeof configured === 'object' ? tools.configGet : TE.right(undefined))),
    TE.bind('leads', () => tools.isLeader),
    TE.bindW('opened', ({ leads }) => openJujuKeeper(hook, endpoint, leads)),
    TE.chainW(({ config, leads, opened: { keeper, warnings } }) => {
      const wanted = generationIn(configured, config, environment.unit);
      const generation = E.isRight(wanted) ? wanted.right : null;
      const failures = E.isLeft(wanted) ? [wanted.left.message] : [];
      const ca = caOf({ keeper, authority, policy, random, ...(generation === null ? {} : { generation }) });
      const idle = () => provides.decide(snapshot, nothingToPublish, memory);

      const serving = (changed: AuthorityAction['name'] | null): TE.TaskEither<Problem, ProviderCharm> =>
        pipe(
          TE.Do,
          TE.bind('charm', () => ca.charm(hook.now, leads, () => isAlone)),
          TE.bind('state', () => keeper.load),
          TE.map(({ charm: { side, intent, react, replacement, trusted }, state }): ProviderCharm => ({
            side,
            intent,
            cas: trusted === null ? null : [trusted],
            react: async (outcome) => ({
              ...wanting(await react(outcome)),
              status: status ? statusFor(failures, replacement) : null,
              failures,
              warnings,
            }),
            ...(changed === null ? {} : {
              action: { onlyLooks: false, answer: () => E.right(resultsAfter(changed, state, replacement)) },
            }),
          })),
        );

      const running: TE.TaskEither<Problem, ProviderCharm> = pipe(
        keeper.load,
        TE.chain((state) => {
          const why = state === null && leads ? whyNoCa(hook, snapshot, idle(), hasReactiveAnswers, generation) : null;
          if (why === null) return serving(null);
          return TE.right(waiting(provides, KEEPING, { failures: [...failures, why], warnings, speaks: status }));
        }),
      );

      if (action === null) return running;
      const refusal = leads ? null : refusalOf(hook, action, OWN);
      if (refusal !== null) return TE.right(answering(E.left(refusal)));
      const { view } = idle();
      const kept = { hook, endpoint, keeper, ca, overlapDays: policy.overlapDays, random, generation };
      // No request of this protocol has a fingerprint.
      const lists = {
        view: { requests: [] },
        issued: certificatesIssued(view),
        outstanding: requestsOutstanding(view),
      };
      return pipe(
        authorityWork({ ...kept, ...lists }, action),
        TE.chain((work) => ('answered' in work ? TE.right(answering(work.answered)) : serving(work.changed))),
      );
    }),
  );
};

/** Runs a hook of a charm that is a CA. */
export const runProvider = (
  configuration: ProviderConfiguration,
  settings: Omit<HookSettings, 'endpoint'> = {},
): Promise<HookExitCode> =>
  runCharm({ ...settings, endpoint: configuration.endpoint }, provides, (hook, state) =>
    pipe(
      requestedIn(hook, REACTIVE_PROVIDER_ACTIONS),
      TE.chainW((requested): TE.TaskEither<Problem, ProviderCharm> =>
        requested !== null && E.isLeft(requested)
          ? TE.right(answering(requested))
          : charmIn(configuration, hook, state, requested === null ? null : requested.right)
      ),
    ));
