/**
 * A bridge whose hooks are processes with real tools, which are killed whenever they are about to write something, and when they have.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { RUNTIME } from '../command.ts';
import { PATIENCE } from '../patience.ts';
import { askByName, askedAbove, assertNoKeyLeaks, BRIDGE, charmOf, CSR_CA, keptKeys, thePairOf } from './bridged.ts';
import { charmFolder } from './charm-folder.ts';
import { type SeenCall, withJuju } from './juju.ts';

const WRITES: ReadonlySet<string> = new Set(['relation-set', 'secret-add', 'secret-remove', 'state-set']);

describe(`a bridge as a charm on ${RUNTIME}`, () => {
  it(
    'asks above and answers below once, however often its hooks are killed',
    { timeout: PATIENCE },
    () =>
      withJuju({}, async (juju) => {
        const charm = await charmFolder(join(juju.folder, 'bridge'), JSON.stringify(BRIDGE));
        juju.deploy('ca', charmOf(CSR_CA), { config: { generation: 1 } });
        juju.deploy('bridge', charm);
        juju.deploy('web', null, { units: 2 });
        const below = juju.relate('bridge:clients', 'web:certificates');
        const above = juju.relate('ca:client', 'bridge:certificates');
        await juju.settle();
        const done = new Set<string>();
        juju.interfere = ({ unit, hook, tool, args }: SeenCall) => {
          // Each write is killed before it, and then after it.
          const write = `${hook} ${tool} ${args.includes('--app')}`;
          if (unit !== 'bridge/0' || !WRITES.has(tool)) return undefined;
          for (const when of ['kill before', 'kill after'] as const) {
            if (done.has(`${when} ${write}`)) continue;
            done.add(`${when} ${write}`);
            return when;
          }
          return undefined;
        };
        askByName(juju, below, 'web/0', { 'web.example': ['web.example'] });
        askByName(juju, below, 'web/1', { 'web.example': ['web.example'] });
        await juju.settle({ retries: 40 });
        juju.removeUnit('web/1');
        await juju.settle({ retries: 40 });
        assert.ok(done.size >= 12, [...done].join());
        juju.interfere = undefined;
        thePairOf(juju, below, 'web/0', 'web.example');
        assert.deepEqual([askedAbove(juju, above).length, keptKeys(juju).size], [1, 1]);
        assert.equal(JSON.parse(juju.publishedBy(above, 'ca')['certificates'] ?? '[]').length, 1);
        assertNoKeyLeaks(juju, above);
        assert.ok(!existsSync(join(juju.unit('bridge/0').folder, '.tls-certificates-secret')));
      }),
  );
});
