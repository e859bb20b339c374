/**
 * A document of a megabyte whose answer would have gigabytes: command and server say so, and do not die of it.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { httpHandler } from '../../adapters/http/mod.ts';
import { command, inFolder } from '../command.ts';

/** A provider whose requirer has so many units, each with a name for the certificate that they share. */
const sharing = (units: number, localUnitData = {}): string =>
  JSON.stringify({
    side: 'reactive/provides',
    snapshot: {
      localUnit: 'ca/0',
      endpoint: 'certificates',
      relations: [{
        id: 'certificates:3',
        localUnitData,
        remoteUnits: Object.fromEntries(Array.from({ length: units }, (_, i) => [`web/${i}`, {
          unit_name: `web_${i}`,
          application_cert_requests: JSON.stringify({ [`app${i}.example`]: { sans: [`h${i}.example`] } }),
        }])),
      }],
    },
  });

describe('an answer that would be too long', () => {
  it(
    'ends decide with exit code 3 and a word, and nothing on standard output',
    { timeout: 300_000 },
    () =>
      inFolder(async (folder: (name: string) => string) => {
        const file = folder('provider.json');
        await writeFile(file, sharing(3_000));
        const { code, stdout, stderr } = await command(['decide', file]);
        assert.deepEqual([code, stdout], [3, '']);
        assert.match(stderr, /the outcome would have more than 268435456 characters: nothing was printed/);
        // What people read of it is short, and inspecting it is as well.
        const plan = await command(['plan', file]);
        assert.equal(plan.code, 0);
        assert.match(plan.stdout, /and 5980 more/);
        assert.ok(plan.stdout.length < 1_000_000);
      }),
  );

  it('is a problem over HTTP', { timeout: 300_000 }, async () => {
    const { fetch } = httpHandler();
    const post = async (path: string, body: string) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(new Request(`http://localhost${path}`, { method: 'POST', body, headers }));
      return [response.status, await response.json()] as const;
    };
    const [status, told] = await post('/decide', sharing(3_000));
    assert.deepEqual([status, told.type], [422, '/docs#answer-too-large']);
    assert.match(told.detail, /more than 67108864 characters/);
    assert.equal((await post('/decide', sharing(100)))[0], 200);
    assert.equal((await post('/inspect', sharing(100)))[0], 200);
  });
});
