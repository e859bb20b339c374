/**
 * Removes a secret that may already be gone.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { ToolError } from './tool-error.ts';
import type { HookTools, SecretId } from './tools.ts';

/** Removes a secret or one revision if it still exists; otherwise Juju would fail the hook at its end. */
export const removeIfThere = (
  tools: HookTools,
  id: SecretId,
  revision?: number,
): TE.TaskEither<ToolError, void> =>
  pipe(
    tools.secretInfo({ id }),
    TE.chain(() => tools.secretRemove(id, revision)),
    TE.orElse((error) => (error.kind === 'secret-not-found' ? TE.right(undefined) : TE.left(error))),
  );
