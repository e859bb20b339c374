/**
 * The command on documents of the CSR sides.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { decide } from '../../../core/csr/mod.ts';
import { command, inFolder } from '../../command.ts';

const snapshotOf = (localUnit: string, more: object) => ({
  localUnit,
  endpoint: 'certificates',
  isLeader: true,
  relations: [{ id: 'certificates:1', localUnitData: {}, localApplicationData: {}, ...more }],
});

/** A document of each side, and what its plan says. */
const documents = async (): Promise<ReadonlyArray<readonly [document: object, says: RegExp]>> => {
  const recording = new URL('../../vectors/csr/requires-ecdsa-first-request.json', import.meta.url);
  const { steps } = JSON.parse(await readFile(recording, 'utf8'));
  const asked = steps.at(-1).result.localUnitData['certificates:1'];
  const [{ certificate_signing_request: csr }] = JSON.parse(asked.certificate_signing_requests);
  return [
    [
      {
        side: 'csr/requires',
        snapshot: snapshotOf('web/0', { remoteUnits: { 'ca/0': {} } }),
        intent: { requests: [{ certType: 'server', commonName: 'web.example', sans: ['web.example'] }], made: [csr] },
      },
      /server {2}web\.example {2}asked[^]*the unit's databag\n.*\+ {2}certificate_signing_requests/,
    ],
    [
      {
        side: 'csr/provides',
        snapshot: snapshotOf('ca/0', { remoteApplication: 'web', remoteUnits: { 'web/0': asked } }),
        intent: {
          refusals: [{ relationId: 'certificates:1', csr, code: 102, name: 'domain_not_allowed', message: 'no' }],
          capabilities: { supportsIpSans: true },
        },
      },
      /web\/0 .*web\.example {2}refused[^]*the application's databag\n.*\+ {2}capabilities[^]*\+ {2}request_errors/,
    ],
  ];
};

describe('tls-certificates on the CSR sides', () => {
  it('plans, decides and applies, and has nothing to change the second time', () =>
    inFolder(async (path) => {
      for (const [i, [document, says]] of (await documents()).entries()) {
        const file = path(`${i}.json`);
        await writeFile(file, JSON.stringify(document));
        const plan = await command(['plan', file]);
        assert.deepEqual([plan.code, plan.stderr], [0, '']);
        assert.match(plan.stdout, says);
        const decided = await command(['decide', file]);
        const expected = decide(document);
        assert.ok(expected._tag === 'Right');
        assert.deepEqual(JSON.parse(decided.stdout), JSON.parse(JSON.stringify(expected.right)));
        assert.equal((await command(['apply', file])).stdout, plan.stdout);
        const again = await command(['apply', file]);
        assert.equal(again.code, 0);
        assert.match(again.stdout, /Nothing to change/);
      }
    }));
});
