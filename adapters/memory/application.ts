/**
 * What an application is in the model: the charm's code for each of its endpoints.
 *
 * @module
 */
import type { Timestamp } from '../../core/model/snapshot.ts';
import { type Charm, decideAndReact, type State } from '../host.ts';
import type { Hook } from './hook.ts';
import type { Config, Decision, Endpoints } from './state.ts';

/** All that a charm can know in a hook about one of its endpoints. */
export interface HookContext {
  readonly hook: Hook;
  readonly endpoint: string;
  /** What the side decides on. Where the hook is about another endpoint, it is as in any other hook. */
  readonly state: State;
  /** The model's time; the snapshot has it too. */
  readonly now: Timestamp;
  readonly config: Config;
  /** 1, and one more each time that this very hook is tried again. */
  readonly attempt: number;
}

/** What a charm does about one of its endpoints in a hook; it fails the hook by rejecting. Made by {@link handler}. */
export type Handler = (context: HookContext) => Promise<Decision>;

/**
 * A handler from a charm's code: any side, what it wants in this hook, and how it reacts. For runs that can be replayed, let all that
 * the charm wants follow from the context.
 *
 * @example
 * ```ts
 * import { handler, intentOf, requestServerCert, requires } from 'interface-tls-certificates';
 * const certificates = handler(({ hook, config }) => ({
 *   side: requires,
 *   intent: intentOf(requestServerCert(hook.unit.replace('/', '-'), [String(config['domain'])])),
 * }));
 * ```
 */
export const handler =
  <Intent extends object, View>(charm: (context: HookContext) => Charm<Intent, View>): Handler => async (context) => {
    const running = charm(context);
    return { side: running.side.name, outcome: await decideAndReact(context.state, running) };
  };

/** An application: the handlers of its endpoints by name, as the charm's metadata lists endpoints. They all run in each hook. */
export interface Application {
  readonly requires?: Readonly<Record<string, Handler>>;
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
