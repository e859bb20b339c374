/**
 * A charm that is a small CA for the CSR protocol, as its configuration says. Its leader makes the CA and answers; the other units do
 * nothing, and whichever leads next finds the CA in the application's secret.
 *
 * This room loads X.509; it is imported for a provider's configuration, and not before.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { csrProvides } from '../../core/csr/provides.ts';
import { type CsrProvidesIntent, nothingToPublish } from '../../core/csr/provides/intent.ts';
import type { CsrProvidesView } from '../../core/csr/provides/view.ts';
import { caOf, type CaStanding } from '../authority/mod.ts';
import type { Problem, TellingCharm } from '../host.ts';
import { wanting } from '../reaction.ts';
import { generationIn } from './config/authority.ts';
import type { CsrProviderConfiguration } from './config/configuration.ts';
import type { Hook } from '../juju/hook.ts';
import { type ExitCode, type HookSettings, runCharm } from './hook.ts';
import type { JujuState } from '../juju/host.ts';
import { openJujuKeeper } from '../juju/keeper.ts';
import { random, statusFor } from './provider.ts';

type CsrCharm = TellingCharm<CsrProvidesIntent, CsrProvidesView>;

/** A unit that does not lead. */
const follower = (status: boolean): CsrCharm => ({
  side: csrProvides,
  intent: nothingToPublish,
  react: () => ({ ...wanting(nothingToPublish), status: status ? statusFor([], null) : null }),
});

const leader = (
  { endpoint, authority: { generation: configured, ...authority }, policy, status }: CsrProviderConfiguration,
  hook: Hook,
  { snapshot }: JujuState,
  onStanding: (standing: CaStanding) => void,
): TE.TaskEither<Problem, CsrCharm> => {
  const { tools, environment } = hook;
  // No tool tells when a unit of somebody else had a hook: only where there is none has every one heard.
  const isAlone = snapshot.relations.every(({ remoteUnits }) => Object.keys(remoteUnits).length === 0);
  return pipe(
    TE.Do,
    TE.bind('config', () => (typeof configured === 'object' ? tools.configGet : TE.right(undefined))),
    TE.bindW('opened', () => openJujuKeeper(hook, endpoint, true)),
    TE.chainW(({ config, opened: { keeper, warnings } }) => {
      const wanted = generationIn(configured, config, environment.unit);
      const generation = E.isRight(wanted) ? wanted.right : null;
      const failures = E.isLeft(wanted) ? [wanted.left.message] : [];
      const ca = caOf({ keeper, authority, policy, random, ...(generation === null ? {} : { generation }) });
      return pipe(
        ca.csrCharm(hook.now, true, () => isAlone),
        TE.map(({ side, intent, react, replacement, nextStep, trusted }): CsrCharm => {
          onStanding({ replacement, nextStep, trusted });
          return {
            side,
            intent,
            react: async (outcome) => ({
              ...wanting(react === undefined ? intent : await react(outcome)),
              status: status ? statusFor(failures, replacement) : null,
              failures,
              warnings,
            }),
          };
        }),
      );
    }),
  );
};

const casOf = (standing: CaStanding | null): ReadonlyArray<string> | null =>
  standing === null || standing.trusted === null ? null : [standing.trusted];

/** Runs a hook of a charm that is a CA for the CSR protocol. */
export const runCsrProvider = (
  configuration: CsrProviderConfiguration,
  settings: Omit<HookSettings, 'endpoint'> = {},
): Promise<ExitCode> => {
  // Of the CA, once it is open; a unit that does not lead takes none.
  let standing: CaStanding | null = null;
  return runCharm(
    { ...settings, endpoint: configuration.endpoint },
    csrProvides,
    (hook, state): TE.TaskEither<Problem, CsrCharm> =>
      state.snapshot.isLeader
        ? leader(configuration, hook, state, (of) => {
          standing = of;
        })
        : TE.right(follower(configuration.status)),
    { wakeBy: () => standing?.nextStep ?? null, casBy: () => casOf(standing) },
  );
};
