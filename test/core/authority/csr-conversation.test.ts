/**
 * A requirer of the CSR protocol and an authority as provider, hook by hook until both rest.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  allow,
  announceReplacement,
  caRequest,
  completeReplacement,
  deny,
  importCa,
  openAuthority,
  openPolicy,
  revokeAll,
  rotateAuthority,
} from '../../../core/authority/mod.ts';
import type { RequestView } from '../../../core/csr/mod.ts';
import { textsOnce } from '../../../core/csr/texts.ts';
import { describe as describeBundle, issueFor, judge, openIssuer } from '../../../core/x509/mod.ts';
import { at, later, NOW, Pair, right } from './csr-world.ts';

const SERVER = {
  certType: 'server',
  commonName: 'web.example',
  sans: ['web.example', '10.0.0.7', 'fd00::7', '1.3.6.1.4.1.99'],
};
const EVERY_KIND = [
  SERVER,
  { certType: 'client', commonName: 'system:web', subject: { organization: 'Example', country: 'SE' } },
  { certType: 'application', commonName: 'app.example', sans: ['app.example'] },
  { certType: 'intermediate', commonName: 'Web CA' },
];

/** The verdict on what was delivered for a request. */
const verdictOn = async ({ request, certificate, chain, ca }: RequestView, key: string, now = NOW) => {
  assert.ok(certificate !== null && ca !== null, `${request.certType} is not there`);
  const { certType, commonName, sans } = request;
  const root = chain.at(-1) ?? ca;
  const names = { commonName, sans: sans.filter((san) => !/^\d+(\.\d+){4,}$/.test(san)) };
  const input = { certificate, certType, names, key, chain: chain.slice(1).join('\n') || null, ca: root, now };
  const { verdict, isVerified, faults } = await judge(input)();
  return { verdict, isVerified, codes: faults.map(({ code }) => code) };
};

const GOOD = { verdict: 'good', isVerified: true, codes: [] };

const only = (views: ReadonlyArray<RequestView>): RequestView => views[0] ?? assert.fail('there is no request');

