/**
 * A charm with its own keys, with code or without, that speaks the CSR protocol or whichever its provider speaks: it opens its keys, asks
 * for certificates for them, renews those, and forgets a replaced key once nothing needs it any more. Other modules use the certificates.
 *
 * The keyring and the user of the certificates get the private keys; a decision sees only their public halves. This room loads X.509.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { type CsrRequiresIntent, nothing } from '../../core/csr/requires/intent.ts';
import type { RequestView } from '../../core/csr/requires/view.ts';
import { publishedKeys } from '../../core/csr/requires/published-keys.ts';
import { snapshotAfter } from '../../core/databag/write.ts';
import type { KeyringFault } from '../../core/keyring/csr.ts';
import type { KeyKind } from '../../core/keyring/key-kind.ts';
import { makeMissing } from '../../core/keyring/keyring.ts';
import type { PrivateKey } from '../../core/model/certificate.ts';
import type { Finding } from '../../core/model/finding.ts';
import type { Flag } from '../../core/model/flag.ts';
import type { Bag, Outcome } from '../../core/model/outcome.ts';
import type { RelationId } from '../../core/model/names.ts';
import type { Side } from '../../core/model/side.ts';
import type { Timestamp } from '../../core/model/snapshot.ts';
import type { Problem } from '../host.ts';
import { type Notes, type Reaction, wanting } from '../reaction.ts';
import type { Hook } from '../juju/hook.ts';
import { earlier } from '../juju/wake.ts';
import type { JujuState } from '../juju/host.ts';
import { forgetFormerKey } from '../juju/key-rotation.ts';
import { keyNameOf, keysByName, type OpenedKeys, openKeys } from '../juju/keys.ts';
import { standingsOf } from './actions/certificates.ts';
import { CSR_REQUIRER_ACTIONS } from './actions/declared.ts';
import { listed } from './actions/listed.ts';
import { type ActionAnswer, requestedIn } from './actions/requested.ts';
import { type Asking, type CsrAction, type Work, workOf } from './actions/requirer-work.ts';
import { finding } from './findings.ts';
import { type CharmExtras, type HookCharm, type HookExitCode, type HookSettings, runCharm } from './hook.ts';
import type { KeyedSide } from './keyed.ts';

type CsrCharm<View> = HookCharm<CsrRequiresIntent, View>;

/** The result of using the certificates. */
export interface Used {
  /** What failed and will be tried again, one sentence each. */
  readonly failures: ReadonlyArray<string>;
  /** Further lines for the log. */
  readonly log: ReadonlyArray<string>;
  /** What else the unit waits for, one sentence each. */
  readonly waits: ReadonlyArray<string>;
  readonly findings: ReadonlyArray<Finding>;
  readonly notes: Notes;
  /** The changes that were handled. */
  readonly handled: ReadonlyArray<Flag>;
}

/** What is said while it is unknown what to ask for: what is published stays. */
export type Idle = Pick<Reaction<unknown>, 'status' | 'failures' | 'notes'>;

/** The parts of a charm. */
export interface CsrCharmParts<View> {
  /** What it speaks. */
  readonly speaks: KeyedSide<View>;
  readonly endpoint: string;
  /** The kind of key to make. */
  readonly keys: KeyKind;
  /** Whether the unit's status is set. */
  readonly status: boolean;
  /** Whether to carry out the actions that are declared for this side. */
  readonly hasActions: boolean;
  /** The owners whose keys are needed. */
  readonly owners: (hook: Hook) => TE.TaskEither<Problem, ReadonlyArray<Bag>>;
  readonly wants: (hook: Hook, state: JujuState) => TE.TaskEither<Problem, E.Either<Idle, CsrRequiresIntent>>;
  /** Uses the certificates; `keys` has all stored keys, by the names that deliveries have for them. */
  readonly use: (
    outcome: Outcome<View>,
    keys: ReadonlyMap<string, PrivateKey>,
    hook: Hook,
    state: JujuState,
  ) => Promise<Used>;
}

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** Decides nothing: what is published stays, since a CSR that is not wanted would be withdrawn. */
const holding = <View>({ side }: KeyedSide<View>): Side<string, CsrRequiresIntent, View> => ({
  ...side,
  decide: (snapshot, intent, memory) => ({
    ...side.decide(snapshot, intent, memory),
    writes: [],
    flags: { set: [], clear: [] },
    memory,
    findings: [],
  }),
});

