/**
 * `POST /decide`: a document in, its outcome out.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { InputError } from '../../core/model/input-error.ts';
import type { Limits } from './limits.ts';
import { answerOf, body, JSON_TYPES, malformed, type ReadJson } from './json.ts';
import type { ProblemDocument } from './problem.ts';
import type { Reply } from './reply.ts';

/** Decides a document of the contract: the `decide` of the front door, of `./csr` or of `./any`. */
export type DecideDocument = (input: unknown) => E.Either<InputError, object>;

/** Answers a request whose body is a document. */
export const decideWith =
  (decide: DecideDocument, readJson: ReadJson) =>
  (request: Request, limits: Limits): TE.TaskEither<ProblemDocument, Reply> =>
    pipe(
      body([JSON_TYPES])(request, limits),
      TE.flatMapEither(readJson),
      TE.flatMapEither((value) => pipe(decide(value), E.mapLeft(malformed), E.flatMap((outcome) => answerOf(outcome)))),
    );
