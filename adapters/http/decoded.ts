/**
 * Bodies of JSON as the decoders of the core have them. Where a text is no JSON, people are told the place.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Decoder } from '../../core/model/codec.ts';
import { decodeWith } from '../../core/model/input-error.ts';
import { readDocument } from '../reading/document.ts';
import { body, JSON_TYPES, malformed, valueOf } from './json.ts';
import type { Limits } from './limits.ts';
import type { ProblemDocument } from './problem.ts';

/** The value that bytes are the JSON of; a problem says at which line and column they stop being any. */
export const readJson = (bytes: Uint8Array): E.Either<ProblemDocument, unknown> => valueOf(readDocument(bytes));

/** A body of JSON as a decoder has it. */
export const decodedBody =
  <A>(decoder: Decoder<A, never>) => (request: Request, limits: Limits): TE.TaskEither<ProblemDocument, A> =>
    pipe(
      body([JSON_TYPES])(request, limits),
      TE.flatMapEither(readJson),
      TE.flatMapEither((value) => pipe(decodeWith(decoder)(value), E.mapLeft(malformed))),
    );
