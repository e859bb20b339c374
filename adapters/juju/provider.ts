/**
 * A charm that is a small CA, as its configuration says. Only the unit that leads its application issues; the others would issue others.
 *
 * This room loads X.509; it is imported for a provider's configuration, and not before.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { nothingToPublish, type ProvidesIntent } from '../../core/reactive/provides/intent.ts';
import type { ProvidesView } from '../../core/reactive/provides/view.ts';
import { provides } from '../../core/reactive/provides.ts';
import { caOf } from '../authority/mod.ts';
import type { Charm, Problem } from '../host.ts';
import type { ProviderConfiguration } from './config/configuration.ts';
import { type ExitCode, type HookCharm, type HookSettings, runCharm } from './hook.ts';
import { jujuKeeper } from './keeper.ts';

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

const idle: Charm<ProvidesIntent, ProvidesView> = { side: provides, intent: nothingToPublish };

/** Runs a hook of a charm that is a CA. */
export const runProvider = (
  { endpoint, authority, policy, status }: ProviderConfiguration,
  settings: Omit<HookSettings, 'endpoint'> = {},
): Promise<ExitCode> =>
  runCharm({ ...settings, endpoint }, (hook): TE.TaskEither<Problem, HookCharm<ProvidesIntent, ProvidesView>> => {
    const ca = caOf({
      keeper: jujuKeeper(hook, endpoint),
      authority,
      policy,
      random,
    });
    return pipe(
      hook.tools.isLeader,
      TE.chainW((leads) => (leads ? ca.charm(hook.now) : TE.right(idle))),
      TE.map((charm) => ({
        charm,
        tell: () => ({
          status: status ? { status: 'active', message: '' } : null,
          failures: [],
          findings: [],
          notes: {},
        }),
      })),
    );
  });
