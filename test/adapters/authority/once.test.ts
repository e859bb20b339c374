/**
 * How often a provider decides in a hook: once more where it answers, and once where nothing is due.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { caOf, memoryKeeper } from '../../../adapters/authority/mod.ts';
import { type Host, memoryHost, orThrow, run } from '../../../mod.ts';
import { type MemoryHost, snapshotAfter } from '../../../adapters/port.ts';
import { input, relation } from '../../world.ts';

const NOW = new Date('2026-05-01T00:00:00Z');

const REQUESTS = {
  unit_name: 'web_0',
  common_name: 'web.example',
  client_cert_requests: '{"a client": {"sans": []}}',
};

describe('a provider in a hook', () => {
  it('decides once where nothing is due, with and without requests', async () => {
    const ca = caOf({
      keeper: memoryKeeper(),
      authority: { commonName: 'Test CA' },
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    });
    /** How often one hook decides, and how many databags it writes. */
    const hook = async (host: Host): Promise<readonly [decisions: number, writes: number]> => {
      const charm = await orThrow(ca.charm(NOW));
      let decisions = 0;
      const decide: typeof charm.side.decide = (...args) => {
        decisions++;
        return charm.side.decide(...args);
      };
      const { writes } = await orThrow(run(host)({ ...charm, side: { ...charm.side, decide } }));
      return [decisions, writes.length];
    };
    const hostWith = (units: Readonly<Record<string, Readonly<Record<string, string>>>>): MemoryHost => {
      const { snapshot, memory } = input({ relations: [relation({ remoteUnits: units })] });
      return memoryHost({ snapshot: snapshotAfter(snapshot, []), memory });
    };
    const idle = hostWith({});
    assert.deepEqual([await hook(idle), await hook(idle)], [[1, 1], [1, 0]]);
    const asked = hostWith({ 'web/0': REQUESTS });
    assert.deepEqual([await hook(asked), await hook(asked)], [[2, 1], [1, 0]]);
  });
});
