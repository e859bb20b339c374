/**
 * Work for one request, which is aborted when it takes too long.
 *
 * In workerd the clock stops while there is no input or output, so there its own limit on processor time counts.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { Limits } from './limits.ts';
import { problem, type ProblemDocument } from './problem.ts';

/** Ends the work for a request when its time is over. */
const TOO_MUCH = Symbol('too much work');

/** Work that calls `pause` between two certificates, within the time limit. */
export const withinTime = <A>(
  { workTime }: Pick<Limits, 'workTime'>,
  now: () => Date,
  work: (pause: () => void) => Promise<E.Either<ProblemDocument, A>>,
): TE.TaskEither<ProblemDocument, A> =>
async () => {
  const end = now().getTime() + workTime;
  try {
    return await work(() => {
      if (now().getTime() > end) throw TOO_MUCH;
    });
  } catch (thrown) {
    if (thrown !== TOO_MUCH) throw thrown;
    return E.left(problem('too-much-work', `not done after ${workTime} ms: send less at a time`));
  }
};