describe('a requirer and an authority, by CSR', () => {
  it('come to rest with a good certificate of every kind', async () => {
    const pair = (await Pair.make()).asks(EVERY_KIND);
    const { requirer, provider } = await pair.rest();
    assert.deepEqual(requirer.view.requests.map(({ state }) => state), [
      'answered',
      'answered',
      'answered',
      'answered',
    ]);
    for (const view of requirer.view.requests) {
      const key = view.bag === 'application' ? pair.appKey : pair.unitKey;
      assert.deepEqual(await verdictOn(view, key), GOOD, view.request.certType);
    }
    assert.deepEqual([requirer.findings, provider.findings], [[], []]);
    const { certificates: [server, client, , ca] } = describeBundle(
      requirer.view.requests.map(({ certificate }) => certificate).join('\n'),
    );
    assert.match(server?.subject.text ?? '', /^CN=web\.example, 2\.5\.4\.45=[0-9a-f-]{36}$/);
    assert.deepEqual(server?.sans.map(({ type, value }) => `${type} ${value}`), [
      'dns web.example',
      'ip 10.0.0.7',
      'ip fd00::7',
      'registeredId 1.3.6.1.4.1.99',
    ]);
    assert.match(client?.subject.text ?? '', /^CN=system:web, 2\.5\.4\.45=[^,]+, O=Example, C=SE$/);
    assert.deepEqual(client?.extendedKeyUsage, ['clientAuth']);
    assert.equal(ca?.basicConstraints?.ca, true);
    assert.deepEqual(requirer.view.capabilities, {
      supportsIpSans: true,
      supportsWildcardDns: true,
      supportsSubdomain: true,
      supportsCaCertificates: true,
      allowedDomains: null,
      providerType: 'private-ca',
    });
  });

  it('issues nothing anew for another leader, a lost memory or an upgrade', async () => {
    const pair = (await Pair.make()).asks(EVERY_KIND);
    await pair.rest();
    const before = pair.providerData;
    for (const forget of [false, true]) {
      if (forget) {
        pair.requirerMemory = { flags: [], digests: {} };
        pair.providerMemory = { flags: [], digests: {} };
      }
      // As it was kept by the former leader, read anew.
      pair.state = JSON.parse(JSON.stringify(pair.state));
      pair.now = later(80);
      await pair.providerHook();
      assert.deepEqual(pair.providerData, before, 'neither by renewAfter of the policy');
    }
  });

  it('keeps what another program issued under the same CA, with the chain as it published it', async () => {
    const pair = (await Pair.make()).asks([SERVER]);
    await pair.rest();
    const [entry] = JSON.parse(pair.providerData['certificates'] ?? '[]');
    for (const chain of [[entry.certificate], [entry.certificate, entry.ca]]) {
      const text = JSON.stringify([{ ...entry, chain, other: 1 }]);
      pair.providerData = { ...pair.providerData, certificates: text };
      await pair.providerHook();
      assert.equal(pair.providerData['certificates'], text);
    }
    const reversed = JSON.stringify([{ ...entry, chain: [entry.ca, entry.certificate] }]);
    pair.providerData = { ...pair.providerData, certificates: reversed };
    await pair.providerHook();
    const [mended] = JSON.parse(pair.providerData['certificates'] ?? '[]');
    assert.deepEqual([mended.certificate, mended.chain[0]], [entry.certificate, entry.certificate]);
  });

  it('follows a change of SANs, and a withdrawal', async () => {
    const pair = (await Pair.make()).asks([SERVER]);
    const first = only((await pair.rest()).requirer.view.requests);
    pair.asks([{ ...SERVER, sans: ['web.example', 'more.example'] }]);
    const second = only((await pair.rest()).requirer.view.requests);
    assert.notEqual(second.certificate, first.certificate);
    const { certificates: [changed] } = describeBundle(second.certificate ?? '');
    assert.deepEqual(changed?.sans.map(({ value }) => value), ['more.example', 'web.example']);
    pair.asks([]);
    await pair.rest();
    assert.deepEqual(pair.providerData['certificates'], undefined);
  });

  it('renews by a new CSR, while the old certificate serves', async () => {
    const pair = (await Pair.make()).asks([SERVER]);
    const first = only((await pair.rest()).requirer.view.requests);
    pair.now = later(82);
    const asked = only((await pair.requirerHook()).view.requests);
    assert.deepEqual([asked.state, asked.certificate], ['renewing', first.certificate]);
    const second = only((await pair.rest()).requirer.view.requests);
    assert.equal(second.state, 'answered');
    assert.notEqual(second.certificate, first.certificate);
    assert.deepEqual(await verdictOn(second, pair.unitKey, later(82)), GOOD);
    assert.equal(JSON.parse(pair.providerData['certificates'] ?? '').length, 1);
  });

  it('renews at the quota too, and refuses what is beyond it', async () => {
    const pair = await Pair.make();
    pair.policy = { ...openPolicy, quota: { requestsPerUnit: 1, namesPerRequest: 10 } };
    pair.asks([SERVER]);
    await pair.rest();
    pair.now = later(82);
    assert.equal(only((await pair.rest()).requirer.view.requests).state, 'answered');
    pair.asks([SERVER, { certType: 'server', commonName: 'more.example' }]);
    const [kept, more] = (await pair.rest()).requirer.view.requests;
    assert.deepEqual([kept?.state, more?.state, more?.denied?.code], ['answered', 'denied', 999]);
    assert.match(more?.denied?.message ?? '', /^2 certificates are asked for here, and 1 may be had$/);
  });

  it('issues anew for a CSR whose certificate has ended, as one that cannot be renewed', async () => {
    const pair = (await Pair.make()).asks([{ ...SERVER, uniqueIdentifier: false }]);
    await pair.rest();
    const before = pair.providerData['certificates'];
    pair.now = later(91);
    await pair.providerHook();
    assert.notEqual(pair.providerData['certificates'], before);
  });

  it('goes on with what stands while a CA is replaced, and leads to the CA that is trusted in every phase', async () => {
    const pair = (await Pair.make()).asks([SERVER]);
    const old = only((await pair.rest()).requirer.view.requests);
    const oldCa = pair.state.certificate;
    const wanted = { commonName: 'Test CA' };
    pair.state = await right(announceReplacement(pair.state, wanted, at(NOW)));
    const announced = only((await pair.rest()).requirer.view.requests);
    assert.deepEqual([announced.certificate, announced.chain], [old.certificate, old.chain]);

    pair.now = later(1);
    pair.state = await right(completeReplacement(pair.state, 30, at(pair.now)));
    const overlap = only((await pair.rest()).requirer.view.requests);
    assert.notEqual(overlap.certificate, old.certificate);
    assert.equal(overlap.ca?.trim(), pair.state.certificate.trim());
    assert.equal(overlap.chain.length, 3);
    assert.equal(overlap.chain.at(-1)?.trim(), oldCa.trim());
    assert.deepEqual(await verdictOn(overlap, pair.unitKey, pair.now), GOOD);
    const root = textsOnce().certificate(pair.state.certificate)?.pem ?? assert.fail('the CA cannot be read');
    const byNew = { ...overlap, chain: [...overlap.chain.slice(0, 2), root] };
    assert.deepEqual(await verdictOn(byNew, pair.unitKey, pair.now), GOOD);

    // The former CA is gone, and its cross-certificate stays for who was late.
    pair.now = later(35);
    const late = only((await pair.rest()).requirer.view.requests);
    assert.equal(late.certificate, overlap.certificate);
    assert.deepEqual(late.chain, overlap.chain.slice(0, 2));
    pair.now = later(65);
    const steady = only((await pair.rest()).requirer.view.requests);
    assert.equal(steady.certificate, overlap.certificate);
    assert.deepEqual(steady.chain.map((pem) => pem.trim()), [
      overlap.certificate?.trim(),
      pair.state.certificate.trim(),
    ]);
  });

  it('replaces at once what a CA issued that is trusted no more', async () => {
    const pair = (await Pair.make()).asks([SERVER]);
    const old = only((await pair.rest()).requirer.view.requests);
    pair.state = await right(rotateAuthority(pair.state, { commonName: 'Test CA' }, 1e-9, at(NOW)));
    pair.now = later(1);
    const view = only((await pair.rest()).requirer.view.requests);
    assert.notEqual(view.certificate, old.certificate);
    assert.deepEqual(await verdictOn(view, pair.unitKey, pair.now), GOOD);
  });

  it('lets serve what a former CA issued while its successor is not allowed to issue it', async () => {
    const pair = (await Pair.make()).asks([SERVER]);
    const old = only((await pair.rest()).requirer.view.requests);
    pair.state = await right(rotateAuthority(pair.state, { commonName: 'Test CA' }, 30, at(NOW)));
    pair.policy = { ...openPolicy, allowedNames: ['.other'] };
    assert.equal(only((await pair.rest()).requirer.view.requests).certificate, old.certificate);
    pair.now = later(35);
    const view = only((await pair.rest()).requirer.view.requests);
    assert.deepEqual([view.certificate, view.state], [null, 'denied']);
  });

  it('denies until it is allowed again, and takes the certificate away', async () => {
    const pair = (await Pair.make()).asks([SERVER]);
    await pair.rest();
    const denial = { commonName: 'WEB.example' };
    const denied = deny(pair.state, denial);
    assert.ok(denied._tag === 'Right');
    pair.state = denied.right;
    const view = only((await pair.rest()).requirer.view.requests);
    assert.deepEqual([view.state, view.denied?.code, view.denied?.name], ['denied', 999, 'other']);
    assert.match(view.denied?.message ?? '', /denied by the operator/);
    const allowed = allow(pair.state, denial);
    assert.ok(allowed._tag === 'Right');
    pair.state = allowed.right;
    assert.equal(only((await pair.rest()).requirer.view.requests).state, 'answered');
  });

  it('issues anew after all was revoked', async () => {
    const pair = (await Pair.make()).asks([SERVER]);
    const old = only((await pair.rest()).requirer.view.requests);
    pair.give({ revoked: revokeAll(pair.view()) });
    const asked = only((await pair.requirerHook()).view.requests);
    assert.deepEqual([asked.certificate, asked.state], [null, 'asked']);
    const view = only((await pair.rest()).requirer.view.requests);
    assert.equal(view.state, 'answered');
    assert.notEqual(view.certificate, old.certificate);
  });

  it('keeps every certificate when the same CA comes back signed by another', async () => {
    const pair = (await Pair.make()).asks([SERVER]);
    const old = only((await pair.rest()).requirer.view.requests);
    const root = await Pair.make({ commonName: 'Company root' });
    const csr = await right(caRequest(await right(openAuthority(pair.state))));
    const issuer = await right(openIssuer(root.state));
    const certificate = await right(issueFor({ csr, kinds: ['intermediate'], usage: null, subtrees: null }, issuer, {
      notBefore: NOW,
      notAfter: later(1000),
      random: at(NOW).random,
    }));
    pair.state = await right(importCa(pair.state, { certificate, chain: root.state.certificate }, 30, at(NOW)));
    const view = only((await pair.rest()).requirer.view.requests);
    assert.equal(view.certificate, old.certificate);
    assert.equal(view.ca?.trim(), certificate.trim());
    assert.deepEqual(
      view.chain.map((pem) => pem.trim()),
      [old.certificate, certificate, root.state.certificate].map((pem) => pem?.trim()),
    );
    assert.deepEqual(await verdictOn(view, pair.unitKey), GOOD);
  });
});
