/**
 * A charm that is a small CA, as its configuration says. Only the unit that leads its application issues; the others would issue others.
 *
 * This room loads X.509; it is imported for a provider's configuration, and not before.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { openPolicy, type Policy } from '../../core/authority/mod.ts';
import { nothingToPublish, type ProvidesIntent } from '../../core/reactive/provides/intent.ts';
import type { ProvidesView } from '../../core/reactive/provides/view.ts';
import { provides } from '../../core/reactive/provides.ts';
import { caOf } from '../authority/mod.ts';
import type { Charm, Problem } from '../host.ts';
import type { AuthorityPolicy } from './config/authority.ts';
import type { ProviderConfiguration } from './config/configuration.ts';
import { type ExitCode, type HookCharm, type HookSettings, runCharm } from './hook.ts';
import { jujuKeeper } from './keeper.ts';

/** The policy that a configuration describes. */
export const policyOf = ({ key: keys, days, allowedNames }: AuthorityPolicy): Policy => {
  const kind = { days: days.certificate, keys };
  return {
    ...openPolicy,
    kinds: { server: kind, client: kind, application: kind, intermediate: kind },
    // `*.example` in a configuration is `.example` to an authority.
    allowedNames: allowedNames?.map((name) => name.replace(/^\*\./, '.')) ?? openPolicy.allowedNames,
    renewAfter: (days.certificate - days.renewBefore) / days.certificate,
  };
};

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

const idle: Charm<ProvidesIntent, ProvidesView> = { side: provides, intent: nothingToPublish };

/** Runs a hook of a charm that is a CA. */
export const runProvider = (
  { endpoint, authority, status }: ProviderConfiguration,
  settings: Omit<HookSettings, 'endpoint'> = {},
): Promise<ExitCode> =>
  runCharm({ ...settings, endpoint }, (hook): TE.TaskEither<Problem, HookCharm<ProvidesIntent, ProvidesView>> => {
    const ca = caOf({
      keeper: jujuKeeper(hook, endpoint),
      authority: { commonName: authority.commonName, keys: authority.key, days: authority.days.ca },
      policy: policyOf(authority),
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
