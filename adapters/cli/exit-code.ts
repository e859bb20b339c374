/**
 * Exit codes: 0 done; 1 done, but an error was found; 2 the input or the arguments are wrong; 3 the environment failed.
 *
 * A hook exits with 0, 2 or 3 and never with 1, since Juju undoes what a failed hook did: see adapters/charm/hook.ts.
 *
 * @module
 */
import type { Problem } from '../host.ts';

/** The exit code if something is wrong. */
export type ExitCode = 1 | 2 | 3;

/** The work was done, but there is a finding of severity `error`. */
export const FOUND_ERROR = 1;

/** The arguments are wrong; nothing was done. */
export const WRONG_ARGUMENTS = 2;

/** The exit code if the work could not be done: 2 if the input is wrong, 3 if the environment failed. */
export const exitCodeOf = ({ _tag }: Problem): ExitCode => (_tag === 'InputError' ? 2 : 3);

/** Ends the process with a code and no message: the message was already printed. */
export class Exit extends Error {
  override readonly '~effect/Runtime/errorExitCode': number;
  override readonly '~effect/Runtime/errorReported' = false;

  constructor(code: ExitCode) {
    super(`exit ${code}`);
    this['~effect/Runtime/errorExitCode'] = code;
  }
}
