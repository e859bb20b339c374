/**
 * What a builtin charm does if a tool fails: its hook fails, and Juju runs it again.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/** A hook tool failed. */
export class ToolFailed extends Error {}

/** The answer of a tool. Throws {@link ToolFailed} if the tool fails. */
export const orFail = async <A>(work: TaskEither<{ readonly message: string }, A>): Promise<A> => {
  const result = await work();
  if (E.isLeft(result)) throw new ToolFailed(result.left.message);
  return result.right;
};
