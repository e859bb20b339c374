/**
 * An endpoint in addition to a charm's main one: it is read, decided on, reported and written in the same hook.
 *
 * Juju makes the hook one transaction: whatever any endpoint has written, including its memory, takes effect only if the hook ends well.
 * Each endpoint has its own memory.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Row } from '../../core/side/row.ts';
import { decideAndTell, type Problem, type TellingCharm } from '../host.ts';
import type { Hook } from '../juju/hook.ts';
import { jujuHost, type JujuState } from '../juju/host.ts';
import { type Beside, logReacted } from './hook.ts';

/** The charm on the other endpoint, from what the hook sees and the CA certificates that the main endpoint has arrived at. */
export type CharmBeside<Intent extends object, View> = (
  hook: Hook,
  state: JujuState,
  cas: ReadonlyArray<string> | null,
) => TE.TaskEither<Problem, TellingCharm<Intent, View>>;

/** An endpoint with a charm on one side. */
export const besideOn = <Intent extends object, View>(
  endpoint: string,
  { reads }: Pick<Row<string, Intent, View, never>, 'reads'>,
  charmIn: CharmBeside<Intent, View>,
): Beside => ({
  endpoint,
  run: (hook, cas) => {
    const { tools, environment, now } = hook;
    return jujuHost({ tools, environment, endpoint, reads, now: () => now }).transact((state) =>
      pipe(
        charmIn(hook, state, cas),
        TE.chainTaskK((charm) => () => decideAndTell(state, charm)),
        TE.bindTo('reacted'),
        TE.bind('said', ({ reacted }) => TE.fromTask(() => logReacted(tools, state.notes, reacted))),
        TE.map(({ reacted: { outcome, reaction }, said }) =>
          [{ ...outcome, notes: { ...reaction.notes, ...said } }, reaction.status] as const
        ),
      )
    );
  },
});
