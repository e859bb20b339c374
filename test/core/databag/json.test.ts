import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { type DatabagJson, encodeDatabagJson, parseDatabagJson } from '../../../core/databag/json.ts';
import { anyText } from '../../text.ts';

/** Pairs of a value and what Python's `json.dumps(value, sort_keys=True)` made of it (tools/record-databag-json.py). */
const recorded = (): ReadonlyArray<readonly [DatabagJson, string]> =>
  JSON.parse(readFileSync(new URL('../../data/databag-json.json', import.meta.url), 'utf8'));

/** A map where the value has objects: the order of insertion must not show. */
const withMaps = (value: DatabagJson): DatabagJson => {
  if (Array.isArray(value)) return value.map(withMaps);
  if (typeof value !== 'object' || value === null) return value;
  return new Map(Object.entries(value).reverse().map(([key, member]) => [key, withMaps(member)]));
};

describe('databag JSON', () => {
  it('encodeDatabagJson() writes thousands of odd values exactly as Python', () => {
    const pairs = recorded();
    assert.ok(pairs.length > 4_000);
    for (const [value, text] of pairs) assert.equal(encodeDatabagJson(value), text);
  });

  it('encodeDatabagJson() writes maps like objects, whatever the order of their entries', () => {
    for (const [value, text] of recorded()) assert.equal(encodeDatabagJson(withMaps(value)), text);
  });

  it('encodeDatabagJson() is undone by reading', () => {
    fc.assert(
      fc.property(fc.dictionary(anyText(), fc.array(anyText())), (value) => {
        assert.deepEqual(parseDatabagJson(encodeDatabagJson(value)), E.right({ ...value }));
      }),
    );
  });

  it('parseDatabagJson() reads keys with escapes, whatever it has read before', () => {
    // V8 remembers the objects that it has read, and takes such a key for the one that came there before.
    for (const before of ['{":": 1, "\\\\": 2}', '{"\\\\": 2}', '{":": {"a": 1, "\\\\": 2}}']) parseDatabagJson(before);
    const keys = ['ab\n', 'ab\\', '\uffee', '\n', '"', '\\', '\u0000', '/', '__proto__'];
    for (const key of keys) {
      const expected = Object.fromEntries([[':', { a: [':', key] }], [key, ':']]);
      const escaped = key.length > 1
        ? JSON.stringify(key).slice(1, -1)
        : `\\u${key.charCodeAt(0).toString(16).padStart(4, '0')}`;
      const text = `{":" : {"a": [":", "${escaped}"]}, "${escaped}"\n: ":"}`;
      assert.deepEqual(parseDatabagJson(text), E.right(expected), text);
    }
    assert.deepEqual(
      parseDatabagJson('{":": 1, "\\n": 2, "a": "\\"b\\": c", "__proto__": {"\\t": 3}}'),
      E.right(Object.fromEntries([[':', 1], ['\n', 2], ['a', '"b": c'], ['__proto__', { '\t': 3 }]])),
    );
    for (const text of ['{":": 1, "\\n": }', '{"\\n": 1', '{"\\n": "', `{"\\n": ${'['.repeat(100_000)}}`]) {
      assert.deepEqual(parseDatabagJson(text), E.left(`a string of ${text.length} characters that is not JSON`));
    }
    const long = 'x'.repeat(2_000_000);
    assert.deepEqual(parseDatabagJson(`{"\\n": "${long}", "${long}": 1}`), E.right({ '\n': long, [long]: 1 }));
  });

  it('parseDatabagJson() says no to what is not JSON, without a word of it', () => {
    for (const raw of ['', 'oops', '{"a": NaN}', '{"a"', "{'a': 1}", '\ufeff{}']) {
      assert.deepEqual(parseDatabagJson(raw), E.left(`a string of ${raw.length} characters that is not JSON`), raw);
    }
  });

  it('parseDatabagJson() survives a million brackets', () => {
    assert.ok(E.isLeft(parseDatabagJson('['.repeat(1_000_000))));
  });
});
