/**
 * A whole hook of a charm that asks for certificates, in one call.
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
import type { Hook } from '../juju/hook.ts';
import { type ExitCode, type HookSettings, runCharm } from './hook.ts';
import { statusOf } from './status.ts';

/** A charm that asks for certificates. */
export interface RequirerHook extends HookSettings {
  /** What it asks for, the same in every hook. */
  readonly requests?: ReadonlyArray<Wish>;
  /** All that it wants, in place of `requests`; where that depends on the hook, a function of it. */
  readonly intent?: RequiresIntent | ((hook: Hook) => RequiresIntent | Promise<RequiresIntent>);
  /** What it does when something changes. */
  readonly on?: Handlers;
  /** Whether the unit's status tells what it waits for; it is left alone unless said. */
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
    const { flags, failures } = await runHandlers(endpoint, on, outcome, hook);
    return {
      ...wanting(flags.length === 0 ? intent : { ...intent, handled: [...intent.handled, ...flags] }),
      status: status
        ? statusOf(endpoint, intent.requests, outcome, deliveredBy(requires, outcome.view), failures)
        : null,
      failures,
    };
  },
});

/**
 * Runs the hook that Juju has started this program for, and gives the exit code: read, decide, run handlers of what changed, apply.
 * A change counts as handled only after its handler succeeded; otherwise it comes again, and log and status say why.
 *
 * Exit with the code at once: whatever is still open would keep the machine's other units waiting.
 *
 * @example
 * ```ts
 * import { requestServerCert } from 'interface-tls-certificates';
 * import { runHook } from 'interface-tls-certificates/juju';
 * const main = () =>
 *   runHook({
 *     endpoint: 'certificates',
 *     requests: [requestServerCert('web.example', ['10.0.0.7'])],
 *     on: { 'ca.changed': ({ view }) => console.log(view.rootCaCert) },
 *     status: true,
 *   });
 * // process.exit(await main());
 * ```
 */
export const runHook = (options: RequirerHook): Promise<ExitCode> =>
  runCharm(options, requires, (hook): TE.TaskEither<Problem, RequirerCharm> => {
    const { requests = [], intent = intentOf(...requests) } = options;
    return pipe(
      TE.fromTask(async () => (typeof intent === 'function' ? await intent(hook) : intent)),
      TE.map((wanted) => charmWith(options, wanted, hook)),
    );
  });
