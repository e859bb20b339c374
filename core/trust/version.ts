/**
 * The version that a side announces.
 *
 * Source: docs/certificate-transfer.md, Versions.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { parseDatabagJson } from '../databag/json.ts';
import { lookup } from '../databag/lookup.ts';
import { shapeOf } from '../model/shape.ts';
import type { Databag } from '../model/snapshot.ts';

/** The longest number that is a version; it also fits in quotes. */
const DIGITS = /^[0-9]{1,9}$/;

/** The version in a databag; null if there is none. A `Left` says what was there instead. */
export const versionIn = (bag: Databag, key: string): E.Either<string, number | null> => {
  const raw = lookup(bag, key);
  if (raw === null) return E.right(null);
  const parsed = parseDatabagJson(raw);
  const value = E.isRight(parsed) ? parsed.right : null;
  const digits = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  return DIGITS.test(digits)
    ? E.right(Number(digits))
    : E.left(`expected a whole number as ${key}, got ${E.isRight(parsed) ? shapeOf(value) : parsed.left}`);
};
