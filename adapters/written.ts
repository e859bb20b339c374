/**
 * Values as JSON, unless that would be too long.
 *
 * An outcome shares what it repeats: the names that an application's units want together are one list in memory. JSON has no such thing,
 * and writes it out for each unit, so that a megabyte becomes gigabytes. So the length is counted first, and what is shared is counted
 * once.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { isObject } from '../core/model/codec.ts';

/** The JSON would have more characters than are allowed. */
export interface TooLong {
  readonly _tag: 'TooLong';
  readonly limit: number;
}

/** Length and line breaks of a value's JSON, as if it stood at the beginning of a line. */
interface Measure {
  readonly characters: number;
  readonly breaks: number;
}

/** What JSON leaves as it is. */
const PLAIN = /^[ !#-[\]-\u007f\u00a1-\ud7ff\ue000-\uffff]*$/;

const lengthOfText = (text: string): number => PLAIN.test(text) ? text.length + 2 : JSON.stringify(text).length;

const isLeftOut = (value: unknown): boolean => value === undefined || typeof value === 'function';

/** Measures a value; objects and lists that stand in it several times are looked into once. */
const measured = (value: unknown, indent: number, known: Map<object, Measure>): Measure => {
  if (typeof value === 'string') return { characters: lengthOfText(value), breaks: 0 };
  const isList = Array.isArray(value);
  if (!isList && !isObject(value)) return { characters: String(JSON.stringify(value)).length, breaks: 0 };
  const before = known.get(value);
  if (before !== undefined) return before;
  let characters = 2;
  let breaks = 0;
  let members = 0;
  const add = (member: unknown, key: number): void => {
    const inner = measured(isLeftOut(member) ? null : member, indent, known);
    members += 1;
    // A comma, and where there is indentation a line of its own.
    characters += key + inner.characters + 1 + (indent === 0 ? 0 : 1 + indent * (1 + inner.breaks));
    breaks += inner.breaks + 1;
  };
  if (isList) { for (const member of value) add(member, 0); }
  else {
    for (const [name, member] of Object.entries(value)) {
      if (!isLeftOut(member)) add(member, lengthOfText(name) + (indent === 0 ? 1 : 2));
    }
  }
  // No comma after the last member, and a line break before the closing bracket.
  if (members > 0) characters += indent === 0 ? -1 : 0;
  const measure = { characters, breaks: members > 0 && indent > 0 ? breaks + 1 : 0 };
  known.set(value, measure);
  return measure;
};

/** Characters that {@link written} would write; not more work than there is in memory. */
export const lengthOfJson = (value: unknown, indent = 0): number => measured(value, indent, new Map()).characters;

/** A plain value as JSON. `Left` if that would have more than `limit` characters: nothing was written then. */
export const written = (value: unknown, limit: number, indent = 0): E.Either<TooLong, string> =>
  lengthOfJson(value, indent) > limit
    ? E.left({ _tag: 'TooLong', limit })
    : E.right(JSON.stringify(value, null, indent));
