/**
 * A charm between requirers and a provider that speak different protocols, as its configuration says. Both endpoints are read, decided on
 * and written in one hook, which Juju makes one transaction: a request and its consequences above take effect together or not at all.
 *
 * Private keys pass from their keeper into certificate requests, and with their certificates into the leader's databag below. Nothing else
 * sees them. This room loads X.509; it is imported only for a bridge's configuration. Source: docs/bridge.md.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { AnyProvidesIntent } from '../../core/any/provides/intent.ts';
import type { AnyProvidesView } from '../../core/any/provides/view.ts';
import { anyProvides } from '../../core/any/provides.ts';
import { asPublished, type Bridged, type BridgeKey, decideAbove, withPrivateKeys } from '../../core/bridge/mod.ts';
import type { PrivateKey } from '../../core/model/certificate.ts';
import type { Outcome } from '../../core/model/outcome.ts';
import type { Snapshot } from '../../core/model/snapshot.ts';
import type { Reads } from '../../core/side/row.ts';
import type { Problem } from '../host.ts';
import { wanting } from '../reaction.ts';
import { noBridgeKeys, openBridgeKeys } from '../juju/bridge-keys.ts';
import type { Hook } from '../juju/hook.ts';
import { type JujuState, openEndpoint } from '../juju/host.ts';
import { type BridgeAction, keysToRotate, requestsListed, rotated } from './actions/bridged.ts';
import { BRIDGE_ACTIONS } from './actions/declared.ts';
import { type ActionAnswer, leaderOnly, requestedIn } from './actions/requested.ts';
import { bridgeStatusOf, standingBy } from './bridge-status.ts';
import { decided, type Ends, keysToPublish, TABLE } from './bridge-work.ts';
import type { BridgeConfiguration } from './config/bridge.ts';
import { type HookCharm, type HookExitCode, type HookSettings, runCharm } from './hook.ts';

type BridgeCharm = HookCharm<AnyProvidesIntent, AnyProvidesView>;

/** What is read at the upper end. Its provider's databags are not kept, since they may hold private keys. */
const ABOVE: Reads = { applicationData: true, keys: false };

/** The note of the keys that have been examined. */
const KEYS = 'bridge-keys';

/** What is published below stays as it is: removals are decided once it is known whether this unit may make them. */
const KEEPING: AnyProvidesIntent = { ...anyProvides.nothing, onWithdrawal: 'keep' };

/** A charm that answers an action and leaves everything as it is. */
const answering = (answer: ActionAnswer): BridgeCharm => ({
  side: anyProvides,
  intent: KEEPING,
  react: () => wanting(KEEPING),
  action: { onlyLooks: true, answer: () => answer },
});

/** What an action adds to a hook. */
interface Acting {
  readonly action: BridgeAction;
  /** The keys that it has replaced. */
  readonly rotated: ReadonlyArray<BridgeKey>;
}

const inAction = (
  { action, rotated: keys }: Acting,
  { requests }: Bridged,
  snapshot: Snapshot,
): Required<Pick<BridgeCharm, 'action'>> => ({
  action: action.name === 'get-requests'
    ? { onlyLooks: true, answer: () => requestsListed(requests, snapshot, action.parameters) }
    : { onlyLooks: keys.length === 0, answer: () => rotated(keys) },
});

/** The charm, once both ends are read. */
const charmOf = (
  configuration: BridgeConfiguration,
  ends: Ends,
  { bridged, failures }: { readonly bridged: Bridged; readonly failures: ReadonlyArray<string> },
  keys: ReadonlyMap<string, PrivateKey>,
  upperOutcome: Outcome<unknown>,
  acting: Acting | null,
): BridgeCharm => {
  const { keeper, state: { snapshot }, upper } = ends;
  const intent = withPrivateKeys(bridged.below, (name) => keys.get(name) ?? null);
  const view = decideAbove(upper.state.snapshot, asPublished, upper.state.memory).view;
  const standing = { requests: bridged.requests, view, below: snapshot, above: upper.state.snapshot };
  const isStandingBy = !snapshot.isLeader || bridged.table.isLeaving;
  const status = isStandingBy ? standingBy(configuration) : bridgeStatusOf(configuration, standing);
  const [failure] = failures;
  const noted = keeper.note();
  const { ca = '', chain = '' } = bridged.below;
  return {
    side: anyProvides,
    intent,
    cas: ca === '' ? null : [ca, chain],
    react: () => ({
      // It is the very intent that the decision was made on.
      intent,
      status: !configuration.status ? null : failure === undefined ? status : { status: 'blocked', message: failure },
      failures,
      warnings: [],
      findings: [...bridged.findings, ...upperOutcome.findings],
      notes: { [TABLE]: JSON.stringify(bridged.table), ...(noted === null ? {} : { [KEYS]: noted }) },
    }),
    // Last of all: a key is no longer needed once the rest is decided.
    keep: () => keeper.remove(bridged.unused),
    ...(acting === null ? {} : inAction(acting, bridged, snapshot)),
  };
};

