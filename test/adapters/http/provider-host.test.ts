/**
 * A fake provider as a host: a charm of either protocol runs on it as in a hook.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { client, providerHost, type SessionDocument } from '../../../adapters/http/mod.ts';
import { csrRequires, type CsrRequiresView } from '../../../core/csr/mod.ts';
import { keptKey, makeMissing } from '../../../core/keyring/mod.ts';
import { generateKey } from '../../../core/x509/mod.ts';
import { intentOf, orThrow, requestServerCert, requires, run } from '../../../mod.ts';
import { right } from '../../core/authority/csr-world.ts';
import { unhurried } from './requests.ts';

const DAY = 86_400;

const session = async (wanted: SessionDocument = {}) => {
  const { createProvider, provider } = client('http://localhost', { fetch: unhurried().fetch });
  return provider((await orThrow(createProvider(wanted))).id);
};

/** A charm that asks for one certificate with a key of its own, and its key. */
const csrCharm = async (owner: 'unit' | 'application' = 'unit') => {
  const key = await right(generateKey('P-256'));
  const certType = owner === 'unit' ? 'server' as const : 'application' as const;
  const requests = [{ certType, commonName: '', sans: ['web.example'], uniqueIdentifier: true }];
  const intent = { ...csrRequires.nothing, requests };
  const keyring = {
    keys: { unit: null, application: null, [owner]: key },
    random: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
  };
  const react = async ({ view }: { readonly view: CsrRequiresView }) => ({
    ...intent,
    made: (await right(makeMissing(view, keyring))).made,
  });
  return { charm: { side: csrRequires, intent, react }, keys: [await right(keptKey({ owner, name: owner }, key))] };
};

describe('providerHost()', () => {
  it('carries a charm of the reactive protocol from nothing to a certificate, and to a bad day', async () => {
    const fake = await session();
    const host = providerHost(fake, { unit: 'web/0' });
    const charm = { side: requires, intent: intentOf(requestServerCert('web.example')) };
    assert.deepEqual((await orThrow(run(host)(charm))).view.serverCerts, []);
    assert.equal((await orThrow(run(host)(charm))).view.serverCerts[0]?.commonName, 'web.example');
    await orThrow(fake.faults([{ fault: 'never' }]));
    assert.deepEqual((await orThrow(run(host)(charm))).view.serverCerts, []);
  });

  it('carries a charm of the CSR protocol from nothing to a certificate, through its renewal, and to a bad day', async () => {
    const fake = await session({ protocol: 'csr' });
    const { charm, keys } = await csrCharm();
    const host = providerHost(fake, { unit: 'web/0', keys });
    const hook = async () => (await orThrow(run(host)(charm))).view.requests[0];
    assert.deepEqual([(await hook())?.state, (await hook())?.state], ['asked', 'answered']);
    const first = await hook();
    await orThrow(fake.advance(85 * DAY));
    assert.equal((await hook())?.certificate, first?.certificate, 'the old one serves until the new one is there');
    const renewed = await hook();
    assert.equal(renewed?.state, 'answered');
    assert.notEqual(renewed.certificate, first?.certificate);
    await orThrow(fake.faults([{ fault: 'denied', code: 102 }]));
    const denied = await hook();
    assert.deepEqual([denied?.state, denied?.denied?.code], ['denied', 102]);
  });

  it('publishes for the application as its leader alone, whose certificate another unit finds by the key', async () => {
    const fake = await session({ protocol: 'csr' });
    const { charm, keys } = await csrCharm('application');
    const leader = providerHost(fake, { unit: 'web/0', keys, isLeader: true });
    const follower = providerHost(fake, { unit: 'web/1', keys });
    const states: Array<unknown> = [];
    for (const host of [leader, follower, leader]) {
      states.push((await orThrow(run(host)(charm))).view.requests[0]?.state);
    }
    assert.deepEqual(states, ['asked', 'answered', 'answered']);
  });

  it('runs one hook after the other, and keeps nothing that the provider has not heard', async () => {
    const fake = await session({ protocol: 'csr' });
    const { charm, keys } = await csrCharm();
    const host = providerHost(fake, { unit: 'web/0', keys });
    const outcomes = await Promise.all([1, 2, 3].map(() => orThrow(run(host)(charm))));
    assert.deepEqual(outcomes.map(({ writes }) => writes.length), [1, 0, 0]);
    await orThrow(fake.delete);
    const gone = await run(host)(charm)();
    assert.ok(gone._tag === 'Left' && gone.left._tag === 'HostError' && /session/.test(gone.left.message));
    const nobody = await run(providerHost(await session(), { unit: 'Nobody' }))(charm)();
    assert.ok(nobody._tag === 'Left' && /unit/.test(nobody.left.message));
  });
});
