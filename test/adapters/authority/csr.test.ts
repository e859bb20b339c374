/**
 * One CA for both protocols, and what an operator does with it.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  allowIn,
  caOf,
  type Denial,
  denyIn,
  importInto,
  issuedCertificates,
  memoryKeeper,
  outstandingRequests,
  requestFrom,
} from '../../../adapters/authority/mod.ts';
import { createAuthority } from '../../../core/authority/mod.ts';
import { generateKey, issueFor, makeRequest, openIssuer, readRequest } from '../../../core/x509/mod.ts';
import { memoryHost, orThrow, provides, run } from '../../../mod.ts';
import { right } from '../../core/authority/csr-world.ts';
import { asking, providesInput, relation } from '../../core/csr/world.ts';
import { decodedProvides } from '../../world.ts';

const NOW = new Date('2026-11-25T12:00:00Z');
const random = (n: number): Uint8Array => crypto.getRandomValues(new Uint8Array(n));

const keyed = async (commonName: string): Promise<string> => {
  const key = await right(generateKey());
  return right(makeRequest({ commonName, sans: [], key }));
};

/** A host with one CSR on a relation. */
const hostWith = async (isLeader = true) => {
  const csr = await keyed('web.example');
  const input = providesInput({
    isLeader,
    now: NOW.toISOString(),
    relations: [relation({ remoteApplication: 'web', remoteUnits: { 'web/0': asking(csr) } })],
  });
  return memoryHost({ snapshot: input.snapshot, memory: { flags: [], digests: {} } });
};

const newCa = () => {
  const keeper = memoryKeeper();
  return { keeper, ca: caOf({ keeper, authority: { commonName: 'Test CA' }, random }) };
};

const complaint = async (work: () => Promise<{ _tag: 'Left'; left: unknown } | { _tag: 'Right' }>): Promise<string> => {
  const result = await work();
  return result._tag === 'Right' ? 'done' : JSON.stringify(result.left);
};

describe('a CA on the CSR side', () => {
  it('answers as the leader, once, and says when its next step is due', async () => {
    const { ca } = newCa();
    const host = await hostWith();
    const charm = await orThrow(ca.csrCharm(NOW, true));
    const first = await orThrow(run(host)(charm));
    assert.deepEqual(first.view.requests.map(({ state }) => state), ['answered']);
    assert.equal(first.until, '2027-02-23T12:00:00Z');
    assert.equal(charm.nextStep?.slice(0, 4), '2035');
    const second = await orThrow(run(host)(await orThrow(ca.csrCharm(NOW, true))));
    assert.deepEqual([second.writes, second.findings], [[], []]);
  });

  it('neither makes a CA nor publishes anything on a unit that does not lead', async () => {
    const { ca, keeper } = newCa();
    const outcome = await orThrow(run(await hostWith(false))(await orThrow(ca.csrCharm(NOW, false))));
    assert.deepEqual([outcome.writes, outcome.findings], [[], []]);
    assert.equal(await orThrow(keeper.load), null);
  });

  it('is the same for both protocols', async () => {
    const { ca } = newCa();
    const csr = await orThrow(run(await hostWith())(await orThrow(ca.csrCharm(NOW, true))));
    const { snapshot } = decodedProvides({
      side: 'reactive/provides',
      snapshot: {
        localUnit: 'ca/0',
        endpoint: 'clients',
        relations: [{ id: 'clients:4', localUnitData: {}, remoteUnits: { 'web/0': { common_name: 'web.example' } } }],
      },
    });
    const host = memoryHost({ snapshot, memory: { flags: [], digests: {} } });
    const reactive = await orThrow(run(host)(await orThrow(ca.charm(NOW))));
    assert.equal(reactive.view.publishedCerts.length, 1);
    const published = host.state().snapshot.relations[0]?.localUnitData['ca'];
    assert.equal(published?.trim(), csr.view.requests[0]?.ca);
    assert.equal(provides.name, 'reactive/provides');
  });

  it('denies by a fingerprint that people copy, and allows again', async () => {
    const { ca, keeper } = newCa();
    const host = await hostWith();
    const hook = async () => (await orThrow(run(host)(await orThrow(ca.csrCharm(NOW, true))))).view;
    const view = await hook();
    const [issued] = issuedCertificates(view);
    assert.deepEqual([issued?.unit, issued?.commonName, issued?.notAfter], [
      'web/0',
      'web.example',
      '2027-02-23T12:00:00Z',
    ]);
    const copied = (issued?.fingerprint ?? '').toUpperCase().match(/../g)?.join(':') ?? '';
    await orThrow(denyIn(keeper, { fingerprint: copied }, view));
    const [denied] = outstandingRequests(await hook());
    assert.equal(denied?.refusal?.code, 999);
    assert.deepEqual(issuedCertificates(await hook()), []);
    await orThrow(allowIn(keeper, { fingerprint: denied?.fingerprint ?? '' }));
    assert.equal(issuedCertificates(await hook()).length, 1);
    const cases: ReadonlyArray<readonly [Denial, RegExp]> = [
      [{}, /name what is meant/],
      [{ fingerprint: 'ab' }, /no request and no certificate has this fingerprint/],
    ];
    for (const [denial, expected] of cases) assert.match(await complaint(denyIn(keeper, denial, view)), expected);
    assert.match(await complaint(allowIn(keeper, { commonName: 'x' })), /nothing of the kind is denied/);
    assert.match(await complaint(denyIn(memoryKeeper(), { commonName: 'x' }, view)), /there is no CA yet/);
  });

  it('has its key signed by another CA, and keeps every certificate', async () => {
    const { ca, keeper } = newCa();
    const host = await hostWith();
    const hook = async () => (await orThrow(run(host)(await orThrow(ca.csrCharm(NOW, true))))).view.requests[0];
    const before = await hook();
    const csr = await orThrow(requestFrom(keeper));
    assert.equal((await right(readRequest(csr))).commonName, 'Test CA');
    const root = await right(createAuthority({ commonName: 'Company root' }, { now: NOW, random }));
    const wanted = { csr, kinds: ['intermediate'], usage: null, subtrees: null } as const;
    const terms = { notBefore: NOW, notAfter: new Date('2030-01-01'), random };
    const certificate = await right(issueFor(wanted, await right(openIssuer(root)), terms));
    await orThrow(importInto(keeper, { certificate, chain: root.certificate }, 30, { now: NOW, random }));
    const after = await hook();
    assert.equal(after?.certificate, before?.certificate);
    assert.equal(after?.chain.length, 3);
    const wrong = await complaint(
      importInto(keeper, { certificate: root.certificate, chain: '' }, 30, { now: NOW, random }),
    );
    assert.match(wrong, /the key is not that of the certificate/);
    assert.ok(!wrong.includes('PRIVATE'));
  });
});