/** Runs a hook of a bridge. */
export const runBridge = (
  configuration: BridgeConfiguration,
  { beside = [], ...settings }: Omit<HookSettings, 'endpoint'> = {},
): Promise<HookExitCode> => {
  const { below, above } = configuration;
  // What is applied above, after the lower end has decided.
  let applyAbove: TE.TaskEither<Problem, void> = TE.right(undefined);
  let until: Bridged['until'] = null;

  const charmIn = (hook: Hook, state: JujuState, action: BridgeAction | null): TE.TaskEither<Problem, BridgeCharm> => {
    const { tools, environment, now } = hook;
    const { snapshot, memory, notes } = state;
    return pipe(
      TE.Do,
      TE.bind(
        'upper',
        () => openEndpoint({ tools, environment, endpoint: above, reads: ABOVE, now: () => now }),
      ),
      // Juju is asked on each end, and its last answer counts.
      TE.let('isLeader', ({ upper }) => snapshot.isLeader && upper.state.snapshot.isLeader),
      TE.bind(
        'keeper',
        ({ isLeader }) => isLeader ? openBridgeKeys(hook, below, notes[KEYS]) : TE.right(noBridgeKeys(notes[KEYS])),
      ),
      TE.let('ends', ({ upper, keeper, isLeader }): Ends => ({
        lower: anyProvides.decide(snapshot, KEEPING, memory),
        upper,
        keeper,
        state: { ...state, snapshot: { ...snapshot, isLeader } },
      })),
      TE.let(
        'rotating',
        ({ keeper }) => action?.name === 'rotate-private-keys' ? keysToRotate(keeper.keys(), action.parameters) : [],
      ),
      TE.tap(({ keeper, rotating }) =>
        pipe(rotating, TE.traverseSeqArray(({ request }) => keeper.make(request, configuration.keys)))
      ),
      TE.bind('result', ({ ends }) => decided(configuration, ends)),
      TE.bind('keys', ({ ends, result: { bridged } }) =>
        pipe(
          keysToPublish(bridged.below, ends.lower.view, ends.state.snapshot),
          TE.traverseSeqArray((name) => pipe(ends.keeper.read(name), TE.map((key) => [name, key] as const))),
          TE.map((all) => new Map(all)),
        )),
      TE.map(({ upper, ends, result, keys, rotating }) => {
        const outcome = decideAbove(upper.state.snapshot, result.bridged.above, upper.state.memory);
        applyAbove = upper.apply({ ...outcome, notes: upper.state.notes });
        until = result.bridged.until;
        return charmOf(
          configuration,
          ends,
          result,
          keys,
          outcome,
          action === null ? null : { action, rotated: rotating },
        );
      }),
    );
  };

  return runCharm(
    {
      ...settings,
      endpoint: below,
      beside: [{ endpoint: above, run: () => pipe(applyAbove, TE.map(() => null)) }, ...beside],
    },
    anyProvides,
    (hook, state) =>
      pipe(
        requestedIn(hook, BRIDGE_ACTIONS),
        TE.chainW((requested): TE.TaskEither<Problem, BridgeCharm> => {
          if (requested === null) return charmIn(hook, state, null);
          if (E.isLeft(requested)) return TE.right(answering(requested));
          const { name } = requested.right;
          return state.snapshot.isLeader
            ? charmIn(hook, state, requested.right)
            : TE.right(answering(E.left(leaderOnly(hook, name))));
        }),
      ),
    { wakeBy: () => until },
  );
};
