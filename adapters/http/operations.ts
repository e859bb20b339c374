/**
 * What the operations do, from the bytes of a body to the answer or a problem.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { decide } from '../../core/any/decide.ts';
import { examine } from '../../core/examine/examine.ts';
import { isObject } from '../../core/model/codec.ts';
import type { InputError } from '../../core/model/input-error.ts';
import type { Timestamp } from '../../core/model/snapshot.ts';
import { readObserved, type ReadText, type Text } from '../reading/observed.ts';
import { VERSION } from '../version.ts';
import type { OperationName } from './api.ts';
import { mediaTypeOf } from './body.ts';
import { decideWith } from './decide.ts';
import { readJson } from './decoded.ts';
import { answerOf, body, JSON_TYPES, malformed } from './json.ts';
import type { Operation } from './operation.ts';
import { problem, type ProblemDocument } from './problem.ts';
import { PROVIDER_OPERATIONS } from './provider.ts';
import { json } from './reply.ts';
import { withinTime } from './work.ts';

const TEXT_TYPES: ReadonlySet<string> = new Set(['text/plain', 'text/yaml', 'application/yaml', 'application/x-yaml']);

/** The name of the body in error messages, if it is the only text. */
const BODY = 'body';

/** Several documents in one JSON object, or the single one that it is. An object in it is already parsed; a text is not yet. */
const textsIn = (value: unknown): ReadonlyArray<Text | ReadText> => {
  if (!isObject(value) || !Array.isArray(value['documents'])) return [{ name: BODY, value }];
  const encoder = new TextEncoder();
  return value['documents'].map((document: unknown, i) => {
    const name = `documents[${i}]`;
    return typeof document === 'string' ? { name, bytes: encoder.encode(document) } : { name, value: document };
  });
};

const textsOf = (request: Request, bytes: Uint8Array): E.Either<ProblemDocument, ReadonlyArray<Text | ReadText>> =>
  JSON_TYPES.has(mediaTypeOf(request.headers))
    ? pipe(readJson(bytes), E.map(textsIn))
    : E.right([{ name: BODY, bytes }]);

/** Error messages name the text before the path; here the text is a part of the path. */
const pathsFromBody = (error: InputError): InputError => ({
  ...error,
  issues: error.issues.map(({ path, message }) => ({
    path: path.replace(/^body(: )?/, '').replace(/^(documents\[\d+\]): (?=\[)/, '$1').replace(
      /^(documents\[\d+\]): /,
      '$1.',
    ),
    message: message.replace(/^body: /, ''),
  })),
});

const daysOf = (url: URL): E.Either<ProblemDocument, number | null> => {
  const given = url.searchParams.get('endsWithin');
  if (given === null) return E.right(null);
  return /^\d{1,5}$/.test(given)
    ? E.right(Number(given))
    : E.left(problem('malformed-input', 'the query cannot be used', [{
      path: 'query.endsWithin',
      message: 'expected days as a whole number',
    }]));
};

const inspect: Operation = (request, { limits, now }) => {
  const url = new URL(request.url);
  return pipe(
    TE.fromEither(daysOf(url)),
    TE.bindTo('endsWithinDays'),
    TE.bind('bytes', () => body([JSON_TYPES, TEXT_TYPES])(request, limits)),
    TE.bind('texts', ({ bytes }) => TE.fromEither(textsOf(request, bytes))),
    TE.bind('exchanges', ({ texts }) =>
      TE.fromEither(pipe(
        readObserved(texts, now().toISOString() as Timestamp, url.searchParams.get('requirer')),
        E.mapLeft((error) => malformed(pathsFromBody(error))),
      ))),
    TE.flatMap(({ exchanges, endsWithinDays }) =>
      withinTime(limits, now, async (pause) => {
        const options = { pause, ...(endsWithinDays === null ? {} : { endsWithinDays }) };
        return answerOf(await examine(exchanges, options)());
      })
    ),
  );
};

/** The operations of the API. */
export const OPERATIONS: Readonly<Record<OperationName, Operation>> = {
  decide: (request, { limits }) => decideWith(decide, readJson)(request, limits),
  inspect,
  health: () => TE.right(json({ status: 'ok', version: VERSION })),
  ...PROVIDER_OPERATIONS,
};
