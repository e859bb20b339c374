/**
 * JSON that is too long is not written, and that is found out without writing it.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { lengthOfJson, written } from '../../adapters/written.ts';
import { assertLinear } from '../growth.ts';
import { anyText } from '../text.ts';

/** A list that a thousand objects share, each of which stands there twice. */
const shared = (size: number): unknown => {
  const sans = Array.from({ length: size / 20 }, (_, i) => `name-${i}.example`);
  const all = Array.from({ length: size / 20 }, (_, i) => ({ unit: `web/${i}`, sans }));
  return { view: { all, more: all } };
};

describe('written()', () => {
  it('knows the length of any JSON beforehand', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 1, 2, 4), (value, indent) => {
        assert.equal(lengthOfJson(value, indent), JSON.stringify(value, null, indent).length);
      }),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.array(anyText()), (value) => {
      assert.equal(lengthOfJson(value, 2), JSON.stringify(value, null, 2).length);
    }));
    const left = { a: undefined, b: [undefined, { c: undefined }], '\n': { d: {} } };
    for (const indent of [0, 2]) assert.equal(lengthOfJson(left, indent), JSON.stringify(left, null, indent).length);
    const list = [['x'], ['\ud800', '\u007f\u0080\u2028']];
    const twice = { a: list, b: { c: list, d: [list, list] } };
    for (const indent of [0, 2]) assert.equal(lengthOfJson(twice, indent), JSON.stringify(twice, null, indent).length);
  });

  it('writes up to the limit and not a character more', () => {
    const value = { a: ['ä\n', 1, null, true] };
    const text = JSON.stringify(value, null, 2);
    assert.deepEqual(written(value, text.length, 2), { _tag: 'Right', right: text });
    assert.deepEqual(written(value, text.length - 1, 2), {
      _tag: 'Left',
      left: { _tag: 'TooLong', limit: text.length - 1 },
    });
  });

  it('finds out about gigabytes in the time of what is in memory', { timeout: 600_000 }, async () => {
    assert.ok(lengthOfJson(shared(1_000_000), 2) > 1e11);
    assert.equal(written(shared(1_000_000), 1e9)._tag, 'Left');
    await assertLinear('a shared list', { make: shared, work: (value) => lengthOfJson(value, 2) });
  });
});
