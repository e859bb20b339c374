/**
 * The log of a model: how it began, what was done to it, and which hooks ran. It is plain JSON, contains nothing from databags, and can be
 * replayed.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { Applications } from './application.ts';
import { type Beginning, emptyModel } from './beginning.ts';
import { applyEvent, type ModelEvent } from './event.ts';
import { hookTitle } from './hook.ts';
import { type ModelError, modelError } from './error.ts';
import { type HookRecord, runUnitHook } from './run.ts';
import type { ModelState } from './state.ts';

/** An event that was applied. */
export interface EventEntry {
  /** What was done to the model. */
  readonly did: ModelEvent;
}

/** A hook that ran. */
export interface HookEntry {
  /** A hook that ran. */
  readonly ran: HookRecord;
}

/** One thing that happened. */
export type LogEntry = EventEntry | HookEntry;

/** How a model began, and everything that happened since. With it and the applications' code, the same run can be repeated. */
export interface Log extends Beginning {
  /** In the order in which they happened. */
  readonly entries: ReadonlyArray<LogEntry>;
}

const replayEntry = async (
  entry: LogEntry,
  applications: Applications,
  state: ModelState,
): Promise<E.Either<ModelError, ModelState>> => {
  if ('did' in entry) return applyEvent(entry.did)(state);
  const ran = await runUnitHook(entry.ran.hook, applications)(state)();
  if (E.isLeft(ran)) return ran;
  const isSame = JSON.stringify(ran.right.record) === JSON.stringify(entry.ran);
  return isSame ? E.right(ran.right.state) : E.left(
    modelError(
      `${
        hookTitle(entry.ran.hook)
      } did something else than the log has: is the charm what it was, and does it go by its context alone?`,
    ),
  );
};

/**
 * Repeats what a log contains: the same events, the same hooks in the same order. `Left` if that is impossible or the result differs, with
 * the number of the entry.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { replay } from 'interface-tls-certificates/model';
 * const text = '{"seed":1,"charms":{},"entries":[{"did":{"event":"advance","seconds":60}}]}';
 * const replayed = await replay(JSON.parse(text), {})();
 * assert.equal(replayed._tag === 'Right' && replayed.right.now, '2026-01-01T00:01:00Z');
 * ```
 */
export const replay = (log: Log, applications: Applications): TE.TaskEither<ModelError, ModelState> => async () => {
  let state: E.Either<ModelError, ModelState> = E.right(emptyModel(log));
  for (const [index, entry] of log.entries.entries()) {
    if (E.isLeft(state)) return state;
    const next = await replayEntry(entry, applications, state.right);
    state = E.isLeft(next) ? E.left(modelError(`entries[${index}]: ${next.left.message}`)) : next;
  }
  return state;
};
