/**
 * A charm between requirers and a provider that speak different protocols, as its configuration says. Both endpoints are read, decided on and
 * written in one hook, which Juju makes one transaction: a request and what follows from it above are there together or not at all.
 *
 * Private keys get from their keeper into certificate requests, and beside their certificates into the leader's databag below. Nothing else
 * sees them. This room loads X.509; it is imported for a bridge's configuration, and not before. Source: docs/bridge.md.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { AnyProvidesIntent } from '../../core/any/provides/intent.ts';
import type { AnyProvidesView } from '../../core/any/provides/view.ts';
import { anyProvides } from '../../core/any/provides.ts';
import {
  asPublished,
  bridge,
  type Bridged,
  type BridgeInput,
  type BridgeKey,
  BridgeTable,
  decideAbove,
  emptyTable,
  type KeptPair,
  type KeyLabel,
  makeBridged,
  withPrivateKeys,
} from '../../core/bridge/mod.ts';
import { lookup } from '../../core/databag/lookup.ts';
import type { PrivateKey } from '../../core/model/certificate.ts';
import type { Outcome } from '../../core/model/outcome.ts';
import type { Snapshot } from '../../core/model/snapshot.ts';
import { PROVIDER_KEYS } from '../../core/reactive/wire.ts';
import type { Problem } from '../host.ts';
import { type Notes, wanting } from '../reaction.ts';
import { type BridgeKeeper, noBridgeKeys, openBridgeKeys } from '../juju/bridge-keys.ts';
import type { Hook } from '../juju/hook.ts';
import { type JujuState, type OpenedEndpoint, openEndpoint } from '../juju/host.ts';
import { type BridgeAction, keysToRotate, requestsListed, rotated } from './actions/bridged.ts';
import { BRIDGE_ACTIONS } from './actions/declared.ts';
import { type ActionAnswer, leaderOnly, requestedIn } from './actions/requested.ts';
import { bridgeStatusOf, standingBy } from './bridge-status.ts';
import type { BridgeConfiguration } from './config/bridge.ts';
import { type HookCharm, type HookExitCode, type HookSettings, runCharm } from './hook.ts';

type BridgeCharm = HookCharm<AnyProvidesIntent, AnyProvidesView>;

/** The note of what the unit keeps from hook to hook. */
const TABLE = 'bridge';

/** The note of the keys that it has looked at. */
const KEYS = 'bridge-keys';

/** What is published below stays as it is: what goes is decided once it is known whether this unit may take it away. */
const KEEPING: AnyProvidesIntent = { ...anyProvides.nothing, onWithdrawal: 'keep' };

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

const tableIn = ({ [TABLE]: note }: Notes): BridgeTable => {
  try {
    return pipe(BridgeTable.decode(JSON.parse(note ?? 'null')), E.getOrElse(() => emptyTable));
  } catch {
    // A damaged note counts as none: keys and databags tell nearly all.
    return emptyTable;
  }
};

/** A charm that answers an action, and leaves everything as it is. */
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

/** All that a hook has to decide on. */
interface Ends {
  readonly lower: Outcome<AnyProvidesView>;
  readonly upper: OpenedEndpoint;
  readonly keeper: BridgeKeeper;
  readonly state: JujuState;
}

const inputOf = (
  { renewAfter, sharedClient }: BridgeConfiguration,
  { lower, upper, keeper, state }: Ends,
  made: BridgeInput['made'],
): BridgeInput => ({
  snapshot: state.snapshot,
  below: lower,
  above: decideAbove(upper.state.snapshot, asPublished, upper.state.memory).view,
  table: tableIn(state.notes),
  keys: keeper.keys(),
  made,
  sharedClient,
  ...(renewAfter === undefined ? {} : { renewAfter }),
});

/** Makes what is missing, keys first, and decides with it. */
const decided = (
  configuration: BridgeConfiguration,
  ends: Ends,
): TE.TaskEither<Problem, { readonly bridged: Bridged; readonly failures: ReadonlyArray<string> }> => {
  const { keeper } = ends;
  const { missing, ...first } = bridge(inputOf(configuration, ends, []));
  if (missing.length === 0) return TE.right({ bridged: { ...first, missing }, failures: [] });
  return pipe(
    missing.filter(({ keyName }) => keyName === null),
    TE.traverseSeqArray(({ request }) => keeper.make(request, configuration.keys)),
    TE.chain(() => {
      const wanted = new Map(missing.map(({ label, keyName }) => [label, keyName]));
      const names = [...wanted].flatMap(([label, keyName]) => {
        const name = keyName ?? keeper.keys().find((key) => key.label === label)?.name;
        return name === undefined ? [] : [[label, name] as const];
      });
      return pipe(
        names,
        TE.traverseSeqArray(([label, name]) => pipe(keeper.read(name), TE.map((key) => [label, key] as const))),
      );
    }),
    TE.chainTaskK((keys) => {
      const byLabel = new Map<KeyLabel, PrivateKey>(keys);
      return makeBridged(missing, { keyOf: (label) => byLabel.get(label) ?? null, random });
    }),
    TE.map(({ made, faults }) => ({
      bridged: bridge(inputOf(configuration, ends, made)),
      failures: faults.map(({ label, fault }) =>
        `no certificate request could be made with the key ${label} (${fault})`
      ),
    })),
  );
};

/** The keys of answers that are not published yet as they are: no other has to be read. */
const keysToPublish = (
  { below: { answers, globalClientCert } }: Bridged,
  { lower: { view: { allRequests } }, state: { snapshot: { relations } } }: Ends,
): ReadonlyArray<string> => {
  const published = (relationId: string, unit: string | null, certType: string, commonName: string, cert: string) =>
    allRequests.filter((one) =>
      one.relationId === relationId && one.certType === certType &&
      (certType === 'application' || (one.unit === unit && one.commonName === commonName))
    ).every((one) => one.cert?.trim() === cert.trim());
  const needed = answers.flatMap((answer) => {
    if ('csr' in answer) return [];
    const { relationId, unit, certType, commonName, cert, keyName } = answer;
    return published(relationId, unit, certType, commonName, cert) ? [] : [keyName];
  });
  const isShared = ({ cert }: KeptPair): boolean =>
    relations.every(({ localUnitData }) => lookup(localUnitData, PROVIDER_KEYS.clientCert)?.trim() === cert.trim());
  const shared = globalClientCert ?? null;
  return [...new Set([...needed, ...(shared === null || isShared(shared) ? [] : [shared.keyName])])];
};

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
      // It is the very intent that was decided on.
      intent,
      status: !configuration.status ? null : failure === undefined ? status : { status: 'blocked', message: failure },
      failures,
      warnings: [],
      findings: [...bridged.findings, ...upperOutcome.findings],
      notes: { [TABLE]: JSON.stringify(bridged.table), ...(noted === null ? {} : { [KEYS]: noted }) },
    }),
    // At last: a key is not needed any more once the rest is decided.
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
  // What is applied above, once the lower end has decided.
  let applyAbove: TE.TaskEither<Problem, void> = TE.right(undefined);
  let until: Bridged['until'] = null;

  const charmIn = (hook: Hook, state: JujuState, action: BridgeAction | null): TE.TaskEither<Problem, BridgeCharm> => {
    const { tools, environment, now } = hook;
    const { snapshot, memory, notes } = state;
    return pipe(
      TE.Do,
      TE.bind(
        'upper',
        () => openEndpoint({ tools, environment, endpoint: above, reads: anyProvides.reads, now: () => now }),
      ),
      // Juju is asked on each end, and what it says last is what counts.
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
          keysToPublish(bridged, ends),
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
