/**
 * The ten points of a bridge, each with a provider that answers by certificate request and requirers of either protocol.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { textsOnce } from '../../../core/csr/texts.ts';
import { BridgeWorld, byCsr, byName, CAS, later, newCsr, publicHalf, publicKeyOf } from './world.ts';

const CLIENTS = 'clients:1';

/** A bridge with a provider above. */
const bridged = (): BridgeWorld => {
  const world = new BridgeWorld();
  world.relate('certificates:9');
  return world;
};

describe('a bridge', () => {
  it('answers requests by name, each with a key of its own beside the certificate that fits it', async () => {
    const world = bridged();
    world.ask(CLIENTS, 'web/0', byName('web/0', { 'a.example': ['a.example', '10.0.0.7'], 'b.example': [] }));
    world.ask('clients:2', 'db/0', byName('db/0', { 'a.example': ['a.example', '10.0.0.7'] }));
    await world.settle();
    const pairs = [
      world.pair(CLIENTS, 'web/0', 'a.example'),
      world.pair(CLIENTS, 'web/0', 'b.example'),
      world.pair('clients:2', 'db/0', 'a.example'),
    ].map((pair) => pair ?? assert.fail('a request is not answered'));
    for (const { cert, key } of pairs) assert.equal(publicKeyOf(cert), await publicHalf(key));
    assert.equal(new Set(pairs.map(({ key }) => key)).size, 3);
    assert.equal(world.asked().length, 3);
    assert.equal(world.table.rows.length, 3);
  });

  it('knows a request by who asks and for what: other alternative names are a new certificate under the same key', async () => {
    const world = bridged();
    world.ask(CLIENTS, 'web/0', byName('web/0', { 'a.example': ['2001:db8::1'] }));
    await world.settle();
    const before = world.pair(CLIENTS, 'web/0', 'a.example');
    // The same names in another form are no change.
    world.ask(CLIENTS, 'web/0', byName('web/0', { 'a.example': [' 2001:0DB8:0::1', '2001:db8::1'] }));
    await world.settle();
    assert.deepEqual(world.pair(CLIENTS, 'web/0', 'a.example'), before);
    world.ask(CLIENTS, 'web/0', byName('web/0', { 'a.example': ['a.example'] }));
    await world.hook();
    assert.equal(world.asked().length, 2, 'the old request stays beside the new one');
    assert.deepEqual(world.pair(CLIENTS, 'web/0', 'a.example'), before, 'the old certificate serves');
    await world.settle();
    const after = world.pair(CLIENTS, 'web/0', 'a.example');
    assert.notEqual(after?.cert, before?.cert);
    assert.equal(after?.key, before?.key);
    assert.equal(world.asked().length, 1);
  });

  it('renews with overlap, once', async () => {
    const world = bridged();
    world.ask(CLIENTS, 'web/0', byName('web/0', { 'a.example': [] }));
    await world.settle();
    const before = world.pair(CLIENTS, 'web/0', 'a.example') ?? assert.fail('it is not answered');
    const { until } = (await world.hook()).decided;
    world.now = new Date(until ?? assert.fail('nothing falls due'));
    await world.hook();
    assert.equal(world.asked().length, 2);
    assert.deepEqual(world.pair(CLIENTS, 'web/0', 'a.example'), before);
    await world.settle();
    const after = world.pair(CLIENTS, 'web/0', 'a.example');
    assert.notEqual(after?.cert, before.cert);
    assert.equal(world.asked().length, 1);
    assert.equal(world.seen.size, 2);
  });

  it('gives every unit of an application the certificate that they share, for all that they ask', async () => {
    const world = bridged();
    const asking = (unit: string, name: string) => byName(unit, { [name]: [] }, 'application_cert_requests');
    world.ask(CLIENTS, 'web/0', asking('web/0', 'b.example'));
    await world.settle();
    world.ask(CLIENTS, 'web/1', asking('web/1', 'a.example'));
    await world.settle();
    const [one, other] = ['web_0', 'web_1'].map((unit) =>
      world.answers(CLIENTS)[`${unit}.processed_application_requests`]
    );
    assert.equal(one, other);
    const { cert } = JSON.parse(one ?? '{}')['app_data'];
    const description = textsOnce().certificate(cert)?.certificate.description;
    assert.deepEqual(description?.sans.map(({ value }) => value).sort(), ['a.example', 'b.example']);
    assert.equal(world.keys.length, 1);
  });

  it('publishes the root and the chain in their order, and a new CA at once', async () => {
    const world = bridged();
    world.ask(CLIENTS, 'web/0', byName('web/0', { 'a.example': [] }));
    world.relate('clients:2');
    assert.ok((await world.hook()).findings.includes('ca-unknown'));
    await world.settle();
    assert.deepEqual(['clients:1', 'clients:2'].map((id) => world.answers(id)['ca']?.trim()), [
      CAS[0].state.certificate.trim(),
      CAS[0].state.certificate.trim(),
    ]);
    world.ca = CAS[1];
    world.now = later(1);
    world.ask(CLIENTS, 'web/0', byName('web/0', { 'a.example': [], 'b.example': [] }));
    await world.settle();
    assert.equal(world.answers('clients:2')['ca']?.trim(), CAS[1].state.certificate.trim());
  });

  it('hands down why a request is denied: with the same code by CSR, as a finding by name', async () => {
    const world = bridged();
    const csr = await newCsr('c.example', ['c.example']);
    world.policy = { ...world.policy, allowedNames: ['else.example'] };
    world.ask(CLIENTS, 'web/0', byName('web/0', { 'a.example': ['a.example'] }));
    world.ask('clients:2', 'db/0', byCsr([csr]));
    // A provider that says beforehand what it does not issue is not asked by name at all.
    world.extra = { capabilities: null };
    const findings = await world.settle();
    assert.ok(findings.includes('request-refused'));
    const above = JSON.parse(world.above.get('certificates:9')?.remote.get('application')?.['request_errors'] ?? '[]');
    const below = JSON.parse(world.below.get('clients:2')?.local.get('application')?.['request_errors'] ?? '[]');
    const errorFor = (all: ReadonlyArray<{ readonly csr: string; readonly error: unknown }>) =>
      all.find((one) => one.csr.trim() === csr.trim())?.error;
    assert.ok(errorFor(above) !== undefined);
    assert.deepEqual(errorFor(below), errorFor(above));
  });

  it('does not ask for what the provider says that it cannot issue, and changes nothing of it', async () => {
    const world = bridged();
    const capabilities = { supportsIpSans: false, supportsWildcardDns: null, supportsSubdomain: null };
    world.extra = {
      capabilities: { ...capabilities, supportsCaCertificates: false, allowedDomains: null, providerType: null },
    };
    await world.answer();
    world.ask(CLIENTS, 'web/0', byName('web/0', { 'a.example': ['10.0.0.1'] }));
    world.ask(CLIENTS, 'web/1', byName('web/1', { 'web CA': [] }, 'intermediate_cert_requests'));
    world.ask(CLIENTS, 'web/2', byName('web/2', { 'b.example': [] }));
    const findings = await world.settle();
    assert.equal(findings.filter((code) => code === 'request-refused').length, 2);
    assert.equal(world.asked().length, 1);
    assert.ok(world.pair(CLIENTS, 'web/2', 'b.example'));
  });

  it('withdraws a revoked certificate below, and replaces it with another key', async () => {
    const world = bridged();
    const csr = await newCsr('c.example', ['c.example']);
    world.ask(CLIENTS, 'web/0', byName('web/0', { 'a.example': [] }));
    world.ask('clients:2', 'db/0', byCsr([csr]));
    await world.settle();
    const before = world.pair(CLIENTS, 'web/0', 'a.example') ?? assert.fail('it is not answered');
    const remote = world.above.get('certificates:9')?.remote ?? assert.fail('no relation');
    const bag = remote.get('application') ?? {};
    const all = JSON.parse(bag['certificates'] ?? '[]').map((one: object) => ({ ...one, revoked: true }));
    remote.set('application', { ...bag, certificates: JSON.stringify(all) });
    const { findings } = await world.hook();
    assert.equal(findings.filter((code) => code === 'certificate-revoked').length, 2);
    assert.equal(world.pair(CLIENTS, 'web/0', 'a.example'), null, 'no certificate and no key');
    assert.match(world.below.get('clients:2')?.local.get('application')?.['certificates'] ?? '', /"revoked": true/);
    await world.settle();
    const after = world.pair(CLIENTS, 'web/0', 'a.example') ?? assert.fail('it is not replaced');
    assert.notEqual(after.key, before.key);
    assert.ok(!world.asked().some((asked) => publicKeyOf(asked) === publicKeyOf(before.cert)));
    assert.equal(world.keys.length, 1, 'the old key is gone');
  });

  it('withdraws what nobody asks for any more, with its key and its row', async () => {
    const world = bridged();
    world.ask(CLIENTS, 'web/0', byName('web/0', { 'a.example': [], 'b.example': [] }));
    world.ask(CLIENTS, 'web/1', byName('web/1', { 'c.example': [] }));
    world.ask('clients:2', 'db/0', byCsr([await newCsr('d.example')]));
    await world.settle();
    assert.deepEqual([world.asked().length, world.keys.length, world.table.rows.length], [4, 3, 4]);
    world.ask(CLIENTS, 'web/0', byName('web/0', { 'b.example': [] }));
    world.below.get(CLIENTS)?.remote.delete('web/1');
    world.below.delete('clients:2');
    await world.settle();
    assert.deepEqual([world.asked().length, world.keys.length, world.table.rows.length], [1, 1, 1]);
    assert.deepEqual(Object.keys(world.answers(CLIENTS)).filter((key) => key.startsWith('web_1')), []);
    assert.equal(world.pair(CLIENTS, 'web/0', 'a.example'), null);
  });

  it('keeps the answers below and their keys when the provider is gone, and asks the next one', async () => {
    const world = bridged();
    world.ask(CLIENTS, 'web/0', byName('web/0', { 'a.example': [] }));
    await world.settle();
    const before = world.answers(CLIENTS);
    world.above.delete('certificates:9');
    const { findings, wrote } = await world.hook();
    assert.ok(findings.includes('provider-gone'));
    assert.deepEqual([wrote, world.answers(CLIENTS), world.keys.length], [false, before, 1]);
    world.relate('certificates:10');
    world.ca = CAS[1];
    await world.hook();
    assert.deepEqual(world.answers(CLIENTS), before, 'until the next one answers');
    await world.settle();
    assert.notEqual(world.pair(CLIENTS, 'web/0', 'a.example')?.cert, undefined);
    assert.equal(world.answers(CLIENTS)['ca']?.trim(), CAS[1].state.certificate.trim());
  });

  it('does not take for withdrawn what it cannot read', async () => {
    const world = bridged();
    world.ask(CLIENTS, 'web/0', byName('web/0', { 'a.example': [] }));
    await world.settle();
    const [before, asked] = [world.pair(CLIENTS, 'web/0', 'a.example'), world.asked()];
    world.ask(CLIENTS, 'web/0', { unit_name: 'web_0', cert_requests: '{"a.exam' });
    await world.settle();
    assert.deepEqual([world.asked(), world.keys.length], [asked, 1]);
    world.ask(CLIENTS, 'web/0', byName('web/0', { 'a.example': [] }));
    await world.settle();
    assert.deepEqual([world.pair(CLIENTS, 'web/0', 'a.example'), world.asked()], [before, asked]);
  });

  it('keeps what an application shares for the names it has, while one of its units cannot be read', async () => {
    const world = bridged();
    const asking = (unit: string, name: string) => byName(unit, { [name]: [] }, 'application_cert_requests');
    world.ask(CLIENTS, 'web/0', asking('web/0', 'a.example'));
    world.ask(CLIENTS, 'web/1', asking('web/1', 'b.example'));
    await world.settle();
    const [asked, before] = [world.asked(), world.pair(CLIENTS, 'web/1', 'app_data', 'application_')];
    world.ask(CLIENTS, 'web/0', { ...asking('web/0', 'a.example'), application_cert_requests: '{"a.example": ' });
    await world.settle();
    assert.deepEqual([world.asked(), world.pair(CLIENTS, 'web/1', 'app_data', 'application_')], [asked, before]);
    world.ask(CLIENTS, 'web/0', asking('web/0', 'c.example'));
    await world.settle();
    assert.notDeepEqual(world.pair(CLIENTS, 'web/1', 'app_data', 'application_'), before);
  });

  it('lets only the leader ask and answer, and the next leader goes on with the same certificates', async () => {
    const world = bridged();
    world.ask(CLIENTS, 'web/0', byName('web/0', { 'a.example': [] }));
    await world.settle();
    const [before, asked] = [world.pair(CLIENTS, 'web/0', 'a.example'), world.asked()];
    await world.hook('bridge/1');
    assert.deepEqual(Object.keys(world.answers(CLIENTS, 'bridge/1')).sort(), ['ca', 'chain']);
    world.leader = 'bridge/1';
    await world.settle();
    await world.hook('bridge/0');
    assert.deepEqual([world.pair(CLIENTS, 'web/0', 'a.example'), world.asked()], [before, asked]);
    assert.ok(!Object.keys(world.answers(CLIENTS, 'bridge/0')).some((key) => key.startsWith('web_0')));
  });

  it('says of client certificates that no usage can be asked for, and gives a shared one if it is told to', async () => {
    const world = bridged();
    world.sharedClient = true;
    world.ask(CLIENTS, 'web/0', byName('web/0', { 'web-client': [] }, 'client_cert_requests'));
    const findings = await world.settle();
    assert.ok(findings.includes('usage-not-asked'));
    assert.ok(!findings.includes('wrong-purpose'), 'ours honours what the request says');
    assert.ok(world.pair(CLIENTS, 'web/0', 'web-client', 'client_'));
    const { 'client.cert': cert = '', 'client.key': key = '' } = world.answers(CLIENTS);
    assert.equal(publicKeyOf(cert), await publicHalf(key));
    assert.notEqual(key, world.pair(CLIENTS, 'web/0', 'web-client', 'client_')?.key);
  });

  it('passes certificate requests on as they are, and their certificates down, without any key', async () => {
    const world = bridged();
    const [csr, other] = [await newCsr('c.example', ['c.example']), await newCsr('d.example')];
    world.ask(CLIENTS, 'web/0', byCsr([csr]));
    world.ask('clients:2', 'application', byCsr([other, csr]));
    world.below.get('clients:2')?.remote.set('db/0', {});
    await world.settle();
    assert.deepEqual(world.asked().map((one) => one.trim()).sort(), [csr.trim(), other.trim()].sort());
    for (const [id, count] of [[CLIENTS, 1], ['clients:2', 2]] as const) {
      const published = JSON.parse(world.below.get(id)?.local.get('application')?.['certificates'] ?? '[]');
      assert.equal(published.length, count);
    }
    assert.equal(world.keys.length, 0);
    assert.ok(world.below.get(CLIENTS)?.local.get('application')?.['capabilities'] !== undefined);
  });

  it('refuses certificate requests where the provider makes keys itself, with code 999', async () => {
    const world = new BridgeWorld();
    world.relate('certificates:9').remote.set('ca/0', { ca: CAS[0].state.certificate });
    const csr = await newCsr('c.example');
    world.ask(CLIENTS, 'web/0', byCsr([csr]));
    world.ask('clients:2', 'db/0', byName('db/0', { 'a.example': [] }));
    const { findings } = await world.hook();
    assert.ok(findings.includes('csr-not-passed') && findings.includes('request-refused'));
    const [refused] = JSON.parse(world.below.get(CLIENTS)?.local.get('application')?.['request_errors'] ?? '[]');
    assert.deepEqual([refused.csr.trim(), refused.error.code], [csr.trim(), 999]);
    assert.deepEqual([world.asked(), world.keys], [[], []]);
  });

  it('says what no certificate request can ask for', async () => {
    const world = bridged();
    world.ask(CLIENTS, 'web/0', byName('web/0', { [`${'a'.repeat(65)}.example`]: [], 'b.example': ['10.0.0.256'] }));
    const findings = await world.settle();
    assert.equal(findings.filter((code) => code === 'request-refused').length, 2);
    assert.deepEqual(world.asked(), []);
  });

  it('withdraws nothing as a unit that is being removed, while all others depart', async () => {
    const world = bridged();
    world.ask(CLIENTS, 'web/0', byName('web/0', { 'a.example': [] }));
    world.ask('clients:2', 'db/0', byCsr([await newCsr('d.example')]));
    await world.settle();
    const before = [world.answers(CLIENTS), world.asked(), world.keys, world.table.rows];
    for (const id of [CLIENTS, 'clients:2']) world.below.get(id)?.remote.clear();
    world.isLeaving = true;
    const { decided, wrote } = await world.hook();
    assert.deepEqual([wrote, decided.unused], [false, []]);
    assert.deepEqual([world.answers(CLIENTS), world.asked(), world.keys, world.table.rows], before);
    // Juju does not say so again.
    world.isLeaving = false;
    assert.equal((await world.hook()).wrote, false);
  });

  it('does not take a certificate request that is for nothing, nor one under the key of another request', async () => {
    const world = bridged();
    world.ask(CLIENTS, 'web/0', byName('web/0', { 'a.example': [] }));
    await world.hook();
    const foreign = textsOnce().csr(await newCsr('a.example'))?.pem ?? assert.fail('no request');
    const { decide } = world.read();
    // It was just read.
    const { findings, above } = decide([foreign as string as Parameters<typeof decide>[0][number]]);
    assert.ok(findings.some(({ code }) => code === 'made-unused'));
    assert.deepEqual(above.csrs?.map(({ csr }) => csr), world.asked());
  });

  it('asks the provider that takes certificate requests, of two', async () => {
    const world = new BridgeWorld();
    world.relate('certificates:8').remote.set('ca/0', { ca: CAS[0].state.certificate });
    world.relate('certificates:9');
    world.ask(CLIENTS, 'web/0', byName('web/0', { 'a.example': [] }));
    const findings = await world.settle();
    assert.ok(findings.includes('several-relations'));
    assert.ok(world.pair(CLIENTS, 'web/0', 'a.example'));
    assert.deepEqual(world.above.get('certificates:8')?.local.get('application') ?? {}, {});
  });
});
