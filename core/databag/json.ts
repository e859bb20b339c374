/**
 * The JSON of databags, byte for byte as Python's `json.dumps(value, sort_keys=True)` writes it (protocol-reactive.md section 3).
 *
 * Bytes matter: Juju wakes the other side for every byte that differs. Reading never throws and never tells content.
 *
 * @module
 */
import { byCodePoint } from '../model/order.ts';

/** What can be written. Numbers are not among it: the protocol has none, and Python writes them differently. */
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

/** What `map` and `join` would give, without the lists in between: a collection has thousands of members. */
const joined = <A>(members: ReadonlyArray<A>, encode: (member: A) => string): string => {
  let text = '';
  for (const member of members) text += text === '' ? encode(member) : `, ${encode(member)}`;
  return text;
};

const isList = (value: DatabagJson): value is ReadonlyArray<DatabagJson> => Array.isArray(value);
const isMap = (value: DatabagJson): value is ReadonlyMap<string, DatabagJson> => value instanceof Map;

/**
 * Writes a value. A map's entries and an object's own fields come sorted by code point.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { encodeDatabagJson } from 'interface-tls-certificates';
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

/** What a databag's JSON text turned out to be. */
export type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false };

/** Where a key with an escape in it may begin; a string in a list looks the same. */
const ESCAPED_KEY = /[{,]\s*"[^"\\]*\\/;

/** Each string, with the colon that makes it a key. */
const STRINGS = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?/gs;

/** The same value with its keys, which were numbered, put back. */
const withKeys = (keys: ReadonlyArray<string>, value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((element) => withKeys(keys, element));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [keys[Number(key.slice(1))] ?? '', withKeys(keys, member)]),
  );
};

/** `JSON.parse`, with each key read by itself. */
const parseKeysApart = (raw: string): unknown => {
  const keys: Array<string> = [];
  const numbered = raw.replace(STRINGS, (text: string, literal: string, colon: string | undefined) => {
    if (colon === undefined) return text;
    keys.push(String(JSON.parse(literal)));
    return `"_${keys.length - 1}"${colon}`;
  });
  return withKeys(keys, JSON.parse(numbered));
};

/**
 * `JSON.parse`, but right in V8 too: at least from 14.6 (Node 26) to 15.0 (Deno 2.9), it takes a key such as `"\n"` for a backslash
 * once it has read an object whose keys were the same up to there and then a backslash.
 */
const parse = (raw: string): unknown => (ESCAPED_KEY.test(raw) ? parseKeysApart(raw) : JSON.parse(raw));

/** Reads JSON text. Text that is not JSON, or is nested deeper than the runtime can go, is `ok: false`. */
export const parseDatabagJson = (raw: string): Parsed => {
  try {
    return { ok: true, value: parse(raw) };
  } catch {
    // The engine's message quotes the text, which may hold a private key: it is dropped on purpose.
    return { ok: false };
  }
};
