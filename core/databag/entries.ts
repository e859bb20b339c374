/**
 * Reads a foreign databag value entry by entry: a malformed entry hides no other, and every fault is reported with its place, never with
 * its content.
 *
 * Each side decides which faults become which findings.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { isObject } from '../model/codec.ts';
import { shapeOf } from '../model/shape.ts';
import { parseDatabagJson } from './json.ts';

/** Something wrong with a value: with the whole of it if `at` is null, otherwise with the entry at that place. */
export interface EntryFault<At extends number | string> {
  readonly at: At | null;
  /** What was expected and the kind of what was there, without content. */
  readonly message: string;
}

/** One readable entry. */
export interface Entry<At extends number | string, A> {
  readonly at: At;
  readonly value: A;
}

/** What a value holds, and what is wrong with the rest of it. */
export interface Entries<At extends number | string, A> {
  readonly entries: ReadonlyArray<Entry<At, A>>;
  readonly faults: ReadonlyArray<EntryFault<At>>;
}

/** How to read one entry: a `Left` says what was expected, in a sentence without content. */
export type ReadEntry<At extends number | string, A> = (entry: unknown, at: At) => E.Either<string, A>;

const NONE: Entries<never, never> = { entries: [], faults: [] };

/** The JSON value in a databag value; a `Left` if it does not have the expected shape. */
const valueOf = <V>(raw: string, what: string, is: (value: unknown) => value is V): E.Either<string, V> => {
  const parsed = parseDatabagJson(raw);
  if (E.isRight(parsed) && is(parsed.right)) return E.right(parsed.right);
  return E.left(`expected ${what}, got ${E.isRight(parsed) ? shapeOf(parsed.right) : parsed.left}`);
};

const each = <At extends number | string, A>(
  value: E.Either<string, Iterable<readonly [At, unknown]>>,
  read: ReadEntry<At, A>,
): Entries<At, A> => {
  if (E.isLeft(value)) return { entries: [], faults: [{ at: null, message: value.left }] };
  const entries: Array<Entry<At, A>> = [];
  const faults: Array<EntryFault<At>> = [];
  for (const [at, entry] of value.right) {
    const result = read(entry, at);
    if (E.isRight(result)) entries.push({ at, value: result.right });
    else faults.push({ at, message: result.left });
  }
  return { entries, faults };
};

const isList = (value: unknown): value is ReadonlyArray<unknown> => Array.isArray(value);

/** Reads a JSON list; null counts as no value. */
export const readList = <A>(raw: string | null, what: string, read: ReadEntry<number, A>): Entries<number, A> =>
  raw === null ? NONE : each(E.map((list: ReadonlyArray<unknown>) => list.entries())(valueOf(raw, what, isList)), read);

/** Reads a JSON object whose fields are entries; null counts as no value. */
export const readFields = <A>(raw: string | null, what: string, read: ReadEntry<string, A>): Entries<string, A> =>
  raw === null ? NONE : each(
    E.map((fields: Readonly<Record<string, unknown>>) => Object.entries(fields))(valueOf(raw, what, isObject)),
    read,
  );

/** Reads a JSON object as a single entry. */
export const readObject = (raw: string, what: string): E.Either<string, Readonly<Record<string, unknown>>> =>
  valueOf(raw, what, isObject);

/** An own field of an entry; undefined if it is absent. */
export const fieldOf = (entry: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(entry, name) ? entry[name] : undefined;
