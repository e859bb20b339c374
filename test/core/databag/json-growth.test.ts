/**
 * Reading a databag's JSON takes time in proportion to its length, whatever is in it, and reads nested values alike on each engine.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as E from 'fp-ts/lib/Either.js';
import { parseDatabagJson } from '../../../core/databag/json.ts';
import { assertLinear } from '../../growth.ts';

const times = (unit: string, size: number): string => unit.repeat(Math.ceil(size / unit.length));

const numbered = (size: number, member: (i: number) => string): string =>
  `{${Array.from({ length: Math.ceil(size / member(100_000).length) }, (_, i) => member(i)).join(',')}}`;

const SHAPES: Readonly<Record<string, (size: number) => string>> = {
  'escaped quotes without an end': (size) => `{"${times('\\"', size)}`,
  'escaped quotes in a value that does not end': (size) => `{"\\n": 1, "a": "${times('\\"', size)}`,
  'quotes': (size) => times('"', size),
  'quotes after an escaped key': (size) => `{"\\n":${times('"', size)}`,
  'keys with escapes': (size) => numbered(size, (i) => `"\\n${i}":1`),
  'the same key with an escape': (size) => numbered(size, () => '"\\n":1'),
  'the same key': (size) => numbered(size, () => '"n":1'),
  'keys that are numbers': (size) => numbered(size, (i) => `"${i * 7_919}":1`),
  'a key of backslashes': (size) => `{"${times('\\\\', size)}":1}`,
  'a value of backslashes': (size) => `{"\\n":"${times('\\\\', size)}"}`,
  'backslashes without an end': (size) => `{"\\n":"${times('\\', size)}`,
  'brackets': (size) => times('[', size),
  'brackets beside an escaped key': (size) => `{"\\n":${times('[', size)}`,
  'brackets and braces': (size) => `{"\\n":${times('{"a":[', size)}`,
  'numbers': (size) => `{"\\n":[${times('1,', size)}1]}`,
  'blanks before a colon': (size) => `{"\\n"${times(' ', size)}:1}`,
  'blanks and commas': (size) => `{"\\n":1${times(' ,', size)}`,
  'an escaped key in many objects': (size) => `[${times('{"\\n":1},', size)}0]`,
};

const nested = (depth: number, inner: string): string => '['.repeat(depth) + inner + ']'.repeat(depth);

describe('databag JSON, however it is made up', () => {
  it('parseDatabagJson() takes time in proportion to the length', { timeout: 600_000 }, async () => {
    for (const [name, make] of Object.entries(SHAPES)) await assertLinear(name, { make, work: parseDatabagJson });
  });

  it('parseDatabagJson() reads what is nested 500 deep and nothing deeper, with and without an escaped key', () => {
    for (const key of ['a', '\\n']) {
      for (
        const [depth, expected] of [[498, true], [499, true], [500, false], [5_000, false], [100_000, false]] as const
      ) {
        const text = `{"${key}": ${nested(depth, '1')}}`;
        assert.equal(E.isRight(parseDatabagJson(text)), expected, `${key} ${depth}`);
        // What a later entry takes the place of counts as well: engines read it before they forget it.
        assert.equal(E.isRight(parseDatabagJson(`{"${key}": ${nested(depth, '1')}, "${key}": 1}`)), expected);
      }
    }
    // Brackets in strings are none, and what is closed is not nested.
    assert.ok(E.isRight(parseDatabagJson(`{"\\n": "${'['.repeat(10_000)}", "a": [${'[],'.repeat(10_000)}1]}`)));
  });

  it('parseDatabagJson() takes the last of several entries, and keys as they were meant', () => {
    assert.deepEqual(
      parseDatabagJson('{"\\u0061\\n": 1, "a\\n": [{"\\"": 2}], "__proto__\\t": 3, "a\\n" : 4}'),
      E.right(Object.fromEntries([['a\n', 4], ['__proto__\t', 3]])),
    );
    // Strings that look like the names which keys are given meanwhile.
    assert.deepEqual(
      parseDatabagJson('{"_1": "_0", "\\n": {"_0": "\\": 1", "1": ["_2", ":"]}}'),
      E.right({ '_1': '_0', '\n': { '_0': '": 1', '1': ['_2', ':'] } }),
    );
  });
});
