/**
 * A charm with code that asks for certificates by the reactive protocol.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { intentOf, type RequiresIntent, type Wish } from '../../core/reactive/requires/intent.ts';
import { requires } from '../../core/reactive/requires.ts';
import type { RequiresView } from '../../core/reactive/requires/view.ts';
import { deliveredBy } from '../../core/side/row.ts';
import type { Problem, TellingCharm } from '../host.ts';
import { wanting } from '../reaction.ts';
import { type Handlers, runHandlers } from './handlers.ts';
import { keysIn } from '../install/sources.ts';
import type { Hook } from '../juju/hook.ts';
import { type HookExitCode, type HookSettings, runCharm } from './hook.ts';
import { statusOf } from './status.ts';

/** A charm that asks for certificates by the reactive protocol alone. */
export interface RequirerHook extends HookSettings {
  /** The reactive protocol. */
  readonly side: typeof requires.name;
  /** What it asks for, the same in every hook. */
  readonly requests?: ReadonlyArray<Wish>;
  /** Everything that it wants, in place of `requests`; a function if that depends on the hook. */
  readonly intent?: RequiresIntent | ((hook: Hook) => RequiresIntent | Promise<RequiresIntent>);
  /** What it does when something changes. */
  readonly on?: Handlers;
  /** Whether the unit's status shows what it waits for; by default, the status is left alone. */
  readonly status?: boolean;
}

type RequirerCharm = TellingCharm<RequiresIntent, RequiresView>;

const charmWith = (
  { endpoint, on = {}, status = false }: RequirerHook,
  intent: RequiresIntent,
  hook: Hook,
): RequirerCharm => ({
  side: requires,
  intent,
  react: async (outcome) => {
    const { view, memory } = outcome;
    const keys = keysIn(deliveredBy(requires, view));
    const { flags, failures } = await runHandlers(
      endpoint,
      on,
      memory.flags,
      (flag) => ({ flag, view, outcome, hook }),
      keys,
    );
    return {
      ...wanting(flags.length === 0 ? intent : { ...intent, handled: [...intent.handled, ...flags] }),
      status: status
        ? statusOf(endpoint, intent.requests, outcome, deliveredBy(requires, outcome.view), failures)
        : null,
      failures,
    };
  },
});

/** Runs a hook of such a charm. */
export const runRequirerHook = (options: RequirerHook): Promise<HookExitCode> =>
  runCharm(options, requires, (hook): TE.TaskEither<Problem, RequirerCharm> => {
    const { requests = [], intent = intentOf(...requests) } = options;
    return pipe(
      TE.fromTask(async () => (typeof intent === 'function' ? await intent(hook) : intent)),
      TE.map((wanted) => charmWith(options, wanted, hook)),
    );
  });