const idle = <View>(speaks: KeyedSide<View>, saying: Idle, action: CsrAction | null): CsrCharm<View> => ({
  side: holding(speaks),
  intent: nothing,
  react: () => ({ ...wanting(nothing), ...saying }),
  ...(action === null
    ? {}
    : answeringWith(E.left(saying.status?.message ?? saying.failures[0] ?? 'it is not known yet what to ask for'))),
});

/** An action that is answered with nothing else to do. */
const answeringWith = (answer: ActionAnswer): Required<Pick<CsrCharm<unknown>, 'action'>> => ({
  action: { onlyLooks: true, answer: () => answer },
});

const notMade = (fault: KeyringFault): string =>
  `no certificate request could be made with the private key that is kept (${fault}): RSA, P-256 and P-384 are what a provider takes`;

/** The application's requests whose key its other units cannot have. */
const unshared = (
  requests: ReadonlyArray<RequestView>,
  takesCsrs: (relation: RelationId) => boolean,
): ReadonlyArray<Finding> =>
  requests.flatMap(({ request: { certType, commonName }, relationId }) =>
    certType === 'application' && relationId !== null && takesCsrs(relationId)
      ? finding(
        'key-not-shared',
        { relationId, commonName },
        'this Juju keeps no secrets, so units cannot share a private key: only the unit that leads gets this certificate',
      )
      : []
  );

/** Forgets former keys that no published request uses any more. */
const forgetUnused = (
  { endpoint }: Pick<CsrCharmParts<unknown>, 'endpoint'>,
  hook: Hook,
  opened: OpenedKeys,
  { snapshot }: JujuState,
  { writes }: Outcome,
): TE.TaskEither<Problem, void> => {
  const after = snapshotAfter(snapshot, writes);
  const unused = opened.kept.filter(({ owner, name, publicKey }) =>
    name === keyNameOf(owner, 'former') && (owner === 'unit' || snapshot.isLeader) &&
    !publishedKeys(after, owner).has(publicKey)
  );
  return pipe(
    unused,
    TE.traverseSeqArray(({ owner }) => forgetFormerKey(hook, endpoint, opened, owner)),
    TE.map(() => undefined),
  );
};

/** The side with its current keys, which an action may have replaced. */
const withKeys = <View>(
  { side }: KeyedSide<View>,
  { kept }: OpenedKeys,
): Side<string, CsrRequiresIntent, View> => ({
  ...side,
  decide: (snapshot, intent, memory) => side.decide({ ...snapshot, keys: kept }, intent, memory),
});

const charmOf = <View>(
  parts: CsrCharmParts<View>,
  wanted: CsrRequiresIntent,
  { renew, opened, isUrgent }: Exclude<Work, { readonly answered: ActionAnswer }>,
  hook: Hook,
  state: JujuState,
  onTurn: (moment: Timestamp | null) => void,
): CsrCharm<View> => {
  const { speaks, endpoint, status, use } = parts;
  const { environment: { unit }, now: moment } = hook;
  const spread = { unit, now: moment.toISOString() as Timestamp };
  const intent: CsrRequiresIntent = { ...wanted, renew };
  return {
    side: withKeys(speaks, opened),
    intent,
    react: async (outcome) => {
      const ring = { keys: opened.keys, random, ...(isUrgent ? {} : { spread }) };
      const made = await makeMissing({ requests: speaks.missing(outcome.view) }, ring)();
      if (E.isRight(made)) onTurn(made.right.until);
      const used = await use(outcome, keysByName(opened), hook, state);
      const failures = [...(E.isLeft(made) ? [notMade(made.left)] : []), ...used.failures];
      const { snapshot, memory } = state;
      const byCsr = () => speaks.byCsr(snapshot, intent, memory);
      const standing = { outcome, snapshot, byCsr, failures, waits: used.waits };
      const csrs = E.isRight(made) ? made.right.made : [];
      const handled = [...wanted.handled, ...used.handled];
      return {
        intent: used.handled.length + csrs.length === 0
          ? intent
          : { ...intent, made: [...wanted.made, ...csrs], handled },
        status: status ? speaks.statusOf(endpoint, standing) : null,
        failures: [...failures, ...used.log],
        warnings: [],
        findings: opened.canShare
          ? used.findings
          : [...used.findings, ...unshared(byCsr(), (relation) => speaks.takesCsrs(outcome.view, relation))],
        notes: used.notes,
      };
    },
    keep: (outcome) => forgetUnused(parts, hook, opened, state, outcome),
  };
};

