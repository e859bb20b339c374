/**
 * What an application is in the model: the charm's code for each of its endpoints.
 *
 * @module
 */
import type { Side } from '../../core/model/side.ts';
import type { KeptKey, Snapshot, Timestamp } from '../../core/model/snapshot.ts';
import { type Charm, decideAndReact, type State } from '../host.ts';
import { earlier } from './earlier.ts';
import type { ModelHook } from './hook.ts';
import type { HookSecrets } from './secrets.ts';
import type { Config, Endpoints, LastDecision } from './state.ts';

/** Everything that a charm can know in a hook about one of its endpoints. */
export interface HookContext {
  /** The hook that runs. */
  readonly hook: ModelHook;
  /** The endpoint that the handler serves. */
  readonly endpoint: string;
  /** What the side decides on. If the hook is about another endpoint, it is as in any other hook. */
  readonly state: State;
  /** What the unit sees on another of its endpoints in this hook: for a charm between two relations. */
  readonly snapshotOf: (endpoint: string) => Snapshot;
  /** The model's time; the snapshot has it too. */
  readonly now: Timestamp;
  /** The application's options. */
  readonly config: Config;
  /** 1, plus one for each retry of this same hook. */
  readonly attempt: number;
  /** The secrets of the unit and its application. */
  readonly secrets: HookSecrets;
}

/** What a charm does about one of its endpoints in a hook; it fails the hook by rejecting. Made by {@link handler}. */
export type Handler = (context: HookContext) => Promise<LastDecision>;

/** A charm in the model. */
export interface ModelCharm<Intent extends object, View> extends Charm<Intent, View> {
  /** The latest moment to wake the unit, whatever the outcome's `until` says. */
  readonly wakeAt?: Timestamp | null;
}

/**
 * A handler made from a charm's code, which may be asynchronous. If runs must be replayable, everything that the charm wants must depend
 * only on the context.
 *
 * @example
 * ```ts
 * import { type Charm, intentOf, requestServerCert, requires } from 'interface-tls-certificates';
 * import { handler, type HookContext } from 'interface-tls-certificates/model';
 * import type { RequiresIntent, RequiresView } from 'interface-tls-certificates';
 * const charm = ({ hook }: HookContext): Charm<RequiresIntent, RequiresView> => ({
 *   side: requires,
 *   intent: intentOf(requestServerCert(hook.unit.replace('/', '-'))),
 * });
 * const web = { requires: { certificates: handler(charm) } };
 * ```
 */
export const handler = <Intent extends object, View>(
  charm: (context: HookContext) => ModelCharm<Intent, View> | Promise<ModelCharm<Intent, View>>,
): Handler =>
async (context) => {
  const { wakeAt = null, ...running } = await charm(context);
  const outcome = await decideAndReact(context.state, running);
  return { side: running.side.name, outcome, until: earlier(outcome.until, wakeAt) };
};

/**
 * The same for code written inline: with the side named first, the compiler knows what `react` gets.
 *
 * @example
 * ```ts
 * import { handlerOf } from 'interface-tls-certificates/model';
 * import { newRequests, type PrivateKey, provides, publish, setCa, setCert } from 'interface-tls-certificates';
 * const client = handlerOf(provides, ({ config }) => {
 *   const ca = setCa(String(config['ca']));
 *   const answer = { cert: 'CERT', key: 'KEY' as PrivateKey };
 *   return {
 *     intent: publish(ca),
 *     react: ({ view }) => publish(ca, ...newRequests(view).map((request) => setCert(request, answer.cert, answer.key))),
 *   };
 * });
 * ```
 */
export const handlerOf = <Intent extends object, View>(
  side: Side<string, Intent, View>,
  charm: (context: HookContext) => Omit<ModelCharm<Intent, View>, 'side'>,
): Handler => handler((context) => ({ side, ...charm(context) }));

/**
 * The same handler, which sees the public halves of keys that its unit keeps, as a requirer by CSR needs. The model itself keeps none,
 * since its state is meant to be looked at.
 *
 * @example
 * ```ts
 * import { handlerOf, withKeys } from 'interface-tls-certificates/model';
 * import { anyRequires } from 'interface-tls-certificates/any';
 * import type { KeptKey } from 'interface-tls-certificates/model';
 * const web = (keys: ReadonlyArray<KeptKey>) => withKeys(handlerOf(anyRequires, () => ({ intent: anyRequires.nothing })), () => keys);
 * ```
 */
export const withKeys =
  (handle: Handler, keysOf: (context: HookContext) => ReadonlyArray<KeptKey>): Handler => (context) => {
    const { state, state: { snapshot } } = context;
    return handle({ ...context, state: { ...state, snapshot: { ...snapshot, keys: keysOf(context) } } });
  };

/** An application: the handlers of its endpoints by name, as the charm's metadata lists endpoints. They all run in each hook. */
export interface Application {
  /** Handlers of the endpoints that ask, by name. */
  readonly requires?: Readonly<Record<string, Handler>>;
  /** Handlers of the endpoints that answer, by name. */
  readonly provides?: Readonly<Record<string, Handler>>;
}

/** Applications by name. */
export type Applications = Readonly<Record<string, Application>>;

/** The endpoints of an application, without its code. */
export const endpointsOf = ({ requires = {}, provides = {} }: Application): Endpoints =>
  Object.fromEntries([
    ...Object.keys(requires).map((endpoint) => [endpoint, 'requires'] as const),
    ...Object.keys(provides).map((endpoint) => [endpoint, 'provides'] as const),
  ]);
