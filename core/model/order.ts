/**
 * The order in which Python sorts strings: by code point. JavaScript's own order goes by UTF-16 unit, which puts astral
 * characters before U+E000…U+FFFF (docs/reactive-protocol.md section 3).
 *
 * @module
 */

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/**
 * Compares two strings by code point. A lone surrogate counts as a code point of its own, as in Python.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { byCodePoint } from 'interface-tls-certificates/host';
 * assert.deepEqual(['\u{10000}', '\uffee', 'z', 'Z'].sort(byCodePoint), ['Z', 'z', '\uffee', '\u{10000}']);
 * ```
 */
export const byCodePoint = (a: string, b: string): number => {
  if (a === b) return 0;
  const end = Math.min(a.length, b.length);
  let i = 0;
  while (i < end && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  if (i === end) return a.length - b.length;
  // If the strings differ in the second half of a pair, the code point started one unit earlier.
  const inPair = i > 0 && isHigh(a.charCodeAt(i - 1)) && (isLow(a.charCodeAt(i)) || isLow(b.charCodeAt(i)));
  const start = inPair ? i - 1 : i;
  return (a.codePointAt(start) ?? 0) - (b.codePointAt(start) ?? 0);
};
