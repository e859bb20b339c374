/**
 * The action that runs, with its parameters, and what it can return.
 *
 * Parameters are checked again although Juju has compared them with `actions.yaml`, since that file may come from others. Complaints about
 * them mention only type and length.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { decodeWith } from '../../../core/model/input-error.ts';
import type { Hook } from '../../juju/hook.ts';
import type { ToolError } from '../../juju/tool-error.ts';
import type { Actions } from './declared.ts';

/** What an action returns, by names of lower-case letters, digits and hyphens. No secrets. */
export type Results = Readonly<Record<string, string>>;

/** Results, or a sentence that says why the action fails. */
export type ActionAnswer = E.Either<string, Results>;

/** An action from a table, with its parameters. */
export type Requested<P> = {
  readonly [N in keyof P & string]: { readonly name: N; readonly parameters: P[N] };
}[keyof P & string];

/** The action that runs: null in hooks, and for names that are not in the table; `Left` if its parameters are wrong. */
export const requestedIn = <P>(
  { environment: { action }, tools }: Hook,
  table: Actions<P>,
): TE.TaskEither<ToolError, E.Either<string, Requested<P>> | null> => {
  if (action === null || !Object.hasOwn(table, action)) return TE.right(null);
  // It is one of the names in the table.
  const name = action as keyof P & string;
  return pipe(
    tools.actionGet,
    TE.map((given) =>
      pipe(
        decodeWith(table[name].parameters)(given),
        E.bimap(
          ({ message }) => `the parameters of ${action} are wrong: ${message.replaceAll('\n', '; ')}`,
          (parameters): Requested<P> => ({ name, parameters }),
        ),
      )
    ),
  );
};

/** The command that runs the same action on the leader. */
export const onLeader = ({ environment: { unit, jujuVersion } }: Hook, action: string): string => {
  const leader = `${unit.replace(/\/\d+$/, '')}/leader`;
  return Number.parseInt(jujuVersion ?? '3', 10) < 3
    ? `juju run-action --wait ${leader} ${action}`
    : `juju run ${leader} ${action}`;
};

/** Why a unit that does not lead refuses. */
export const leaderOnly = (hook: Hook, action: string): string =>
  `only the leader can do this: ${onLeader(hook, action)}, with the same parameters`;
