/**
 * JSON bodies: their type, their bytes, their depth, and the errors of the core's decoders.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { InputError } from '../../core/model/input-error.ts';
import { type Document, readJsonBytes } from '../reading/json-bytes.ts';
import { isNestedWithin, mediaTypeOf, readBody } from './body.ts';
import type { Limits } from './limits.ts';
import { problem, type ProblemDocument } from './problem.ts';
import { jsonText, type Reply } from './reply.ts';
import { written } from '../written.ts';

/** The media types of JSON. */
export const JSON_TYPES: ReadonlySet<string> = new Set(['application/json', 'text/json']);

/** The bytes of a body of one of these types, within the limits. */
export const body = (
  types: ReadonlyArray<ReadonlySet<string>>,
): (request: Request, limits: Limits) => TE.TaskEither<ProblemDocument, Uint8Array> =>
(request, limits) =>
async () => {
  if (!types.some((known) => known.has(mediaTypeOf(request.headers)))) {
    const all = types.flatMap((known) => [...known]).join(', ');
    return E.left(problem('media-type', `send the header content-type, one of: ${all}`));
  }
  const bytes = await readBody(request, limits);
  return E.isRight(bytes) && !isNestedWithin(bytes.right, limits.depth)
    ? E.left(problem('too-deep', `lists and objects may be nested ${limits.depth} deep`))
    : bytes;
};

/** The problem of an unusable input. */
export const malformed = ({ issues }: InputError): ProblemDocument =>
  problem('malformed-input', 'the input cannot be used: see errors, each with its path', issues);

/** Maximum characters of an answer. A body of eight megabytes can lead to gigabytes, since JSON repeats what units share. */
const MAX_ANSWER = 1 << 26;

/** A value as the answer, or the problem that it would be too large. */
export const answerOf = (value: unknown, status?: number): E.Either<ProblemDocument, Reply> =>
  pipe(
    written(value, MAX_ANSWER),
    E.bimap(
      ({ limit }) =>
        problem('answer-too-large', `the answer would have more than ${limit} characters: send fewer units`),
      (text) => jsonText(text, status),
    ),
  );

/** Reads bytes that should be JSON. */
export type ReadJson = (bytes: Uint8Array) => E.Either<ProblemDocument, unknown>;

/** The value of JSON bytes; a problem only says that they are not JSON. */
export const readPlainly: ReadJson = (bytes) => valueOf(readJsonBytes(bytes));

/** The value of a document that was read. */
export const valueOf = (read: E.Either<InputError, Document>): E.Either<ProblemDocument, unknown> =>
  pipe(read, E.bimap(({ message }) => problem('not-json', message), ({ value }): unknown => value));
