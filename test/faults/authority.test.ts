/**
 * The measured faults of names that an authority certifies: each case as it was handed over.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { caOf, memoryKeeper, openPolicy } from '../../adapters/authority/mod.ts';
import { describe as read, type San } from '../../core/x509/mod.ts';
import { memoryHost, orThrow, run } from '../../mod.ts';
import { decodedProvides } from '../world.ts';
import { type AuthorityCase, FAULT_CASES, isAuthorityCase } from './cases.ts';

const CASES = FAULT_CASES.filter(isAuthorityCase);

const NOW = new Date('2026-11-28T06:00:00Z');
const random = (n: number): Uint8Array => crypto.getRandomValues(new Uint8Array(n));

/** What a unit is answered for its first request: the certificate's names; null where it is refused with a finding. */
const answered = async (requests: AuthorityCase['requests']): Promise<ReadonlyArray<San> | null> => {
  const authority = { commonName: 'Test CA' };
  const ca = caOf({ keeper: memoryKeeper(), authority, policy: openPolicy, random });
  const sans = Object.fromEntries(requests.map(({ commonName, sans }) => [commonName, { sans }]));
  const asked = { unit_name: 'web_0', cert_requests: JSON.stringify(sans) };
  const relations = [{ id: 'client:3', localUnitData: {}, remoteUnits: { 'web/0': asked } }];
  const host = memoryHost(decodedProvides({
    side: 'reactive/provides',
    snapshot: { localUnit: 'ca/0', endpoint: 'client', relations },
  }));
  const { findings } = await orThrow(run(host)(await orThrow(ca.charm(NOW, true))));
  const bag = host.state().snapshot.relations[0]?.localUnitData ?? {};
  const answers = JSON.parse(bag['web_0.processed_requests'] ?? '{}');
  const cert: string | undefined = answers[requests[0]?.commonName ?? '']?.cert;
  if (cert === undefined) assert.ok(findings.some(({ code }) => code === 'request-refused'), JSON.stringify(findings));
  return cert === undefined ? null : read(cert).certificates[0]?.sans ?? [];
};

const check = async ({ requests, expect }: AuthorityCase): Promise<void> => {
  const sans = await answered(requests);
  if (sans === null) return;
  const names = sans.map(({ type, value }) => `${type}:${value}`);
  for (const name of expect.sans ?? []) assert.ok(names.includes(name), `${name} in ${names}`);
  if (expect.noSanOfType !== undefined) assert.ok(sans.every(({ type }) => type !== expect.noSanOfType), `${names}`);
};

describe('faults of names that an authority certifies', () => {
  it('there are cases', () => assert.ok(CASES.length >= 2));

  for (const one of CASES) it(`authority: ${one.id}`, () => check(one));

  it('a request for a name that is none is refused, and the others are answered', async () => {
    for (const san of ['DNS:web.example', 'fe80::1%eth0', 'fd00::1/64', '10.0.0.0/8']) {
      assert.equal(await answered([{ commonName: 'web.example', sans: [san] }]), null, san);
    }
    const control = await answered([{ commonName: 'web.example', sans: ['web.example'] }]);
    assert.deepEqual(control, [{ type: 'dns', value: 'web.example' }]);
  });
});
