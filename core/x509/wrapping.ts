/**
 * How a value in which no PEM was found is wrapped: the right content in the wrong wrapping, or a word that programs write for nothing.
 * Only the shape is reported, never the content, which may be a private key.
 *
 * @module
 */
import { type Encoded, isDer } from './pem.ts';
import { latin1Of } from './primitives.ts';

/** How a value that should be PEM is wrapped. */
export type Wrapping =
  /** Only white space. */
  | 'blank'
  /** A word such as `None`, `null` or `False`. */
  | 'nothing-word'
  | 'json-list'
  | 'json-object'
  /** A text in quotation marks, as JSON and Python's `repr` write it. */
  | 'quoted'
  /** A Python bytes literal: `b'…'`. */
  | 'python-bytes'
  /** PEM whose line breaks are written as a backslash and an n. */
  | 'escaped-lines'
  /** PEM on one line, with line breaks turned into spaces or dropped. */
  | 'one-line'
  /** Base64 of PEM. */
  | 'base64-of-pem'
  /** Base64 of DER, without the lines that start and end a block. */
  | 'bare-base64'
  /** The path of a file. */
  | 'path';

const NOTHING: ReadonlySet<string> = new Set(['none', 'null', 'nil', 'undefined', 'false', 'true', 'nan']);

/** The start of base64 of `-----BEGIN`. */
const PEM_BASE64 = 'LS0tLS1CRUdJTi';

/** The start of base64 of a DER sequence longer than 127 bytes. */
const DER_BASE64 = /^MI[A-J]/;

const BASE64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/;

const PATH = /^(?:\/|~\/|file:\/\/)[^\s]{1,500}$/;

const BEGIN = '-----BEGIN ';

/**
 * How a value is wrapped; null if it is ordinary PEM, or something unknown.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { wrappingOf } from 'interface-tls-certificates/x509';
 * assert.equal(wrappingOf('None'), 'nothing-word');
 * assert.equal(wrappingOf('["PEM"]'), 'json-list');
 * ```
 */
export const wrappingOf = (encoded: Encoded): Wrapping | null => {
  const text = (typeof encoded === 'string' ? encoded : isDer(encoded) ? BEGIN : latin1Of(encoded)).trim();
  if (text === '') return 'blank';
  if (text.length < 12 && NOTHING.has(text.toLowerCase())) return 'nothing-word';
  if (/^b(?:'[^]*'|"[^]*")$/.test(text)) return 'python-bytes';
  const [first, last] = [text[0], text.at(-1)];
  if (first === '[' && last === ']') return 'json-list';
  if (first === '{' && last === '}') return 'json-object';
  if ((first === '"' || first === "'") && first === last) return 'quoted';
  if (text.startsWith(PEM_BASE64) && BASE64.test(text)) return 'base64-of-pem';
  if (DER_BASE64.test(text) && BASE64.test(text)) return 'bare-base64';
  if (PATH.test(text)) return 'path';
  if (!text.startsWith(BEGIN)) return null;
  if (text.includes('\\n')) return 'escaped-lines';
  return /[\r\n]/.test(text) ? null : 'one-line';
};
