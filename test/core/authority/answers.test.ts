/**
 * An authority as provider: what it answers, when it answers anew, what it refuses, and that what it issues is good.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  answerRequests,
  createAuthority,
  isDueForRotation,
  type OpenAuthority,
  openAuthority,
  openPolicy,
  type Policy,
  rotateAuthority,
} from '../../../core/authority/mod.ts';
import {
  describe as describeBundle,
  generateKey,
  issue,
  match,
  type PrivateKey,
  verify,
} from '../../../core/x509/mod.ts';
import {
  type Databag,
  emptyMemory,
  type Memory,
  nothingToPublish,
  type Outcome,
  provides,
  type ProvidesIntent,
  type ProvidesView,
  type Snapshot,
} from '../../../mod.ts';
import { snapshotAfter } from '../../../adapters/port.ts';
import { HOSTILE } from '../../hostile.ts';
import { runs } from '../../runs.ts';
import { decodedProvides } from '../../world.ts';

const NOW = new Date('2026-11-25T12:00:00Z');
const random = (n: number): Uint8Array => crypto.getRandomValues(new Uint8Array(n));
const at = (now: Date) => ({ now, random });
const later = (days: number): Date => new Date(NOW.getTime() + days * 86_400_000);

const right = async <A>(
  work: () => Promise<{ _tag: 'Left'; left: unknown } | { _tag: 'Right'; right: A }>,
): Promise<A> => {
  const result = await work();
  return result._tag === 'Right'
    ? result.right
    : assert.fail(`this was expected to work: ${JSON.stringify(result.left)}`);
};

const makeAuthority = async (commonName = 'Test CA'): Promise<OpenAuthority> =>
  right(openAuthority(await right(createAuthority({ commonName }, at(NOW)))));

/** A provider with its authority, hook by hook: what is published and remembered lives on. */
class Provider {
  authority: OpenAuthority;
  policy: Policy;
  memory: Memory = emptyMemory;
  local: Databag = {};

  constructor(authority: OpenAuthority, policy: Policy = openPolicy) {
    this.authority = authority;
    this.policy = policy;
  }

  snapshot(remoteUnits: Readonly<Record<string, Databag>>): Snapshot {
    return decodedProvides({
      side: 'reactive/provides',
      snapshot: {
        localUnit: 'ca/0',
        endpoint: 'certificates',
        relations: [{ id: 'certificates:3', localUnitData: this.local, remoteUnits }],
      },
    }).snapshot;
  }

  async hook(
    remoteUnits: Readonly<Record<string, Databag>>,
    now = NOW,
  ): Promise<{ readonly outcome: Outcome<ProvidesView>; readonly intent: ProvidesIntent }> {
    const snapshot = this.snapshot(remoteUnits);
    const { view } = provides.decide(snapshot, nothingToPublish, this.memory);
    const intent = await answerRequests({ authority: this.authority, policy: this.policy, moment: at(now) }, view)();
    const outcome = provides.decide(snapshot, intent, this.memory);
    this.memory = outcome.memory;
    this.local = snapshotAfter(snapshot, outcome.writes).relations[0]?.localUnitData ?? {};
    return { outcome, intent };
  }
}

const KINDS: Databag = {
  common_name: 'web.example',
  sans: '["web.example", "10.0.0.7", "fd00::7"]',
  cert_requests: '{"b.example": {"sans": []}}',
  client_cert_requests: '{"system:web": {"sans": ["web@example.com"]}}',
  application_cert_requests: '{"app.example": {"sans": ["10.0.0.9"]}}',
  intermediate_cert_requests: '{"Web CA": {"sans": []}}',
};

const reasons = ({ findings }: Outcome<ProvidesView>): ReadonlyArray<string> =>
  findings.filter(({ code }) => code === 'request-refused').map(({ message }) => message);

/** A databag that asks for these names, each by itself. */
const askingFor = (names: ReadonlyArray<string>, sans: ReadonlyArray<string> = []): Databag => ({
  cert_requests: JSON.stringify(Object.fromEntries(names.map((name) => [name, { sans }]))),
});

