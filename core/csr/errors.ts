/**
 * Errors: how a provider says that it refuses a request.
 *
 * Any integer is a code and any text a name; both are passed on. Source: docs/csr-protocol.md, Error codes.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { encodeInOrder, type OrderedFields } from '../databag/in-order.ts';
import { fieldOf } from '../databag/entries.ts';
import { isObject } from '../model/codec.ts';
import { shapeOf } from '../model/shape.ts';
import { laxInteger, textOrNull } from './lax.ts';
import type { NormalPem } from './texts.ts';
import { ERROR_FIELDS, REFUSAL_FIELDS } from './wire.ts';

/** The codes that have names: 1xx concern the request, 2xx the provider. */
export const ERROR_CODES = {
  ip_not_allowed: 101,
  domain_not_allowed: 102,
  wildcard_not_allowed: 103,
  server_not_available: 201,
  other: 999,
} as const;

/** The name of an error that has a code. */
export type ErrorName = keyof typeof ERROR_CODES;

/** Why a request is refused. */
export interface RequestError {
  /** E.g. 102. */
  readonly code: number;
  /** E.g. `domain_not_allowed`. */
  readonly name: string;
  /** For people. */
  readonly message: string;
  /** More about the cause. */
  readonly reason: string | null;
  /** The provider that refuses. */
  readonly provider: string | null;
  /** Its endpoint. */
  readonly endpoint: string | null;
}

/** Reads an error; a `Left` says what was expected. */
export const readError = (value: unknown): E.Either<string, RequestError> => {
  if (!isObject(value)) return E.left(`expected an object as ${ERROR_FIELDS.error}, got ${shapeOf(value)}`);
  const code = laxInteger(fieldOf(value, REFUSAL_FIELDS.code));
  if (E.isLeft(code)) {
    return E.left(`expected ${code.left} as code, got ${shapeOf(fieldOf(value, REFUSAL_FIELDS.code))}`);
  }
  const [name, message] = [fieldOf(value, REFUSAL_FIELDS.name), fieldOf(value, REFUSAL_FIELDS.message)];
  if (typeof name !== 'string' || typeof message !== 'string') return E.left('expected name and message as text');
  const textIn = (field: string) => (): E.Either<string, string | null> => textOrNull(fieldOf(value, field));
  return pipe(
    E.Do,
    E.bind('reason', textIn(REFUSAL_FIELDS.reason)),
    E.bind('provider', textIn(REFUSAL_FIELDS.provider)),
    E.bind('endpoint', textIn(REFUSAL_FIELDS.endpoint)),
    E.map((texts) => ({ code: code.right, name, message, ...texts })),
    E.mapLeft(() => 'expected reason, provider and endpoint as text, where they are there'),
  );
};

/** The entry that publishes an error, as JSON text: null fields are left out, empty texts are written. */
export const writtenError = (csr: NormalPem, error: RequestError): string => {
  const inOrder: OrderedFields = {
    fields: [
      [REFUSAL_FIELDS.code, error.code],
      [REFUSAL_FIELDS.name, error.name],
      [REFUSAL_FIELDS.message, error.message],
      [REFUSAL_FIELDS.reason, error.reason ?? undefined],
      [REFUSAL_FIELDS.provider, error.provider ?? undefined],
      [REFUSAL_FIELDS.endpoint, error.endpoint ?? undefined],
    ],
  };
  return encodeInOrder({ fields: [[ERROR_FIELDS.csr, csr], [ERROR_FIELDS.error, inOrder]] });
};

/** Whether two errors say the same. */
export const sameError = (a: RequestError, b: RequestError): boolean =>
  a.code === b.code && a.name === b.name && a.message === b.message && a.reason === b.reason &&
  a.provider === b.provider && a.endpoint === b.endpoint;
