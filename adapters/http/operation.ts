/**
 * An operation of the API, and what it may know beside the request.
 *
 * @module
 */
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { Limits } from './limits.ts';
import type { ProblemDocument } from './problem.ts';
import type { Sessions } from '../provider/sessions.ts';
import type { Reply } from './reply.ts';

/** What an operation may know beside the request. */
export interface Surroundings {
  readonly limits: Limits;
  readonly now: () => Date;
  readonly random: (length: number) => Uint8Array;
  readonly sessions: Sessions;
  /** The session that the path names; empty where it names none. */
  readonly session: string;
}

/** An operation: what it replies, or the problem that it ends in. */
export type Operation = (request: Request, surroundings: Surroundings) => TE.TaskEither<ProblemDocument, Reply>;
