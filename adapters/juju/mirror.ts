/**
 * Flags for a charm that still has Python's reactive layers: each flag that changes is also set or cleared there.
 *
 * That store is not Juju's, so it is updated first: if that fails, the hook fails, nothing is written, and the next hook tries again.
 * Source: canonical/charms.reactive, the commands `set_flag` and `clear_flag`.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { FlagDelta } from '../../core/model/flag.ts';
import { errorIn, type ToolError } from './tool-error.ts';
import type { RunTool } from './tools.ts';

/** Reports changed flags to `charms.reactive`. */
export const reactiveMirror = (run: RunTool) => ({ set, clear }: FlagDelta): TE.TaskEither<ToolError, void> =>
  pipe(
    [...set.map((flag) => ['set_flag', flag]), ...clear.map((flag) => ['clear_flag', flag])],
    TE.traverseSeqArray((args) => {
      const call = { tool: 'charms.reactive', args };
      return pipe(
        TE.fromTask(() => run(call)),
        TE.chain((ending) => {
          const error = errorIn(call, ending);
          return error === null ? TE.right(undefined) : TE.left(error);
        }),
      );
    }),
    TE.map(() => undefined),
  );
