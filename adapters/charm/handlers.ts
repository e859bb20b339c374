/**
 * Handlers of changes: each runs while its flag is set, and the flag counts as handled only after its handler succeeded. A handler that
 * fails does not stop the others; its change comes again in the next hook.
 *
 * @module
 */
import { hidingKeys } from '../../core/model/certificate.ts';
import { type Flag, flagOf } from '../../core/model/flag.ts';
import type { Outcome } from '../../core/model/outcome.ts';
import type { RequiresFlagName } from '../../core/reactive/requires/flags.ts';
import type { RequiresView } from '../../core/reactive/requires/view.ts';
import { hiderOf } from '../redact.ts';
import type { Hook } from '../juju/hook.ts';

/** What can change for a requirer, without the endpoint's prefix. */
export type ChangeName = Extract<RequiresFlagName, `${string}.changed`>;

/** A change, as its handler sees it. */
export interface Change<View = RequiresView> {
  /** The flag that is set, with the endpoint's name. */
  readonly flag: Flag;
  /** Everything that the charm can read, including the private keys of the reactive protocol. */
  readonly view: View;
  /** The decision that the handler belongs to. */
  readonly outcome: Outcome<View>;
  /** The hook that it runs in. */
  readonly hook: Hook;
}

/** Handles a change; it fails by throwing. Its error's message is shown to people, so it must not contain secrets. */
export type Handler<C = Change> = (change: C) => unknown;

/** Handlers by what changes; they run in the order in which they are listed. */
export type Handlers<Name extends string = ChangeName, C = Change> = { readonly [N in Name]?: Handler<C> };

/** The result of the handlers that ran. */
export interface Handled {
  readonly flags: ReadonlyArray<Flag>;
  /** A sentence for each handler that failed. */
  readonly failures: ReadonlyArray<string>;
}

/** Characters of an error's message that are shown. */
const MAX_MESSAGE = 300;

/** Characters of it that are examined. */
const MAX_READ = 65_536;

/** What was thrown, in one line, without the keys that the handler got: it may have run a program that printed one. */
const reasonOf = (thrown: unknown, keys: ReadonlyArray<string>): string => {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return hiderOf(keys)(hidingKeys(message.slice(0, MAX_READ))).replace(/\s+/g, ' ').slice(0, MAX_MESSAGE) ||
    'it gave no reason';
};

/** Runs the handlers whose flags are set. `keys` are the private keys that they get. */
export const runHandlers = async <Name extends string, C>(
  endpoint: string,
  handlers: Handlers<Name, C>,
  flagsSet: ReadonlyArray<Flag>,
  changeOf: (flag: Flag) => C,
  keys: ReadonlyArray<string>,
): Promise<Handled> => {
  const set = new Set<string>(flagsSet);
  const flags: Array<Flag> = [];
  const failures: Array<string> = [];
  for (const [name, handler] of Object.entries<Handler<C> | undefined>(handlers)) {
    const flag = flagOf(endpoint, name);
    if (handler === undefined || !set.has(flag)) continue;
    try {
      await handler(changeOf(flag));
      flags.push(flag);
    } catch (error) {
      failures.push(`the handler of ${flag} failed and is tried again: ${reasonOf(error, keys)}`);
    }
  }
  return { flags, failures };
};
