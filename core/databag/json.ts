/**
 * The JSON of databags, byte for byte as Python's `json.dumps(value, sort_keys=True)` writes it (docs/reactive-protocol.md section 3).
 *
 * Bytes matter: Juju wakes the other side if a single byte differs. Reading never throws and never reveals content.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { byCodePoint } from '../model/order.ts';
import { shapeOf } from '../model/shape.ts';

/** What can be written. Numbers are left out: the protocol has none, and Python writes them differently. */
export type DatabagJson =
  | null
  | boolean
  | string
  | ReadonlyArray<DatabagJson>
  | ReadonlyMap<string, DatabagJson>
  | { readonly [key: string]: DatabagJson };

const PLAIN = /^[ !#-[\]-~]*$/;
const NOT_ASCII = /[\u007f-\uffff]/g;

const encodeText = (s: string): string =>
  PLAIN.test(s)
    ? `"${s}"`
    : JSON.stringify(s).replace(NOT_ASCII, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The same result as `map` and `join`, without the lists in between: a collection has thousands of members. */
const joined = <A>(members: ReadonlyArray<A>, encode: (member: A) => string): string => {
  let text = '';
  for (const member of members) text += text === '' ? encode(member) : `, ${encode(member)}`;
  return text;
};

const isList = (value: DatabagJson): value is ReadonlyArray<DatabagJson> => Array.isArray(value);
const isMap = (value: DatabagJson): value is ReadonlyMap<string, DatabagJson> => value instanceof Map;

/**
 * Writes a value. The entries of a map and the own fields of an object are sorted by code point.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { encodeDatabagJson } from 'interface-tls-certificates/host';
 * assert.equal(encodeDatabagJson({ b: ['é'], a: null }), '{"a": null, "b": ["\\u00e9"]}');
 * ```
 */
export const encodeDatabagJson = (value: DatabagJson): string => {
  if (typeof value === 'string') return encodeText(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (isList(value)) return `[${joined(value, encodeDatabagJson)}]`;
  const entries = isMap(value) ? [...value] : Object.entries(value);
  if (entries.length > 1) entries.sort(([a], [b]) => byCodePoint(a, b));
  return `{${joined(entries, ([key, member]) => `${encodeText(key)}: ${encodeDatabagJson(member)}`)}}`;
};

/**
 * How deeply lists and objects may be nested; the protocol needs two levels. Engines have limits of their own, from some thousands to none,
 * so without this limit one engine would read a text that another rejects.
 */
const MAX_DEPTH = 500;

/** The result of one pass over a text. */
interface Scan {
  readonly isTooDeep: boolean;
  /** Where each key starts and ends, quotes included; empty if no key contains an escape. */
  readonly keys: ReadonlyArray<readonly [start: number, end: number]>;
}

const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Where the string that starts with the quote at `start` ends: after its closing quote, or at the end of the text. Reads each character at
 * most twice.
 */
const endOfString = (raw: string, start: number): number => {
  let quote = raw.indexOf('"', start + 1);
  while (quote !== -1) {
    let before = quote - 1;
    while (before > start && raw.charCodeAt(before) === BACKSLASH) before--;
    if ((quote - before) % 2 === 1) return quote + 1;
    quote = raw.indexOf('"', quote + 1);
  }
  return raw.length;
};

const isBlank = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

/** Scans a text, JSON or not, in one pass and without recursion. It skips quickly over strings, which make up most of a databag. */
const scan = (raw: string): Scan => {
  const keys: Array<readonly [number, number]> = [];
  let hasEscapedKey = false;
  let depth = 0;
  // The last string, until it is known whether a colon makes it a key.
  let string: readonly [number, number] | null = null;
  for (let i = 0; i < raw.length; i++) {
    const code = raw.charCodeAt(i);
    if (isBlank(code)) continue;
    if (code === COLON && string !== null) {
      keys.push(string);
      hasEscapedKey ||= raw.slice(...string).includes('\\');
    }
    string = null;
    if (code === QUOTE) {
      const end = endOfString(raw, i);
      string = [i, end];
      i = end - 1;
    } else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      depth += 1;
      if (depth > MAX_DEPTH) return { isTooDeep: true, keys: [] };
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth -= 1;
  }
  return { isTooDeep: false, keys: hasEscapedKey ? keys : [] };
};

/** The same value with the original keys in place of the numbered ones. It recurses once per level, of which there are few. */
const withKeys = (keys: ReadonlyArray<string>, value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((element) => withKeys(keys, element));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [keys[Number(key.slice(1))] ?? '', withKeys(keys, member)]),
  );
};

/**
 * `JSON.parse` that reads each key separately. This works around a fault of V8, at least from 14.6 (Node 26) to 15.0 (Deno 2.9): it reads a
 * key such as `"\n"` as a backslash after it has read an object whose keys were the same up to that point and then a backslash.
 */
const parseKeysApart = (raw: string, places: Scan['keys']): unknown => {
  const keys: Array<string> = [];
  const parts: Array<string> = [];
  let from = 0;
  for (const [start, end] of places) {
    parts.push(raw.slice(from, start), `"_${keys.length}"`);
    keys.push(String(JSON.parse(raw.slice(start, end))));
    from = end;
  }
  return withKeys(keys, JSON.parse(parts.join('') + raw.slice(from)));
};

/**
 * Reads JSON text in time and memory proportional to its length. Text that is not JSON, or is nested more than 500 levels deep, is a `Left`
 * on every engine alike: the end of a sentence "expected …, got …" that names what was there without its content.
 */
export const parseDatabagJson = (raw: string): E.Either<string, unknown> => {
  const notJson = (): E.Either<string, never> => E.left(`${shapeOf(raw)} that is not JSON`);
  try {
    const { isTooDeep, keys } = scan(raw);
    if (isTooDeep) return notJson();
    return E.right(keys.length === 0 ? JSON.parse(raw) : parseKeysApart(raw, keys));
  } catch {
    // The engine's message quotes the text, which may hold a private key, so it is dropped on purpose.
    return notJson();
  }
};
