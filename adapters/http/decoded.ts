/**
 * JSON bodies, decoded by the core's decoders. If a text is not JSON, the problem says where.
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

/** The value of JSON bytes; a problem gives the line and column where they stop being JSON. */
export const readJson = (bytes: Uint8Array): E.Either<ProblemDocument, unknown> => valueOf(readDocument(bytes));

/** A JSON body, decoded. */
export const decodedBody =
  <A>(decoder: Decoder<A, never>) => (request: Request, limits: Limits): TE.TaskEither<ProblemDocument, A> =>
    pipe(
      body([JSON_TYPES])(request, limits),
      TE.flatMapEither(readJson),
      TE.flatMapEither((value) => pipe(decodeWith(decoder)(value), E.mapLeft(malformed))),
    );
