/**
 * Values as the Python library accepts them: it coerces in pydantic's lax mode, so other charms may have written any of these.
 *
 * A `Left` says what would have been accepted. Source: docs/csr-protocol.md, Malformed data.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';

const TRUE: ReadonlySet<unknown> = new Set([true, 1, '1', 'true', 't', 'yes', 'y', 'on']);
const FALSE: ReadonlySet<unknown> = new Set([false, 0, '0', 'false', 'f', 'no', 'n', 'off']);

/** True or false; null if the value is absent or null. */
export const laxBoolean = (value: unknown): E.Either<string, boolean | null> => {
  if (value === undefined || value === null) return E.right(null);
  // No word is longer; there is no need to lower-case a megabyte.
  const folded = typeof value === 'string' && value.length <= 5 ? value.toLowerCase() : value;
  if (TRUE.has(folded)) return E.right(true);
  return FALSE.has(folded) ? E.right(false) : E.left('true or false');
};

const WHOLE = /^\s*[+-]?\d{1,15}(?:\.0*)?\s*$/;

const NOT_WHOLE = E.left('a whole number');

/** An integer. */
export const laxInteger = (value: unknown): E.Either<string, number> => {
  if (typeof value === 'boolean') return E.right(value ? 1 : 0);
  if (typeof value === 'string') {
    return value.length <= 40 && WHOLE.test(value) ? E.right(Number(value)) : NOT_WHOLE;
  }
  return typeof value === 'number' && Number.isSafeInteger(value) ? E.right(value) : NOT_WHOLE;
};

/** A text; null if the value is absent or null. */
export const textOrNull = (value: unknown): E.Either<string, string | null> => {
  if (value === undefined || value === null) return E.right(null);
  return typeof value === 'string' ? E.right(value) : E.left('a string');
};

/** A list of texts; null if the value is absent or null. */
export const textsOrNull = (value: unknown): E.Either<string, ReadonlyArray<string> | null> => {
  if (value === undefined || value === null) return E.right(null);
  const isList = Array.isArray(value) && value.every((text): text is string => typeof text === 'string');
  return isList ? E.right(value) : E.left('a list of strings');
};
