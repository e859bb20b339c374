/**
 * What the operations do, from the bytes of a body to the answer or a problem.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { decide as decideDocument } from '../../core/decide.ts';
import { examine } from '../../core/examine/examine.ts';
import { isObject } from '../../core/model/codec.ts';
import type { InputError } from '../../core/model/input-error.ts';
import type { Timestamp } from '../../core/model/snapshot.ts';
import { readDocument } from '../file/document.ts';
import { readObserved, type Text } from '../file/observed.ts';
import { VERSION } from '../version.ts';
import type { OperationName } from './api.ts';
import { isNestedWithin, mediaTypeOf, readBody } from './body.ts';
import type { Limits } from './limits.ts';
import { type Problem, problem } from './problem.ts';

/** What an operation may know beside the request. */
export interface Surroundings {
  readonly limits: Limits;
  readonly now: () => Date;
}

/** An operation: what it answers is written as JSON. */
export type Operation = (request: Request, surroundings: Surroundings) => TE.TaskEither<Problem, unknown>;

const JSON_TYPES: ReadonlySet<string> = new Set(['application/json', 'text/json']);
const TEXT_TYPES: ReadonlySet<string> = new Set(['text/plain', 'text/yaml', 'application/yaml', 'application/x-yaml']);

const body = (
  types: ReadonlyArray<ReadonlySet<string>>,
): (request: Request, limits: Limits) => TE.TaskEither<Problem, Uint8Array> =>
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

const malformed = ({ issues }: InputError): Problem =>
  problem('malformed-input', 'the input cannot be used: see errors, each with its path', issues);

const readJson = (bytes: Uint8Array): E.Either<Problem, unknown> =>
  pipe(
    readDocument(bytes),
    E.bimap(({ message }) => problem('not-json', message), ({ value }): unknown => value),
  );

const decide: Operation = (request, { limits }) =>
  pipe(
    body([JSON_TYPES])(request, limits),
    TE.flatMapEither(readJson),
    TE.flatMapEither((value) => pipe(decideDocument(value), E.mapLeft(malformed))),
  );

/** What complaints call the body where it is the only text. */
const BODY = 'body';

/** Several documents in one JSON object, or the body as it is. */
const textsIn = (bytes: Uint8Array, value: unknown): ReadonlyArray<Text> => {
  if (!isObject(value) || !Array.isArray(value['documents'])) return [{ name: BODY, bytes }];
  const encoder = new TextEncoder();
  return value['documents'].map((document: unknown, i) => ({
    name: `documents[${i}]`,
    bytes: encoder.encode(typeof document === 'string' ? document : JSON.stringify(document)),
  }));
};

const textsOf = (request: Request, bytes: Uint8Array): E.Either<Problem, ReadonlyArray<Text>> =>
  JSON_TYPES.has(mediaTypeOf(request.headers))
    ? pipe(readJson(bytes), E.map((value) => textsIn(bytes, value)))
    : E.right([{ name: BODY, bytes }]);

/** Complaints name the text before the path; here the text is a part of the path. */
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

const daysOf = (url: URL): E.Either<Problem, number | null> => {
  const given = url.searchParams.get('endsWithin');
  if (given === null) return E.right(null);
  return /^\d{1,5}$/.test(given)
    ? E.right(Number(given))
    : E.left(problem('malformed-input', 'the query cannot be used', [{
      path: 'query.endsWithin',
      message: 'expected days as a whole number',
    }]));
};

/** Ends the work for a request when its time is over. */
const TOO_MUCH = Symbol('too much work');

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
    TE.flatMap(({ exchanges, endsWithinDays }) => async () => {
      const end = now().getTime() + limits.workTime;
      const pause = (): void => {
        if (now().getTime() > end) throw TOO_MUCH;
      };
      try {
        const options = { pause, ...(endsWithinDays === null ? {} : { endsWithinDays }) };
        return E.right<Problem, unknown>(await examine(exchanges, options)());
      } catch (thrown) {
        if (thrown !== TOO_MUCH) throw thrown;
        return E.left(problem('too-much-work', `not done after ${limits.workTime} ms: send fewer units at a time`));
      }
    }),
  );
};

/** The operations of the API. */
export const OPERATIONS: Readonly<Record<OperationName, Operation>> = {
  decide,
  inspect,
  health: () => TE.right({ status: 'ok', version: VERSION }),
};
