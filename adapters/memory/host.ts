/**
 * A host in memory, for tests: it starts from a state, applies outcomes to it, and shows the result.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { snapshotAfter } from '../../core/databag/write.ts';
import type { Host, State } from '../host.ts';
import { turns } from '../turns.ts';

/** A host whose state can be looked at and replaced, as the other side of the relation would do. */
export interface MemoryHost extends Host {
  /** What the host holds now. */
  readonly state: () => State;
  /** Changes it, as the other side would. */
  readonly setState: (change: (state: State) => State) => void;
}

/**
 * A host in memory that starts from `initial`.
 *
 * @example
 * ```ts
 * import { memoryHost } from 'interface-tls-certificates';
 * import type { State } from 'interface-tls-certificates/host';
 * const published = (initial: State) => memoryHost(initial).state().snapshot.relations[0]?.localUnitData;
 * ```
 */
export const memoryHost = (initial: State): MemoryHost => {
  let now = initial;
  const inTurn = turns();
  return {
    transact: (work) => () =>
      inTurn(pipe(
        TE.fromIO(() => now),
        TE.chain(work),
        TE.map(([{ writes, memory }, result]) => {
          // On top of what the other side has done since.
          now = { snapshot: snapshotAfter(now.snapshot, writes), memory };
          return result;
        }),
      )),
    state: () => now,
    setState: (change) => {
      now = change(now);
    },
  };
};
