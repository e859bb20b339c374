/**
 * An operation of the API, and what it may know besides the request.
 *
 * @module
 */
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { Limits } from './limits.ts';
import type { ProblemDocument } from './problem.ts';
import type { Sessions } from '../provider/sessions.ts';
import type { Reply } from './reply.ts';

/** What an operation may know besides the request. */
export interface Surroundings {
  readonly limits: Limits;
  readonly now: () => Date;
  readonly random: (length: number) => Uint8Array;
  readonly sessions: Sessions;
  /** The session in the path; empty if the path has none. */
  readonly session: string;
}

/** An operation: its reply, or the problem that it ends in. */
export type Operation = (request: Request, surroundings: Surroundings) => TE.TaskEither<ProblemDocument, Reply>;