/** What the actions see. */
const askingOf = <View>(
  { side, byCsr, certificates }: KeyedSide<View>,
  intent: CsrRequiresIntent,
  hook: Hook,
  { snapshot, memory }: JujuState,
): Asking => ({
  hook,
  isLeader: snapshot.isLeader,
  byCsr: (renew) => byCsr(snapshot, { ...intent, renew }, memory),
  certificates: () => certificates(side.decide(snapshot, intent, memory).view),
});

/** Runs a hook of such a charm. */
export const runCsrCharm = <View>(
  settings: Omit<HookSettings, 'endpoint'>,
  parts: CsrCharmParts<View>,
): Promise<HookExitCode> => {
  const { speaks, endpoint } = parts;
  // Opened while the host reads what the side must see, before the charm is made.
  let opened: OpenedKeys = {
    keys: { unit: null, application: null },
    former: { unit: null, application: null },
    kept: [],
    canShare: true,
  };
  // The turn of the first renewal that waits for one, once the keyring has looked.
  let turn: Timestamp | null = null;

  const keysIn: CharmExtras['keysIn'] = (hook) => (leads) => {
    const { tools, environment: { relation } } = hook;
    const broken = relation?.event === 'broken' ? relation.id : null;
    // Without a relation there is no provider to ask, and no key is needed.
    const make = pipe(
      tools.relationIds(endpoint),
      TE.map((ids) => (ids.some((id) => id !== broken) ? parts.keys : null)),
    );
    return pipe(
      TE.Do,
      TE.bind('owners', () => parts.owners(hook)),
      TE.chainW(({ owners }) => openKeys(hook, endpoint, { owners, leads, make })),
      TE.map((all) => {
        opened = all;
        return all.kept;
      }),
    );
  };

  const actionIn = (hook: Hook): TE.TaskEither<Problem, E.Either<string, CsrAction> | null> =>
    parts.hasActions ? requestedIn(hook, CSR_REQUIRER_ACTIONS) : TE.right(null);

  return runCharm({ ...settings, endpoint }, speaks.side, (hook, state): TE.TaskEither<Problem, CsrCharm<View>> =>
    pipe(
      TE.Do,
      TE.bind('requested', () => actionIn(hook)),
      TE.bind('wanted', () => parts.wants(hook, state)),
      TE.chain(({ requested, wanted }): TE.TaskEither<Problem, CsrCharm<View>> => {
        const resting: CsrCharm<View> = { side: holding(speaks), intent: nothing, react: () => wanting(nothing) };
        if (requested !== null && E.isLeft(requested)) return TE.right({ ...resting, ...answeringWith(requested) });
        const action = requested?.right ?? null;
        if (E.isLeft(wanted)) return TE.right(idle(speaks, wanted.left, action));
        return pipe(
          workOf(parts, action, wanted.right, opened, askingOf(speaks, wanted.right, hook, state)),
          TE.map((work): CsrCharm<View> => {
            if ('answered' in work) return { ...resting, ...answeringWith(work.answered) };
            const charm = charmOf(parts, wanted.right, work, hook, state, (moment) => {
              turn = moment;
            });
            return action === null ? charm : {
              ...charm,
              action: {
                onlyLooks: false,
                answer: ({ outcome: { view } }) =>
                  E.right(listed('certificates', standingsOf(speaks.certificates(view)))),
              },
            };
          }),
        );
      }),
    ), { keysIn, wakeBy: ({ until }) => earlier(until, turn) });
};
