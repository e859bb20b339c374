/**
 * A charm that is a small CA, as its configuration says. The unit that leads its application makes the CA and replaces it; all units answer with
 * it, so that it matters to nobody which unit leads. Before Juju 3 a unit knows only a CA of its own, made when it led: others answer nothing. When Juju
 * becomes 3, the leader's CA becomes the one of all.
 *
 * This room loads X.509; it is imported for a provider's configuration, and not before.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { ProvidesIntent } from '../../core/reactive/provides/intent.ts';
import type { ProvidesView } from '../../core/reactive/provides/view.ts';
import { caOf } from '../authority/mod.ts';
import type { Problem } from '../host.ts';
import type { ProviderConfiguration } from './config/configuration.ts';
import { type ExitCode, type HookCharm, type HookSettings, runCharm } from './hook.ts';
import { jujuKeeper } from './keeper.ts';

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** Runs a hook of a charm that is a CA. */
export const runProvider = (
  { endpoint, authority, policy, status }: ProviderConfiguration,
  settings: Omit<HookSettings, 'endpoint'> = {},
): Promise<ExitCode> =>
  runCharm({ ...settings, endpoint }, (hook): TE.TaskEither<Problem, HookCharm<ProvidesIntent, ProvidesView>> =>
    pipe(
      TE.Do,
      TE.bind('leads', () => hook.tools.isLeader),
      TE.bind('keeper', ({ leads }) => TE.right(jujuKeeper(hook, endpoint, leads))),
      TE.bindW('charm', ({ leads, keeper }) => caOf({ keeper, authority, policy, random }).charm(hook.now, leads)),
      TE.map(({ charm, keeper }) => ({
        charm,
        tell: () => ({
          status: status ? { status: 'active', message: '' } : null,
          failures: [],
          warnings: keeper.warnings(),
          findings: [],
          notes: {},
        }),
      })),
    ));
