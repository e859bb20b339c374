/**
 * Values as the Python library takes them: it coerces in pydantic's lax way, so other charms may have written any of these.
 *
 * Each reader gives undefined for what is not taken. Source: docs/csr-protocol.md, Malformed data.
 *
 * @module
 */

const TRUE: ReadonlySet<unknown> = new Set([true, 1, '1', 'true', 't', 'yes', 'y', 'on']);
const FALSE: ReadonlySet<unknown> = new Set([false, 0, '0', 'false', 'f', 'no', 'n', 'off']);

/** True or false; null where the value is absent or null. */
export const laxBoolean = (value: unknown): boolean | null | undefined => {
  if (value === undefined || value === null) return null;
  // No word is longer; a megabyte need not be put into lower case.
  const folded = typeof value === 'string' && value.length <= 5 ? value.toLowerCase() : value;
  return TRUE.has(folded) ? true : FALSE.has(folded) ? false : undefined;
};

const WHOLE = /^\s*[+-]?\d{1,15}(?:\.0*)?\s*$/;

/** A whole number. */
export const laxInteger = (value: unknown): number | undefined => {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') return value.length <= 40 && WHOLE.test(value) ? Number(value) : undefined;
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
};

/** A text; null where the value is absent or null. */
export const textOrNull = (value: unknown): string | null | undefined =>
  value === undefined || value === null ? null : typeof value === 'string' ? value : undefined;
