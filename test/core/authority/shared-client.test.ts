/**
 * The client certificate that an authority publishes to everybody: what it is, that it stays, and when it does not.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { describe, it } from 'node:test';
import { AuthorityState, caOf, memoryKeeper, openPolicy, type Policy } from '../../../adapters/authority/mod.ts';
import { type CertType, memoryHost, orThrow, run } from '../../../mod.ts';
import { decodeWith } from '../../../core/model/input-error.ts';
import { describe as describeBundle, match, verify } from '../../../core/x509/mod.ts';
import { decodedProvides } from '../../world.ts';

const NOW = new Date('2026-11-25T12:00:00Z');
const later = (days: number): Date => new Date(NOW.getTime() + days * 86_400_000);
const random = (n: number): Uint8Array => crypto.getRandomValues(new Uint8Array(n));

/** Units of a CA over one keeper; each sees two requirers that ask for nothing. */
class Units {
  readonly keeper = memoryKeeper();
  readonly #hosts = new Map<string, ReturnType<typeof memoryHost>>();

  async hook(unit: string, days: number, policy: Policy = openPolicy, leads = true) {
    const ca = caOf({ keeper: this.keeper, authority: { commonName: 'Test CA' }, policy, random });
    const relations = [3, 4].map((n) => ({ id: `certificates:${n}`, localUnitData: {}, remoteUnits: { 'web/0': {} } }));
    const host = this.#hosts.get(unit) ?? memoryHost(
      decodedProvides({
        side: 'reactive/provides',
        snapshot: { localUnit: unit, endpoint: 'certificates', relations },
      }),
    );
    this.#hosts.set(unit, host);
    const outcome = await orThrow(run(host)(await orThrow(ca.charm(later(days), leads))));
    const bags = host.state().snapshot.relations.map(({ localUnitData }) => localUnitData);
    assert.deepEqual(bags[0], bags[1], 'every relation has the same');
    return { outcome, bag: bags[0] ?? {} };
  }
}

describe('the shared client certificate', () => {
  it('is a client certificate of the CA with its key, published to everybody', async () => {
    const { bag } = await new Units().hook('ca/0', 0);
    const [cert = '', key = ''] = [bag['client.cert'], bag['client.key']];
    const asked = { certType: 'client' as CertType, commonName: 'client', sans: [] };
    assert.equal((await match({ certificate: cert, key, asked })())._tag, 'Right');
    assert.equal(
      (await verify({ certificate: cert, ca: bag['ca'] ?? '', now: NOW, purpose: 'client' })())._tag,
      'Right',
    );
  });

  it('stays from hook to hook and from unit to unit, and is issued anew when its time comes', async () => {
    const units = new Units();
    const { bag } = await units.hook('ca/0', 0);
    assert.deepEqual((await units.hook('ca/0', 59)).outcome.writes, []);
    assert.equal((await units.hook('ca/1', 59, openPolicy, false)).bag['client.key'], bag['client.key']);
    const renewed = await units.hook('ca/0', 61);
    assert.notEqual(renewed.bag['client.cert'], bag['client.cert']);
    assert.equal((await units.hook('ca/1', 61, openPolicy, false)).bag['client.cert'], renewed.bag['client.cert']);
  });

  it('is taken away where the policy has none, and kept no longer', async () => {
    for (const policy of [{ ...openPolicy, sharedClient: false }, { ...openPolicy, certTypes: ['server'] as const }]) {
      const units = new Units();
      await units.hook('ca/0', 0);
      const { bag } = await units.hook('ca/0', 1, policy);
      assert.deepEqual([bag['client.cert'], bag['client.key']], [undefined, undefined]);
      assert.equal((await orThrow(units.keeper.load))?.sharedClient, null);
      assert.deepEqual((await units.hook('ca/0', 2, policy)).outcome.writes, []);
    }
  });

  it('comes with the upgrade of a CA that was kept without one, and leaves that CA as it is', async () => {
    const units = new Units();
    await units.hook('ca/0', 0);
    const { certificate, key } = await orThrow(units.keeper.load) ?? assert.fail('a CA is kept');
    const earlier = decodeWith(AuthorityState)({ certificate, key, retired: [] });
    assert.ok(earlier._tag === 'Right');
    await orThrow(units.keeper.save(earlier.right));
    const { bag } = await units.hook('ca/0', 1);
    assert.deepEqual(describeBundle(bag['ca'] ?? ''), describeBundle(certificate));
    assert.match(bag['client.key'] ?? '', /PRIVATE KEY/);
  });

  it('has its key hidden from printing, as the keys of the CAs are', async () => {
    const units = new Units();
    await units.hook('ca/0', 0);
    const ca = caOf({ keeper: units.keeper, authority: { commonName: 'Test CA' }, random });
    await orThrow(ca.replace(NOW));
    const state = await orThrow(units.keeper.load);
    assert.ok(state?.next !== null && state?.sharedClient !== null);
    assert.doesNotMatch(inspect(state, { depth: 5 }), /BEGIN PRIVATE KEY/);
  });
});
