/**
 * The measured faults of long values: reading them takes time in proportion to their length. The cases tell seconds, which depend on the
 * machine; what was wrong with each was that it grew with the square, and that does not.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as E from 'fp-ts/lib/Either.js';
import { readObserved } from '../../adapters/reading/observed.ts';
import { examine } from '../../core/examine/mod.ts';
import { decide } from '../../mod.ts';
import type { Timestamp } from '../../adapters/port.ts';
import { assertLinear } from '../growth.ts';
import {
  type DecideCase,
  FAULT_CASES,
  faultFile,
  type Inflate,
  inflated,
  type InspectCase,
  isDecideCase,
  isInspectCase,
} from './cases.ts';

type LongCase = (InspectCase | DecideCase) & { readonly inflate: Inflate };

const isLong = (it: InspectCase | DecideCase): it is LongCase => it.inflate !== undefined;

const CASES = [...FAULT_CASES.filter(isInspectCase), ...FAULT_CASES.filter(isDecideCase)].filter(isLong);

const work = async ({ command }: LongCase, text: string): Promise<void> => {
  if (command === 'decide') {
    assert.ok(E.isRight(decide(JSON.parse(text))));
    return;
  }
  const bytes = new TextEncoder().encode(text);
  const read = readObserved([{ name: 'FILE', bytes }], '2026-11-28T06:00:00Z' as Timestamp, null);
  if (E.isRight(read)) await examine(read.right)();
};

describe('faults of long values', () => {
  it('there are cases', () => assert.ok(CASES.length >= 3));

  for (const one of CASES) {
    it(`${one.command}: ${one.id}`, { timeout: 600_000 }, async () => {
      const { inflate, files: [file = ''] } = one;
      const text = faultFile(file);
      const longest = inflated(text, inflate, inflate.times);
      await work(one, longest);
      await assertLinear(one.id, {
        make: (size) => inflated(text, inflate, Math.ceil(size / inflate.unit.length)),
        work: (long) => work(one, long),
        most: 4 * longest.length,
      });
    });
  }
});
