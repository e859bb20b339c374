/**
 * The border between the two functional styles: only here do fp-ts's values become effects.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import * as Effect from 'effect/Effect';

/**
 * A `TaskEither` as an effect: `Left` is its typed failure; a rejected promise, which none of ours should be, is a defect.
 *
 * @example
 * ```ts
 * import * as Effect from 'effect/Effect';
 * import { requires, nothing, type Host, run } from 'interface-tls-certificates';
 * import { fromTaskEither } from 'interface-tls-certificates/effect';
 * const program = (host: Host) => fromTaskEither(run(host)({ side: requires, intent: nothing })).pipe(Effect.timeout('5 seconds'));
 * ```
 */
export const fromTaskEither = <E, A>(work: TaskEither<E, A>): Effect.Effect<A, E> =>
  Effect.promise(work).pipe(
    Effect.flatMap((result) => (E.isLeft(result) ? Effect.fail(result.left) : Effect.succeed(result.right))),
  );
