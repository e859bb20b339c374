/**
 * How the command ends: 0 done; 1 done, and an error was found; 2 the input or the arguments are wrong; 3 the environment failed.
 *
 * A hook ends with 0, 2 or 3 and never with 1, since Juju undoes what a failed hook did: see adapters/charm/hook.ts.
 *
 * @module
 */
import type { Problem } from '../host.ts';

/** How the command ends where not all is well. */
export type ExitCode = 1 | 2 | 3;

/** The work was done, and there is a finding of severity `error`. */
export const FOUND_ERROR = 1;

/** The arguments are wrong; nothing was done. */
export const WRONG_ARGUMENTS = 2;

/** How the command ends when the work could not be done: 2 where the input is wrong, 3 where the environment failed. */
export const exitCodeOf = ({ _tag }: Problem): ExitCode => (_tag === 'InputError' ? 2 : 3);

/** Ends the process with a code and without a word, which has been said already. */
export class Exit extends Error {
  override readonly '~effect/Runtime/errorExitCode': number;
  override readonly '~effect/Runtime/errorReported' = false;

  constructor(code: ExitCode) {
    super(`exit ${code}`);
    this['~effect/Runtime/errorExitCode'] = code;
  }
}
