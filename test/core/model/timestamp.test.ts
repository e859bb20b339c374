/**
 * Timestamps: what is accepted is a moment, to this runtime as to all others.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Timestamp } from '../../../core/model/snapshot.ts';

const accepts = (text: string): boolean => Timestamp.decode(text)._tag === 'Right';

/** A date as RFC 3339 writes it, whether or not the calendar has it. */
const written = fc.tuple(
  fc.integer({ min: 0, max: 9999 }),
  fc.integer({ min: 0, max: 13 }),
  fc.integer({ min: 0, max: 32 }),
)
  .map(([year, month, day]) =>
    [String(year).padStart(4, '0'), ...[month, day].map((n) => String(n).padStart(2, '0'))].join('-')
  );

describe('Timestamp', () => {
  it('accepts the days that the calendar has, and no others', () => {
    const isDay = (date: string): boolean => {
      const moment = new Date(`${date}T00:00:00Z`);
      return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(date);
    };
    fc.assert(fc.property(written, (date) => assert.equal(accepts(`${date}T00:00:00Z`), isDay(date), date)));
    const years = [0, 4, 100, 400, 1900, 1999, 2000, 2024, 2026, 2100, 9996].map((year) =>
      String(year).padStart(4, '0')
    );
    for (const year of years) {
      for (const day of ['02-28', '02-29', '02-30', '04-30', '04-31', '12-31']) {
        assert.equal(accepts(`${year}-${day}T00:00:00Z`), isDay(`${year}-${day}`), `${year}-${day}`);
      }
    }
  });

  it('is a moment to this runtime', () => {
    const pattern = Timestamp.schema.kind === 'text' ? Timestamp.schema.pattern ?? '' : '';
    fc.assert(fc.property(fc.stringMatching(new RegExp(pattern, 'u')), (text) => {
      assert.ok(accepts(text));
      assert.ok(!Number.isNaN(Date.parse(text)), text);
    }));
  });

  it('refuses what is no moment', () => {
    const none = [
      '',
      'soon',
      '2026-11-23',
      '2026-11-23T21:00:00',
      '2026-11-23T24:00:00Z',
      '2026-11-23T21:00:60Z',
      '2026-11-23T21:00:00+24:00',
      ' 2026-11-23T21:00:00Z',
      '2026-11-23T21:00:00Z\n',
    ];
    assert.deepEqual(none.filter(accepts), []);
  });
});
