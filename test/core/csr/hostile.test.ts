/**
 * Whatever the other side publishes, and whatever stands in the own bags: `decide` of the CSR sides comes to an outcome, writes its own keys
 * only, and tells nothing of what it read.
 *
 * `CSR_HOSTILE` is how many worlds are tried for each side.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeInput } from '../../../core/csr/mod.ts';
import { hostileDocument, SECRET } from './hostile-bags.ts';

const NUMBER = Number(globalThis.process?.env?.['CSR_HOSTILE'] ?? 1_500);

/** Where the worlds begin; others are tried by another number. */
const FIRST = Number(globalThis.process?.env?.['CSR_HOSTILE_FIRST'] ?? 1);

const OWN_KEYS = new Set(['certificate_signing_requests', 'certificates', 'request_errors', 'capabilities']);

const lookAt = (side: 'csr/requires' | 'csr/provides', number: number): 'good' | 'odd' => {
  const input = decodeInput(hostileDocument(side, number));
  if (input._tag === 'Left') assert.fail(input.left.message);
  const { writes, flags, memory, until, findings } = input.right.decided();
  assert.ok(!JSON.stringify([flags, memory, until, findings]).includes(SECRET), 'it tells what it read');
  for (const { set, delete: gone, bag } of writes) {
    assert.ok(bag === 'unit' || input.right.snapshot.isLeader);
    for (const key of [...Object.keys(set), ...gone]) assert.ok(OWN_KEYS.has(key), key);
    for (const value of Object.values(set)) assert.doesNotThrow(() => JSON.parse(value));
  }
  return findings.some(({ code }) => code.startsWith('malformed')) ? 'odd' : 'good';
};

describe('decide in a hostile world', () => {
  for (const side of ['csr/requires', 'csr/provides'] as const) {
    it(`comes to an outcome and tells nothing, as ${side}`, () => {
      const met = { good: 0, odd: 0 };
      for (let number = FIRST; number < FIRST + NUMBER; number++) {
        try {
          met[lookAt(side, number)]++;
        } catch (error) {
          throw new Error(`in the world of number ${number}: ${error instanceof Error ? error.message : ''}`, {
            cause: error,
          });
        }
      }
      assert.ok(met.good > NUMBER / 20 && met.odd > NUMBER / 20, JSON.stringify(met));
    });
  }
});
