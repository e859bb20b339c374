/**
 * One corpus of hostile texts, fed to every decoder and to `decide`: names that are members of every object, characters that sort
 * or print oddly, JSON that is broken or deep, and PEM that ends nowhere.
 *
 * @module
 */

/** Texts that have broken programs before. */
export const HOSTILE: ReadonlyArray<string> = [
  '',
  ' ',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '../../etc/passwd',
  '\u0000',
  '\u001b[2J\u001b]0;owned\u0007',
  '\u007f\u0085\u2028\u2029\u202e',
  '\ud800',
  '\udc00\ud800',
  '\u{1f600}\u{10ffff}',
  'null',
  'NaN',
  '"',
  '{',
  '{}',
  '[]',
  '{"__proto__": {"cert": "C", "key": "K"}}',
  '{"a": {"cert": {"__proto__": 1}, "key": []}}',
  '{"a": {"sans": {"length": 1}}}',
  `{"a": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
  '{"a":'.repeat(50_000),
  `-----BEGIN CERTIFICATE-----\n${'a: b\n c: d\n'.repeat(40)}`,
  'x'.repeat(1_000_000),
  JSON.stringify({ a: { cert: 'x'.repeat(500_000), key: 'y'.repeat(500_000) } }),
];
