import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { byCodePoint } from '../../../adapters/port.ts';

/** The code points as Python sees them: a lone surrogate is one of its own. */
const codePoints = (s: string): ReadonlyArray<number> => [...s].map((c) => c.codePointAt(0) ?? 0);

/** The slow and obvious way. */
const compare = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): number => {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
};

/** Strings of the characters around which UTF-16 and code points disagree. */
const awkward = fc.string({
  unit: fc.constantFrom(
    'a',
    'z',
    '\ud7ff',
    '\ud83d',
    '\ud800',
    '\udc00',
    '\ude00',
    '\ue000',
    '\uffff',
    '\u{1f600}',
    '\u{10ffff}',
  ),
});

describe('byCodePoint', () => {
  it('byCodePoint() agrees with comparing code points one by one', () => {
    fc.assert(
      fc.property(awkward, awkward, (a, b) => {
        assert.equal(Math.sign(byCodePoint(a, b)), Math.sign(compare(codePoints(a), codePoints(b))));
      }),
      { numRuns: 5_000 },
    );
  });

  it('byCodePoint() puts certificates:10 before certificates:9', () => {
    assert.deepEqual(['certificates:9', 'certificates:10'].sort(byCodePoint), ['certificates:10', 'certificates:9']);
  });
});
