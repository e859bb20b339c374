/**
 * Foreign databag values, read entry by entry; and lists whose elements keep their text.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { readFields, readList } from '../../../core/databag/entries.ts';
import { elementTexts, encodeInOrder, listOfTexts } from '../../../core/databag/in-order.ts';
import { HOSTILE } from '../../hostile.ts';

const number = (entry: unknown): E.Either<string, number> =>
  typeof entry === 'number' ? E.right(entry) : E.left(`expected a number, got a ${typeof entry}`);

describe('readList() and readFields()', () => {
  it('read what can be read, and tell the rest by its place', () => {
    assert.deepEqual(readList('[1, "x", 3, null]', 'a list', number), {
      entries: [{ at: 0, value: 1 }, { at: 2, value: 3 }],
      faults: [
        { at: 1, message: 'expected a number, got a string' },
        { at: 3, message: 'expected a number, got a object' },
      ],
    });
    assert.deepEqual(readFields('{"__proto__": 1, "b": "x"}', 'an object', number), {
      entries: [{ at: '__proto__', value: 1 }],
      faults: [{ at: 'b', message: 'expected a number, got a string' }],
    });
  });

  it('tell of a value that is none, without its content, and take no value for none', () => {
    assert.deepEqual(readList(null, 'a list', number), { entries: [], faults: [] });
    for (const raw of ['{}', 'null', '7', '"x"', 'SECRET']) {
      const { entries, faults } = readList(raw, 'a JSON list', number);
      assert.deepEqual([entries, faults.map(({ at }) => at)], [[], [null]]);
      assert.doesNotMatch(faults[0]?.message ?? '', /SECRET/);
    }
    for (const raw of HOSTILE) assert.ok(readFields(raw, 'an object', number).faults.length < 2);
  });
});

describe('elementTexts()', () => {
  it('gives the elements of any list as they stand', () => {
    const space = fc.constantFrom('', ' ', '\n', '\t ');
    fc.assert(fc.property(fc.array(fc.tuple(space, fc.jsonValue(), space)), (elements) => {
      const texts = elements.map(([, value]) => JSON.stringify(value));
      const raw = `[${elements.map(([before, , after], i) => `${before}${texts[i]}${after}`).join(',')}]`;
      assert.deepEqual(elementTexts(raw), texts);
    }));
  });

  it('and back again, an empty list being no value at all', () => {
    assert.equal(listOfTexts(['1.0', '{"a":1}']), '[1.0, {"a":1}]');
    assert.equal(listOfTexts([]), '');
    assert.deepEqual(elementTexts('[]'), []);
  });
});

describe('encodeInOrder()', () => {
  it('writes fields in their order, as json.dumps does, and leaves undefined ones out', () => {
    const value = {
      fields: [['b', 'é\u007f\n/'], ['a', null], ['c', undefined], ['n', 102], ['l', ['x']], ['o', { fields: [] }]],
    } as const;
    assert.equal(encodeInOrder(value), '{"b": "\\u00e9\\u007f\\n/", "a": null, "n": 102, "l": ["x"], "o": {}}');
  });
});
