/**
 * A charm that is a small CA, as its configuration says. The unit that leads its application makes the CA and replaces it; all units answer with
 * it, so that it matters to nobody which unit leads. Before Juju 3 a unit knows only a CA of its own, made when it led: others answer nothing. When Juju
 * becomes 3, the leader's CA becomes the one of all.
 *
 * This room loads X.509; it is imported for a provider's configuration, and not before.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { ProvidesIntent } from '../../core/reactive/provides/intent.ts';
import type { ProvidesView } from '../../core/reactive/provides/view.ts';
import { provides } from '../../core/reactive/provides.ts';
import { caOf, type Replacement, tellReplacement } from '../authority/mod.ts';
import type { Problem, TellingCharm } from '../host.ts';
import { type Status, wanting } from '../reaction.ts';
import { generationIn } from './config/authority.ts';
import type { ProviderConfiguration } from './config/configuration.ts';
import { type ExitCode, type HookSettings, runCharm } from './hook.ts';
import { openJujuKeeper } from '../juju/keeper.ts';

type ProviderCharm = TellingCharm<ProvidesIntent, ProvidesView>;

/** Random bytes of good quality. */
export const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** What the unit says of itself: that something is wrong with its configuration, how a replacement of the CA goes, or nothing. */
export const statusFor = (failures: ReadonlyArray<string>, replacement: Replacement | null): Status => {
  const [failure] = failures;
  if (failure !== undefined) return { status: 'blocked', message: failure };
  return { status: 'active', message: (replacement === null ? null : tellReplacement(replacement)) ?? '' };
};

/** Runs a hook of a charm that is a CA. */
export const runProvider = (
  { endpoint, authority: { generation: configured, ...authority }, policy, status }: ProviderConfiguration,
  settings: Omit<HookSettings, 'endpoint'> = {},
): Promise<ExitCode> => {
  // Of the CA, once it is open.
  let cas: ReadonlyArray<string> | null = null;
  return runCharm({ ...settings, endpoint }, provides, (hook, { snapshot }): TE.TaskEither<Problem, ProviderCharm> => {
    const { tools, environment } = hook;
    // No tool tells when a unit of somebody else had a hook: only where there is none has every one heard.
    const isAlone = snapshot.relations.every(({ remoteUnits }) => Object.keys(remoteUnits).length === 0);
    return pipe(
      TE.Do,
      TE.bind('config', () => (typeof configured === 'object' ? tools.configGet : TE.right(undefined))),
      TE.bind('leads', () => tools.isLeader),
      TE.chainW(({ config, leads }) => {
        const wanted = generationIn(configured, config, environment.unit);
        const generation = E.isRight(wanted) ? wanted.right : null;
        const failures = E.isLeft(wanted) ? [wanted.left.message] : [];
        return pipe(
          openJujuKeeper(hook, endpoint, leads),
          TE.chain(({ keeper, warnings }) =>
            pipe(
              caOf({ keeper, authority, policy, random, ...(generation === null ? {} : { generation }) })
                .charm(hook.now, leads, () => isAlone),
              TE.map(({ side, intent, react, replacement, trusted }): ProviderCharm => {
                cas = trusted === null ? null : [trusted];
                return {
                  side,
                  intent,
                  react: async (outcome) => ({
                    ...wanting(await react(outcome)),
                    status: status ? statusFor(failures, replacement) : null,
                    failures,
                    warnings,
                  }),
                };
              }),
            )
          ),
        );
      }),
    );
  }, { casBy: () => cas });
};
