/**
 * Values as JSON, unless that would be too long.
 *
 * An outcome shares repeated parts: the names that an application's units want together are one list in memory. JSON has no such thing and
 * would repeat it for each unit, so a megabyte would become gigabytes. So the length is computed first, and shared parts are measured once.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { isObject } from '../core/model/codec.ts';

/** The JSON would have more characters than allowed. */
export interface TooLong {
  readonly _tag: 'TooLong';
  readonly limit: number;
}

/** Length and line breaks of a value's JSON, as if it started a line. */
interface Measure {
  readonly characters: number;
  readonly breaks: number;
}

/** What JSON writes unchanged. */
const PLAIN = /^[ !#-[\]-\u007f\u00a1-\ud7ff\ue000-\uffff]*$/;

const lengthOfText = (text: string): number => PLAIN.test(text) ? text.length + 2 : JSON.stringify(text).length;

const isLeftOut = (value: unknown): boolean => value === undefined || typeof value === 'function';

/** Measures a value; objects and lists that occur several times in it are visited once. */
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
    // A comma and, with indentation, a line of its own.
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

/** Characters that {@link written} would write; the work is proportional to what is in memory. */
export const lengthOfJson = (value: unknown, indent = 0): number => measured(value, indent, new Map()).characters;

/** A plain value as JSON. `Left` if it would have more than `limit` characters: then nothing was written. */
export const written = (value: unknown, limit: number, indent = 0): E.Either<TooLong, string> =>
  lengthOfJson(value, indent) > limit
    ? E.left({ _tag: 'TooLong', limit })
    : E.right(JSON.stringify(value, null, indent));
