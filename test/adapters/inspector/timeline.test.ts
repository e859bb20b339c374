/**
 * The common time line and its words.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { marksOf, placeOf, type Scale, scaleOf, within } from '../../../adapters/inspector/timeline.ts';
import { DAY, foreign, termOf } from '../../../adapters/inspector/words.ts';
import type { Description } from '../../../core/x509/mod.ts';

const NOW = Date.parse('2026-11-25T00:00:00Z');

const certificate = (from: number, to: number): Description =>
  // Of a description, nothing else is looked at here.
  ({ notBefore: new Date(from).toISOString(), notAfter: new Date(to).toISOString() }) as Description;

const scale: fc.Arbitrary<Scale> = fc.tuple(
  fc.integer({ min: Date.UTC(1970), max: Date.UTC(2040) }),
  fc.integer({ min: DAY, max: 200 * 366 * DAY }),
).map(([first, length]) => ({ first, last: first + length }));

describe('the time line', () => {
  it('scaleOf() has room for the present and for every certificate', () => {
    const moment = fc.integer({ min: Date.UTC(1950), max: Date.UTC(2100) });
    fc.assert(fc.property(fc.array(fc.tuple(moment, moment)), moment, (terms, now) => {
      const certificates = terms.map(([a, b]) => certificate(Math.min(a, b), Math.max(a, b)));
      const shown = scaleOf(certificates, now);
      for (const place of [now, ...terms.flat()].map((one) => placeOf(shown, one))) {
        assert.ok(place > 0 && place < 1);
      }
    }));
  });

  it('marksOf() has some marks, in order, within the scale, and not too many', () => {
    fc.assert(fc.property(scale, (shown) => {
      const marks = marksOf(shown);
      assert.ok(marks.length >= 1 && marks.length <= 12, String(marks.length));
      assert.deepEqual(marks, marks.toSorted((a, b) => a.moment - b.moment));
      assert.ok(marks.every(({ moment }) => moment >= shown.first && moment <= shown.last));
    }));
  });

  it('within() goes no further than the ends', () => {
    assert.deepEqual([
      within({ first: 0, last: 10 }, -5),
      within({ first: 0, last: 10 }, 5),
      within({ first: 0, last: 10 }, 50),
    ], [0, 0.5, 1]);
  });

  it('termOf() says how long it is, in the unit in which one would', () => {
    const words = (from: number, to: number): string =>
      termOf(certificate(NOW + from * DAY, NOW + to * DAY), NOW).words;
    assert.equal(words(-1, 0.5), '12 hours left');
    assert.equal(words(-1, 1), '1 day left');
    assert.equal(words(-1, 45), '45 days left');
    assert.equal(words(-1, 366), '12 months left');
    assert.equal(words(-1, 3_653), '10 years left');
    assert.equal(words(-400, -2), 'expired 2 days ago');
    assert.equal(words(3, 30), 'valid in 3 days');
    assert.match(termOf(certificate(NOW, NOW + DAY), null).words, /^until 26 Nov 2026$/);
  });

  it('foreign() shows no key, no line break, and nothing that turns what stands beside it', () => {
    assert.equal(foreign('-----BEGIN PRIVATE KEY-----'), '<private key>');
    assert.equal(foreign('a\nb\u202ec'), 'a\\u000ab\\u202ec');
  });
});