describe('answerRequests()', () => {
  it('answers each unit up to its quota, and says once what is beyond it', async () => {
    const quota = { requestsPerUnit: 2, namesPerRequest: 9 };
    const provider = new Provider(await makeAuthority(), { ...openPolicy, quota });
    const answered = ({ view }: Outcome<ProvidesView>): ReadonlyArray<string> =>
      view.allRequests.filter(({ cert }) => cert !== null).map(({ unit, commonName }) => `${unit} ${commonName}`);
    const greedy = askingFor(['c.example', 'd.example', 'e.example', 'f.example']);
    const first = (await provider.hook({ 'web/0': greedy, 'web/1': askingFor(['c.example']) })).outcome;
    assert.deepEqual(answered(first), ['web/0 c.example', 'web/0 d.example', 'web/1 c.example']);
    assert.deepEqual(reasons(first), [
      'the request is refused: this unit asks for 4 certificates, and may have 2: this one and those after it are not answered',
    ]);
    assert.deepEqual(first.findings.map(({ place }) => [place.unit, place.commonName]), [['web/0', 'e.example']]);
    // What is answered keeps its place, whatever comes before it in order; and what goes makes room.
    const more = askingFor(['a.example', 'c.example', 'd.example']);
    assert.deepEqual(answered((await provider.hook({ 'web/0': more })).outcome), [
      'web/0 c.example',
      'web/0 d.example',
    ]);
    const less = askingFor(['a.example', 'b.example', 'd.example']);
    assert.deepEqual(answered((await provider.hook({ 'web/0': less })).outcome), [
      'web/0 a.example',
      'web/0 d.example',
    ]);
    // A quota that shrinks takes nothing away.
    provider.policy = { ...openPolicy, quota: { ...quota, requestsPerUnit: 1 } };
    assert.deepEqual(answered((await provider.hook({ 'web/0': less }, later(80))).outcome), [
      'web/0 a.example',
      'web/0 d.example',
    ]);
  });

  it("counts an application's certificate once, and the names of all its units in it", async () => {
    const provider = new Provider(await makeAuthority(), {
      ...openPolicy,
      quota: { requestsPerUnit: 1, namesPerRequest: 3 },
    });
    const app = (names: ReadonlyArray<string>): Databag => ({
      application_cert_requests: JSON.stringify(Object.fromEntries(names.map((name) => [name, { sans: [] }]))),
    });
    const some =
      (await provider.hook({ 'web/0': app(['a.example', 'b.example']), 'web/1': app(['c.example']) })).outcome;
    assert.deepEqual([some.view.newRequests.length, some.findings], [0, []]);
    const many = (await provider.hook({ 'web/0': app(['a.example', 'b.example']), 'web/1': app(['c.example', 'd']) }))
      .outcome;
    assert.deepEqual(reasons(many), [
      'the request is refused: 4 names are asked for, and a certificate may have 3',
    ]);
  });

  it('refuses more names than a certificate may have, the common name among them, each counted once', async () => {
    const quota = { requestsPerUnit: 9, namesPerRequest: 2 };
    const provider = new Provider(await makeAuthority(), { ...openPolicy, quota });
    const sans = JSON.stringify(['web.example', 'a.example', 'a.example']);
    const good = (await provider.hook({ 'web/0': { common_name: 'web.example', sans } })).outcome;
    assert.deepEqual([good.findings, good.view.newRequests], [[], []]);
    const bad = (await provider.hook({ 'web/0': { common_name: 'x.example', sans } })).outcome;
    assert.deepEqual(reasons(bad), ['the request is refused: 3 names are asked for, and a certificate may have 2']);
  });

  it('issues nothing that is refused when it is read', async () => {
    const provider = new Provider(await makeAuthority());
    const sans = Array.from({ length: 1_900 }, (_, i) => `${'n'.repeat(60)}.h${i}.example`);
    const { outcome } = await provider.hook({
      'web/0': askingFor(['a.example'], sans),
      'web/1': askingFor(['b.example']),
    });
    assert.deepEqual(reasons(outcome), [
      'the request is refused: the certificate would be one that is refused when it is read: too-large',
    ]);
    assert.deepEqual(outcome.view.newRequests.map(({ unit }) => unit), ['web/0']);
  });

  it('answers every kind of request with a certificate that fits it and leads to the CA', async () => {
    const provider = new Provider(await makeAuthority());
    const { outcome: { view, findings, memory } } = await provider.hook({ 'web/0': KINDS });
    assert.deepEqual([view.newRequests, findings], [[], []]);
    assert.deepEqual(memory.flags, ['certificates.available']);
    assert.equal(view.allRequests.length, 5);
    for (const { certType, commonName, sans, cert, key } of view.allRequests) {
      assert.ok(cert !== null && key !== null);
      await right(match({ certificate: cert, key, asked: { certType, commonName, sans } }));
      const path = await right(
        verify({ certificate: cert, ca: provider.local['ca'] ?? '', now: NOW, purpose: certType }),
      );
      assert.equal(path.length, 2);
    }
  });

  it('changes nothing in the next hook, and in the hook of another runtime of the same provider', async () => {
    const provider = new Provider(await makeAuthority());
    await provider.hook({ 'web/0': KINDS });
    assert.deepEqual((await provider.hook({ 'web/0': KINDS })).outcome.writes, []);
    provider.authority = await right(openAuthority(provider.authority.state));
    assert.deepEqual((await provider.hook({ 'web/0': KINDS })).outcome.writes, []);
  });

  it('takes its own answers over when the memory is lost, and issues anew what does not fit', async () => {
    const provider = new Provider(await makeAuthority());
    await provider.hook({ 'web/0': KINDS });
    provider.memory = emptyMemory;
    const { outcome } = await provider.hook({ 'web/0': KINDS });
    assert.deepEqual([outcome.writes, outcome.view.newRequests], [[], []]);
    provider.memory = emptyMemory;
    const grown = { ...KINDS, sans: '["web.example", "10.0.0.7", "fd00::7", "10.0.0.8"]' };
    assert.deepEqual(
      (await provider.hook({ 'web/0': grown })).outcome.writes.flatMap(({ set }) => Object.keys(set)),
      ['web_0.server.cert', 'web_0.server.key'],
    );
  });

  it('issues anew for changed SANs, for exactly the names that stand then', async () => {
    const provider = new Provider(await makeAuthority());
    const asking = (...sans: ReadonlyArray<string>) => ({
      'web/0': { cert_requests: JSON.stringify({ 'web.example': { sans } }) },
    });
    for (const sans of [['a.example', 'b.example'], ['b.example'], ['b.example', '10.0.0.1']]) {
      const { outcome } = await provider.hook(asking(...sans));
      const [certificate] = describeBundle(outcome.view.publishedCerts[0]?.cert ?? '').certificates;
      assert.deepEqual(certificate?.sans.map(({ value }) => value).sort(), [...sans, 'web.example'].sort());
    }
  });

  it('answers names with blanks around them by the names', async () => {
    const provider = new Provider(await makeAuthority(), { ...openPolicy, allowedNames: ['.example', '10.0.0.0/8'] });
    const ask = { 'web/0': { common_name: 'web.example', sans: '[" 10.0.0.7", "api.example\\n"]' } };
    const { outcome } = await provider.hook(ask);
    const [certificate] = describeBundle(outcome.view.publishedCerts[0]?.cert ?? '').certificates;
    assert.deepEqual(certificate?.sans.map(({ value }) => value), ['web.example', '10.0.0.7', 'api.example']);
    provider.memory = emptyMemory;
    assert.deepEqual((await provider.hook(ask)).outcome.writes, [], 'it is the right answer all the same');
  });

  it('issues anew when two thirds of the lifetime have passed, and not before', async () => {
    const provider = new Provider(await makeAuthority());
    const ask = { 'web/0': { common_name: 'web.example' } };
    await provider.hook(ask);
    assert.deepEqual((await provider.hook(ask, later(59))).outcome.writes, []);
    const { outcome } = await provider.hook(ask, later(61));
    assert.deepEqual(Object.keys(outcome.writes[0]?.set ?? {}), ['web_0.server.cert', 'web_0.server.key']);
    await right(
      verify({
        certificate: provider.local['web_0.server.cert'] ?? '',
        ca: provider.local['ca'] ?? '',
        now: later(149),
      }),
    );
  });

  it('issues everything anew under a new CA, and keeps the former one trusted for the overlap', async () => {
    const provider = new Provider(await makeAuthority());
    await provider.hook({ 'web/0': KINDS });
    const former = provider.local;
    provider.authority = await right(
      openAuthority(
        await right(rotateAuthority(provider.authority.state, { commonName: 'Test CA' }, 30, at(later(1)))),
      ),
    );
    const { outcome } = await provider.hook({ 'web/0': KINDS }, later(1));
    assert.equal(outcome.view.newRequests.length, 0);
    const { ca = '', chain = '' } = provider.local;
    const { certificate } = provider.authority.state;
    assert.equal(ca, `${former['ca']}${certificate}`);
    for (const { cert } of outcome.view.publishedCerts) {
      await right(verify({ certificate: cert, ca: certificate, now: later(1) }));
      const alone = await verify({ certificate: cert, ca: former['ca'] ?? '', now: later(1) })();
      assert.equal(alone._tag, 'Left', 'the former CA did not sign this');
      const path = await right(verify({ certificate: cert, ca: former['ca'] ?? '', chain, now: later(1) }));
      assert.equal(path.length, 3, 'what the former CA certified leads to it');
    }
    await provider.hook({ 'web/0': KINDS }, later(32));
    assert.deepEqual([provider.local['ca'], provider.local['chain']], [certificate, chain]);
    await provider.hook({ 'web/0': KINDS }, later(62));
    assert.deepEqual([provider.local['ca'], provider.local['chain']], [certificate, undefined]);
  });

  it('never lets a certificate outlive its CA, and says when it is time for a new one', async () => {
    const state = await right(createAuthority({ commonName: 'Short', days: 10 }, at(NOW)));
    const provider = new Provider(await right(openAuthority(state)));
    await provider.hook({ 'web/0': { common_name: 'web.example' } });
    const [certificate] = describeBundle(provider.local['web_0.server.cert'] ?? '').certificates;
    assert.equal(certificate?.notAfter, describeBundle(state.certificate).certificates[0]?.notAfter);
    assert.deepEqual([0, 6, 7].map((days) => isDueForRotation(provider.authority, openPolicy, later(days))), [
      false,
      false,
      true,
    ]);
    const { outcome } = await provider.hook({ 'web/0': { common_name: 'other.example' } }, later(11));
    assert.match(reasons(outcome)[0] ?? '', /the CA is at its end/);
  });

  it('refuses what its policy does not allow, tells why, and answers everything else', async () => {
    const policy: Policy = {
      ...openPolicy,
      certTypes: ['server', 'client'],
      allowedNames: ['.example', '10.0.0.0/29', 'system:web'],
    };
    const provider = new Provider(await makeAuthority(), policy);
    const { outcome } = await provider.hook({
      'web/0': { ...KINDS, sans: '["10.0.0.7"]', client_cert_requests: '{"system:web": {"sans": []}}' },
      'web/1': { cert_requests: '{"web.example": {"sans": ["10.0.0.8"]}, "w.example": {"sans": ["*.a.example"]}}' },
    });
    assert.deepEqual(reasons(outcome), [
      'the request is refused: certificates of the kind application are not issued',
      'the request is refused: certificates of the kind intermediate are not issued',
      'the request is refused: the name "10.0.0.8" is not among those that are allowed',
    ]);
    assert.equal(outcome.view.publishedCerts.length, 4);
    assert.equal(outcome.view.newRequests.length, 3);
  });

  it('issues an intermediate CA that may certify what the policy allows, and none where it allows no host', async () => {
    const ask = { 'web/0': { intermediate_cert_requests: '{"sub CA": {"sans": []}}' } };
    const strict = new Provider(await makeAuthority(), { ...openPolicy, allowedNames: ['.example', '10.0.0.0/8'] });
    const { outcome } = await strict.hook(ask);
    assert.deepEqual(reasons(outcome), []);
    const [answer] = outcome.view.publishedCerts;
    const issuer = { certificate: answer?.cert ?? '', key: answer?.key ?? ('' as PrivateKey) };
    const below = async (commonName: string, certType: 'server' | 'client' = 'server') => {
      const key = await right(generateKey());
      return issue({ certType, commonName, sans: [], holder: { key } }, issuer, {
        notBefore: NOW,
        notAfter: later(1),
        random,
      })();
    };
    for (const name of ['web.example', 'a.web.example', '10.0.0.7']) {
      assert.equal((await below(name))._tag, 'Right', name);
    }
    for (const name of ['web.other', 'example', '11.0.0.7', 'fd00::1']) {
      const made = await below(name);
      assert.equal(made._tag === 'Left' && made.left.code, 'refused-for-issuer', name);
    }
    assert.equal((await below('web.example', 'client'))._tag, 'Left');
    const none = new Provider(await makeAuthority(), { ...openPolicy, allowedNames: ['system:web'] });
    assert.deepEqual(reasons((await none.hook(ask)).outcome), [
      'the request is refused: no host and no address is allowed that a CA below could certify',
    ]);
    const host = { 'web/0': { intermediate_cert_requests: '{"sub.other": {"sans": []}}' } };
    assert.match(
      reasons((await strict.hook(host)).outcome)[0] ?? '',
      /"sub.other" is not among those that are allowed/,
    );
  });

  it('refuses while the clock is before the beginning of the CA, and says so', async () => {
    const provider = new Provider(await makeAuthority());
    const { outcome } = await provider.hook({ 'web/0': { common_name: 'web.example' } }, later(-1));
    assert.match(
      reasons(outcome)[0] ?? '',
      /the CA begins at 2026-11-25T11:55:00Z, which is in the future: the clock is wrong/,
    );
  });

  it('gives a name that is asked for at top level and in the collection one certificate with the names of both', async () => {
    const provider = new Provider(await makeAuthority());
    const { outcome } = await provider.hook({
      'web/0': {
        common_name: 'a.example',
        sans: '["x.example"]',
        cert_requests: '{"a.example": {"sans": ["y.example"]}}',
      },
    });
    assert.equal(outcome.view.publishedCerts.length, 2);
    for (const { cert } of outcome.view.publishedCerts) {
      const [certificate] = describeBundle(cert).certificates;
      assert.deepEqual(certificate?.sans.map(({ value }) => value), ['a.example', 'x.example', 'y.example']);
    }
  });

  it('refuses names that no certificate can have, whatever they are, and shows no key among them', async () => {
    const provider = new Provider(await makeAuthority());
    const names = [...HOSTILE.filter((text) => text.length < 2_000), '-----BEGIN PRIVATE KEY-----SECRET'];
    const requests = Object.fromEntries(names.map((name, i) => [`${i}.example`, { sans: [name] }]));
    const { outcome } = await provider.hook({ 'web/0': { cert_requests: JSON.stringify(requests) } });
    const { allRequests, newRequests, publishedCerts } = outcome.view;
    assert.equal(allRequests.length, names.length);
    assert.equal(newRequests.length + publishedCerts.length, names.length);
    assert.equal(reasons(outcome).length, newRequests.length);
    assert.ok(
      reasons(outcome).some((reason) =>
        reason.startsWith('the request is refused: no certificate can have the name "<private key>": it ')
      ),
    );
    assert.doesNotMatch(JSON.stringify(outcome.findings), /SECRET/);
  });

  it('refuses what is no name, with the reason, and issues URIs only where there is a scheme', async () => {
    const provider = new Provider(await makeAuthority());
    const bad: ReadonlyArray<readonly [name: string, reason: RegExp]> = [
      ['web.example:8443', /has a port/],
      ['10.0.0.7:443', /has a port/],
      ['DNS:web.example', /has its kind before it/],
      ['IP:10.0.0.7', /has its kind before it/],
      ['URI:https://web.example/', /has its kind before it/],
      ['fe80::1%eth0', /has a zone/],
      ['fd00::1/64', /is a network/],
      ['[fd00::1]', /has brackets/],
      ['a.example,b.example', /has a blank or a comma/],
      ['a@b@example.com', /is not one/],
    ];
    for (const [name, reason] of bad) {
      const { outcome } = await provider.hook({
        'web/0': { common_name: 'web.example', sans: JSON.stringify([name]) },
      });
      assert.equal(outcome.view.publishedCerts.length, 0, name);
      assert.equal(reasons(outcome).length, 1, name);
      assert.match(reasons(outcome)[0] ?? '', reason);
    }
    const good = ['spiffe://example.com/web', 'HTTPS://Web.example/A', 'urn:uuid:1-2', 'a@example.com'];
    const { outcome } = await provider.hook({ 'web/0': { common_name: 'web.example', sans: JSON.stringify(good) } });
    const [certificate] = describeBundle(outcome.view.publishedCerts[0]?.cert ?? '').certificates;
    assert.deepEqual(certificate?.sans.map(({ type, value }) => `${type}:${value}`), [
      'dns:web.example',
      'uri:spiffe://example.com/web',
      'uri:https://web.example/A',
      'uri:urn:uuid:1-2',
      'email:a@example.com',
    ]);
  });

  it('refuses a common name that no server can have, and lets a client have it', async () => {
    const provider = new Provider(await makeAuthority());
    for (const commonName of ['https://web.example/', 'web.example:443', 'web example', 'a.example,b.example']) {
      const { outcome } = await provider.hook({ 'web/0': { common_name: commonName } });
      assert.match(reasons(outcome)[0] ?? '', /no server can have the common name/, commonName);
      const asked = JSON.stringify({ [commonName]: { sans: [] } });
      const client = await provider.hook({ 'web/0': { client_cert_requests: asked } });
      assert.deepEqual(reasons(client.outcome), [], commonName);
    }
  });

  it('issues a common name over 64 characters as a SAN alone where it is one of them', async () => {
    const provider = new Provider(await makeAuthority());
    const long = `${'a'.repeat(60)}.web.example`;
    const ask = (sans: ReadonlyArray<string>): Databag => ({ common_name: long, sans: JSON.stringify(sans) });
    const refused = await provider.hook({ 'web/0': ask(['web.example']) });
    assert.match(reasons(refused.outcome)[0] ?? '', /has more than 64 characters, and is not among the SANs/);
    const { outcome } = await provider.hook({ 'web/0': ask(['web.example', long.toUpperCase()]) });
    assert.deepEqual(reasons(outcome), []);
    const { cert = '', key } = outcome.view.publishedCerts[0] ?? {};
    const [certificate] = describeBundle(cert).certificates;
    assert.deepEqual([certificate?.subject.text, certificate?.sans.map(({ value }) => value)], ['', [
      'web.example',
      long,
    ]]);
    assert.ok(key);
    await right(match({ certificate: cert, key, asked: { certType: 'server', commonName: long, sans: [long] } }));
    await right(verify({ certificate: cert, ca: provider.local['ca'] ?? '', now: NOW, purpose: 'server' }));
    provider.memory = emptyMemory;
    const again = await provider.hook({ 'web/0': ask(['web.example', long.toUpperCase()]) });
    assert.equal(again.outcome.view.publishedCerts[0]?.cert, cert, 'it is taken over');
    const intermediate = await provider.hook({
      'web/0': { intermediate_cert_requests: JSON.stringify({ [long]: { sans: [long] } }) },
    });
    assert.match(reasons(intermediate.outcome)[0] ?? '', /has more than 64 characters/);
  });

  it('keeps its own key out of everything that it publishes, remembers and finds', async () => {
    const authority = await makeAuthority();
    const provider = new Provider(authority);
    const { outcome, intent } = await provider.hook({ 'web/0': KINDS });
    const secret = authority.state.key.split('\n')[1] ?? assert.fail('a key has lines');
    assert.ok(secret.length > 40);
    assert.ok(!JSON.stringify([outcome, intent, provider.local]).includes(secret));
  });

  it('gives one certificate to the units of an application, with the names of all', async () => {
    const provider = new Provider(await makeAuthority());
    const unit = (san: string): Databag => ({ application_cert_requests: `{"app.example": {"sans": ["${san}"]}}` });
    await provider.hook({ 'web/0': unit('10.0.0.1') });
    const { outcome } = await provider.hook({ 'web/0': unit('10.0.0.1'), 'web/1': unit('10.0.0.2') });
    const certificates = new Set(outcome.view.publishedCerts.map(({ cert }) => cert));
    assert.equal(certificates.size, 1);
    const [certificate] = describeBundle([...certificates][0] ?? '').certificates;
    assert.deepEqual(certificate?.sans.map(({ value }) => value), ['app.example', '10.0.0.1', '10.0.0.2']);
  });

  it('tells how far it is', async () => {
    const snapshot = new Provider(await makeAuthority()).snapshot({ 'web/0': KINDS });
    const { view } = provides.decide(snapshot, nothingToPublish, emptyMemory);
    const seen: Array<string> = [];
    const onProgress = (done: number, all: number): void => void seen.push(`${done}/${all}`);
    await answerRequests({ authority: await makeAuthority(), policy: openPolicy, moment: at(NOW), onProgress }, view)();
    assert.deepEqual(seen, ['1/5', '2/5', '3/5', '4/5', '5/5']);
  });

  it('comes to rest after any row of changes, with an answer for each request that stands', async () => {
    const name = fc.constantFrom('a.example', 'b.example', 'c.example');
    const unit = fc.record({
      common_name: name,
      cert_requests: fc.array(fc.tuple(name, fc.record({ sans: fc.array(name, { maxLength: 2 }) })), { maxLength: 2 })
        .map((entries) => JSON.stringify(Object.fromEntries(entries))),
    }, { requiredKeys: [] });
    const step = fc.record({
      units: fc.dictionary(fc.constantFrom('web/0', 'web/1'), unit),
      forgets: fc.boolean(),
    });
    const authority = await makeAuthority();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
        const provider = new Provider(authority);
        for (const { units, forgets } of steps) {
          if (forgets) provider.memory = emptyMemory;
          const { outcome } = await provider.hook(units);
          assert.deepEqual(outcome.view.newRequests, []);
          assert.deepEqual((await provider.hook(units)).outcome.writes, []);
        }
      }),
      runs(25),
    );
  });
});
