/**
 * Kills of hooks that a scenario asks for: several of one unit at a time.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Kills } from '../../../adapters/rehearsal/kills.ts';

const call = (index: number, tool: string) => ({
  unit: 'web/0' as const,
  hook: 'config-changed',
  index,
  tool,
  args: [],
  stdin: '',
});

describe('Kills', () => {
  it('strikes() sees each kill of a unit, also behind one that waits for another call', () => {
    const kills = new Kills(() => 0);
    for (const at of ['state-set', 'relation-set', 4] as const) kills.arm({ unit: 'web/0', at });
    const struck = ['relation-get', 'relation-set', 'relation-set', 'juju-log', 'state-set', 'state-set']
      .map((tool, index) => kills.strikes(call(index, tool)));
    assert.deepEqual(struck, [false, true, false, true, true, false]);
    assert.deepEqual(kills.unstruck, []);
  });

  it('strikes() leaves other units alone, and says what never struck', () => {
    const kills = new Kills(() => 0);
    kills.arm({ unit: 'web/1', at: 'relation-set' });
    assert.equal(kills.strikes(call(0, 'relation-set')), false);
    assert.deepEqual(kills.unstruck, [{ unit: 'web/1', at: 'relation-set' }]);
  });
});
