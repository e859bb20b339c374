/**
 * Digests tell lists of texts apart, and name-based UUIDs are what RFC 9562 says.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { digestOf, uuidOf } from '../../core/digest.ts';
import { anyText } from '../text.ts';

describe('digestOf()', () => {
  it('keeps lists apart of which the texts are the same when they are put together', () => {
    const lists = [
      ['ab', 'c'],
      ['a', 'bc'],
      ['abc'],
      ['abc', ''],
      ['', 'abc'],
      ['a', 'b', 'c'],
      ['a"b', 'c'],
      ['a', '"b', 'c'],
      ['a","bc'],
      ['a""bc'],
      ['"a"', '"bc"'],
      [],
      [''],
      ['', ''],
      ['\ud800'],
      ['\ufffd'],
      ['\ud800', '\udc00'],
      ['\u{10000}'],
    ];
    assert.equal(new Set(lists.map(digestOf)).size, lists.length);
  });

  it('is the same for the same texts, however long they are and wherever they are cut', () => {
    const text = anyText();
    fc.assert(fc.property(fc.array(text), fc.array(text), (a, b) => {
      assert.equal(digestOf(a) === digestOf(b), JSON.stringify(a) === JSON.stringify(b));
      assert.equal(digestOf(a), digestOf(a.values()));
    }));
    for (const size of [1, 65_533, 65_534, 65_535, 65_536, 200_000]) {
      const parts = ['x', 'ä'.repeat(size), 'y'.repeat(size), 'z'];
      const expected = createHash('sha256').update(parts.map((part) => JSON.stringify(part)).join('')).digest('hex');
      assert.equal(digestOf(parts), expected);
    }
  });

  it('uuidOf() is of version 5 and variant 1, and another for another name', () => {
    const uuids = ['a', 'b', 'A', ''].map(uuidOf);
    assert.equal(new Set(uuids).size, 4);
    for (const uuid of uuids) {
      assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });
});
