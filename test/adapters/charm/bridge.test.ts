/**
 * A bridge as operators have it: a charm without code, whose hooks let requirers by name and a provider of the CSR protocol talk.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import type { BridgeDocument } from '../../../adapters/charm/config/bridge.ts';
import type { ConfigurationDocument } from '../../../adapters/charm/config/configuration.ts';
import { command } from '../../command.ts';
import {
  askByName,
  askedAbove,
  assertNoKeyLeaks,
  BRIDGE,
  charmOf,
  type Clock,
  CSR_CA,
  keptKeys,
  pairOf,
  thePairOf,
} from '../../juju/bridged.ts';
import { type Juju, type JujuOptions, type SeenCall, withJuju } from '../../juju/juju.ts';
import type { ModelRelation } from '../../juju/model.ts';
import { PATIENCE } from '../../patience.ts';

interface World {
  readonly juju: Juju;
  readonly below: ModelRelation;
  readonly above: ModelRelation;
  readonly clock: Clock;
}

interface Setting extends JujuOptions {
  readonly bridges?: number;
  readonly units?: number;
  readonly bridge?: Partial<BridgeDocument>;
  readonly provider?: ConfigurationDocument;
}

/** A bridge between `web`, which the test plays, and a CA; nobody asks for anything yet. */
const bridged = (
  { bridges = 1, units = 1, bridge = {}, provider = CSR_CA, ...options }: Setting,
  work: (world: World) => Promise<void>,
): Promise<void> =>
  withJuju(options, async (juju) => {
    const clock: Clock = { now: new Date() };
    juju.deploy('ca', charmOf(provider, clock), { config: { generation: 1 } });
    juju.deploy('bridge', charmOf({ ...BRIDGE, ...bridge }, clock), { units: bridges });
    juju.deploy('web', null, { units });
    const below = juju.relate('bridge:clients', 'web:certificates');
    const above = juju.relate('ca:client', 'bridge:certificates');
    await juju.settle();
    await work({ juju, below, above, clock });
  });

const status = (juju: Juju, unit: string): string => Object.values(juju.unit(unit).status).join(': ');

/** Everybody runs a hook without occasion; nothing changes. */
const assertAtRest = async ({ juju, below, above }: World): Promise<void> => {
  const shown = () =>
    JSON.stringify([
      juju.unitsOf('bridge').map((unit) => [juju.published(below, unit), juju.published(above, unit)]),
      juju.publishedBy(below, 'bridge'),
      juju.publishedBy(above, 'bridge'),
      [...keptKeys(juju)],
    ]);
  const before = shown();
  for (const unit of [...juju.unitsOf('bridge'), ...juju.unitsOf('ca')]) juju.fire(unit, 'update-status');
  await juju.settle();
  assert.equal(shown(), before, 'at rest');
};

const sansOf = (juju: Juju, below: ModelRelation, unit: string, name: string): string =>
  thePairOf(juju, below, unit, name).cert.subjectAltName ?? '';

describe('a charm that is a bridge', () => {
  it('asks above for what units below ask by name, and answers them with a key of its own each', () =>
    bridged({ units: 2 }, async (world) => {
      const { juju, below, above } = world;
      assert.equal(status(juju, 'bridge/0'), 'active: clients: nobody asks for a certificate');
      askByName(juju, below, 'web/0', { 'web.example': ['web.example', '10.0.0.7'], 'www.example': ['www.example'] });
      askByName(juju, below, 'web/1', { 'web.example': ['web.example', '10.0.0.8'] });
      await juju.settle();
      const pairs = [['web/0', 'web.example'], ['web/0', 'www.example'], ['web/1', 'web.example']] as const;
      const keys = pairs.map(([unit, name]) => thePairOf(juju, below, unit, name).key);
      assert.equal(new Set(keys).size, 3);
      assert.deepEqual(new Set(keys.map((key) => key.trim())), new Set(keptKeys(juju).values()));
      assert.match(sansOf(juju, below, 'web/1', 'web.example'), /10\.0\.0\.8/);
      const { ca = '', chain = '' } = juju.published(below, 'bridge/0');
      assert.match(ca, /BEGIN CERTIFICATE/);
      assert.match(chain, /BEGIN CERTIFICATE/);
      assert.equal(status(juju, 'bridge/0'), 'active: certificates: 3 certificates from ca, for web');
      assertNoKeyLeaks(juju, above);
      await assertAtRest(world);
    }));

  it('answers every kind of request by name', () =>
    bridged({ units: 2, bridge: { sharedClient: true } }, async ({ juju, below }) => {
      askByName(juju, below, 'web/0', { 'web.example': [] });
      askByName(juju, below, 'web/0', { 'web-client': [] }, 'client_cert_requests');
      for (const unit of ['web/0', 'web/1']) {
        askByName(juju, below, unit, { 'app.example': ['app.example'] }, 'application_cert_requests');
      }
      await juju.settle();
      thePairOf(juju, below, 'web/0', 'web.example');
      thePairOf(juju, below, 'web/0', 'web-client', 'client_');
      const shared = ['web/0', 'web/1'].map((unit) => thePairOf(juju, below, unit, 'app_data', 'application_'));
      assert.equal(shared[0]?.key, shared[1]?.key);
      assert.match(juju.published(below, 'bridge/0')['client.key'] ?? '', /PRIVATE KEY/);
      assert.equal(keptKeys(juju).size, 4);
    }));

  it('an application’s unit that comes later gets the certificate that the others have, with its names', () =>
    bridged({ units: 1 }, async ({ juju, below }) => {
      askByName(juju, below, 'web/0', { 'app.example': ['app.example'] }, 'application_cert_requests');
      await juju.settle();
      const before = thePairOf(juju, below, 'web/0', 'app_data', 'application_');
      juju.addUnit('web');
      askByName(juju, below, 'web/1', { 'app.example': ['app.example'] }, 'application_cert_requests');
      await juju.settle();
      const after = ['web/0', 'web/1'].map((unit) => thePairOf(juju, below, unit, 'app_data', 'application_'));
      assert.deepEqual(after.map(({ cert, key }) => [cert.raw, key]), Array(2).fill([before.cert.raw, before.key]));
    }));

  it('passes certificate requests on as they are, and no key stands anywhere', () =>
    withJuju({}, async (juju) => {
      juju.deploy('ca', charmOf(CSR_CA), { config: { generation: 1 } });
      juju.deploy('bridge', charmOf(BRIDGE));
      const requests = [{ certType: 'server', commonName: 'web.example', sans: ['web.example'] }] as const;
      juju.deploy(
        'web',
        charmOf({ side: 'csr/requires', endpoint: 'certificates', requests, keys: 'P-256', status: true }),
      );
      const below = juju.relate('bridge:clients', 'web:certificates');
      const above = juju.relate('ca:client', 'bridge:certificates');
      await juju.settle();
      const [asked, given] = [juju.published(below, 'web/0'), juju.publishedBy(below, 'bridge')];
      assert.deepEqual(
        askedAbove(juju, above),
        JSON.parse(asked['certificate_signing_requests'] ?? '[]').map((one: Record<string, string>) =>
          one['certificate_signing_request']
        ),
      );
      assert.equal(JSON.parse(given['certificates'] ?? '[]').length, 1);
      assert.equal(status(juju, 'web/0'), 'active: ');
      assert.equal(keptKeys(juju).size, 0);
      assert.doesNotMatch(JSON.stringify([given, juju.published(below, 'bridge/0')]), /PRIVATE KEY/);
    }));

  it('says to requirers of certificate requests, and in its status, that a reactive provider above answers none', () =>
    withJuju({}, async (juju) => {
      juju.deploy(
        'easyrsa',
        charmOf({ side: 'reactive/provides', endpoint: 'client', authority: { commonName: 'E' } }),
      );
      juju.deploy('bridge', charmOf(BRIDGE));
      const requests = [{ certType: 'server', commonName: 'web.example' }] as const;
      juju.deploy(
        'web',
        charmOf({ side: 'csr/requires', endpoint: 'certificates', requests, keys: 'P-256', status: true }),
      );
      juju.relate('bridge:clients', 'web:certificates');
      const above = juju.relate('easyrsa:client', 'bridge:certificates');
      await juju.settle();
      assert.match(
        status(juju, 'web/0'),
        /^blocked: certificates: web\.example is refused: 999 other: the provider above makes keys/,
      );
      assert.match(status(juju, 'bridge/0'), /^blocked: certificates: easyrsa speaks the reactive protocol/);
      assert.deepEqual(askedAbove(juju, above), []);
    }));

  it('a change of names is a new certificate under the same key, and the old one serves until it is there', () =>
    bridged({}, async (world) => {
      const { juju, below, above } = world;
      askByName(juju, below, 'web/0', { 'web.example': ['web.example', '2001:DB8:0::1'] });
      await juju.settle();
      const [before, asked] = [thePairOf(juju, below, 'web/0', 'web.example'), askedAbove(juju, above)];
      askByName(juju, below, 'web/0', { 'web.example': ['2001:db8::1', ' web.example', '2001:db8::1'] });
      await juju.settle();
      assert.deepEqual(askedAbove(juju, above), asked, 'the same names in another form');
      const served: Array<boolean> = [];
      juju.interfere = ({ unit }) => {
        if (unit === 'bridge/0') served.push(pairOf(juju, below, 'web/0', 'web.example') !== null);
        return undefined;
      };
      askByName(juju, below, 'web/0', { 'web.example': ['web.example', 'www.example'] });
      await juju.settle();
      const after = thePairOf(juju, below, 'web/0', 'web.example');
      assert.ok(served.length > 20 && served.every(Boolean), 'there is a certificate at every moment');
      assert.match(after.cert.subjectAltName ?? '', /www\.example/);
      assert.equal(after.key, before.key);
      assert.equal(askedAbove(juju, above).length, 1);
      await assertAtRest(world);
    }));

  it('another CA above reaches everybody below', () =>
    bridged({ units: 2 }, async (world) => {
      const { juju, below, clock } = world;
      for (const unit of ['web/0', 'web/1']) askByName(juju, below, unit, { 'web.example': ['web.example'] });
      await juju.settle();
      const rootOf = () => new X509Certificate(juju.published(below, 'bridge/0')['ca'] ?? '').subject;
      const elapse = async (days: number): Promise<void> => {
        clock.now = new Date(clock.now.getTime() + days * 86_400_000);
        juju.fire('ca/0', 'update-status');
        await juju.settle();
      };
      juju.configure('ca', { generation: 2 });
      await juju.settle();
      await elapse(0.1);
      for (const unit of ['web/0', 'web/1']) {
        assert.match(thePairOf(juju, below, unit, 'web.example').cert.issuer, /CN=Upper CA G2/);
      }
      assert.equal(rootOf(), 'CN=Upper CA', 'the former CA is trusted for a while, and has certified the new one');
      await elapse(40);
      assert.equal(rootOf(), 'CN=Upper CA G2');
      await assertAtRest(world);
    }));

  it('a certificate that is due is renewed with overlap, when Juju wakes the leader', () =>
    bridged({}, async (world) => {
      const { juju, below, above, clock } = world;
      askByName(juju, below, 'web/0', { 'web.example': ['web.example'] });
      await juju.settle();
      const before = thePairOf(juju, below, 'web/0', 'web.example');
      clock.now = new Date(Date.parse(before.cert.validTo) - 86_400_000);
      juju.expireSecrets(clock.now);
      await juju.settle();
      const after = thePairOf(juju, below, 'web/0', 'web.example');
      assert.notDeepEqual(after.cert.raw, before.cert.raw);
      assert.equal(after.key, before.key);
      assert.equal(askedAbove(juju, above).length, 1);
      await assertAtRest(world);
    }));

  it('a revoked certificate is replaced, under another key', () =>
    bridged({}, async (world) => {
      const { juju, below, above } = world;
      askByName(juju, below, 'web/0', { 'web.example': ['web.example'] });
      await juju.settle();
      const before = thePairOf(juju, below, 'web/0', 'web.example');
      const certificates = JSON.parse(juju.publishedBy(above, 'ca')['certificates'] ?? '[]');
      juju.publishAs(above, 'ca', {
        certificates: JSON.stringify(certificates.map((one: object) => ({ ...one, revoked: true }))),
      });
      await juju.settle();
      const after = thePairOf(juju, below, 'web/0', 'web.example');
      assert.notEqual(after.key, before.key);
      assert.deepEqual([askedAbove(juju, above).length, keptKeys(juju).size], [1, 1]);
      assert.match([...keptKeys(juju).keys()][0] ?? '', /-2$/);
    }));

  it('a refusal above is told at the place of the request, and in the status', () =>
    bridged({ provider: { ...CSR_CA, policy: { allowedNames: ['good.example'] } } }, async (world) => {
      const { juju, below } = world;
      askByName(juju, below, 'web/0', { 'good.example': ['good.example'], 'bad.example': ['bad.example'] });
      await juju.settle();
      assert.equal(pairOf(juju, below, 'web/0', 'bad.example'), null);
      thePairOf(juju, below, 'web/0', 'good.example');
      assert.match(status(juju, 'bridge/0'), /^blocked: clients: web\/0 bad\.example is refused: /);
      assert.match(juju.unit('bridge/0').log.join('\n'), /request-refused \(clients:1 web\/0 bad\.example\)/);
    }));

  it('what is gone below goes above, with its key: a request, a unit, a relation', () =>
    bridged({ units: 2 }, async (world) => {
      const { juju, below, above } = world;
      askByName(juju, below, 'web/0', { 'a.example': [], 'b.example': [] });
      askByName(juju, below, 'web/1', { 'a.example': [] });
      juju.deploy('db', null);
      const other = juju.relate('bridge:clients', 'db:certificates');
      askByName(juju, other, 'db/0', { 'db.example': [] });
      await juju.settle();
      const count = () => [askedAbove(juju, above).length, keptKeys(juju).size];
      assert.deepEqual(count(), [4, 4]);
      askByName(juju, below, 'web/0', { 'a.example': [] });
      await juju.settle();
      assert.deepEqual(count(), [3, 3]);
      juju.removeUnit('web/1');
      await juju.settle();
      assert.deepEqual(count(), [2, 2]);
      assert.doesNotMatch(JSON.stringify(juju.published(below, 'bridge/0')), /web_1/);
      juju.removeRelation(other);
      await juju.settle();
      assert.deepEqual(count(), [1, 1]);
      thePairOf(juju, below, 'web/0', 'a.example');
      await assertAtRest(world);
    }));

  it('when the provider goes, what is answered stays, and the next provider is asked with the same keys', () =>
    bridged({}, async ({ juju, below, above }) => {
      askByName(juju, below, 'web/0', { 'web.example': ['web.example'] });
      await juju.settle();
      const before = thePairOf(juju, below, 'web/0', 'web.example');
      juju.removeRelation(above);
      await juju.settle();
      assert.deepEqual(thePairOf(juju, below, 'web/0', 'web.example').cert.raw, before.cert.raw);
      assert.match(status(juju, 'bridge/0'), /^blocked: certificates: not related to a provider/);
      juju.relate('ca:client', 'bridge:certificates');
      await juju.settle();
      assert.equal(thePairOf(juju, below, 'web/0', 'web.example').key, before.key);
      assert.match(status(juju, 'bridge/0'), /^active: /);
    }));

  it('another unit that leads goes on with the same keys, requests and certificates', () =>
    bridged({ bridges: 2, units: 2 }, async (world) => {
      const { juju, below, above } = world;
      askByName(juju, below, 'web/0', { 'web.example': ['web.example'] });
      askByName(juju, below, 'web/1', { 'app.example': [] }, 'application_cert_requests');
      await juju.settle();
      assert.equal(status(juju, 'bridge/1'), 'active: certificates: stands by, the leader asks and answers');
      const shown =
        () => [askedAbove(juju, above), [...keptKeys(juju)], thePairOf(juju, below, 'web/0', 'web.example').cert.raw];
      const before = shown();
      juju.lead('bridge/1');
      await juju.settle();
      juju.fire('bridge/0', 'update-status');
      await juju.settle();
      assert.deepEqual(shown(), before);
      assert.doesNotMatch(JSON.stringify(juju.published(below, 'bridge/0')), /PRIVATE KEY/);
      const [mine, other] = ['bridge/0', 'bridge/1'].map((unit) => juju.published(below, unit));
      assert.deepEqual([mine?.['ca'], mine?.['chain']], [other?.['ca'], other?.['chain']]);
      juju.removeUnit('bridge/0');
      await juju.settle();
      assert.deepEqual(shown(), before, 'the former leader takes nothing with it');
      await assertAtRest(world);
    }));

  it('a new unit that leads before it has seen all units below issues nothing again', () =>
    bridged({ units: 3 }, async (world) => {
      const { juju, below, above } = world;
      for (const [i, name] of ['c.example', 'b.example', 'a.example'].entries()) {
        askByName(juju, below, `web/${i}`, { 'web.example': ['web.example'] });
        askByName(juju, below, `web/${i}`, { [name]: [] }, 'application_cert_requests');
      }
      await juju.settle();
      const asked = new Set(askedAbove(juju, above));
      const keys = [...keptKeys(juju)];
      juju.addUnit('bridge');
      juju.lead('bridge/1');
      const seen = new Set<string>();
      juju.interfere = () => {
        for (const csr of askedAbove(juju, above)) seen.add(csr);
        return undefined;
      };
      await juju.settle();
      assert.equal(seen.size, asked.size);
      assert.deepEqual(seen, asked, 'neither withdrawn nor asked for again');
      assert.deepEqual(new Set(askedAbove(juju, above)), asked);
      assert.deepEqual([...keptKeys(juju)], keys);
      for (const unit of ['web/0', 'web/1', 'web/2']) thePairOf(juju, below, unit, 'web.example');
      juju.removeUnit('web/2');
      await juju.settle();
      assert.equal(askedAbove(juju, above).length, 3, 'once all are seen, who goes is gone');
      await assertAtRest(world);
    }));

  it('ends as if undisturbed when it is killed before and after every call of a tool', () =>
    bridged({ units: 1 }, async (world) => {
      const { juju, below, above } = world;
      const killed = new Map<string, number>();
      let isKilled = false;
      const kills: Array<string> = [];
      juju.interfere = ({ unit, hook, index }: SeenCall) => {
        if (index === 0) isKilled = false;
        const at = killed.get(hook) ?? 0;
        if (unit !== 'bridge/0' || isKilled || index !== at >> 1) return undefined;
        killed.set(hook, at + 1);
        isKilled = true;
        kills.push(hook);
        return at % 2 === 0 ? 'kill before' : 'kill after';
      };
      askByName(juju, below, 'web/0', { 'a.example': ['a.example'], 'b.example': [] });
      await juju.settle({ retries: 100 });
      assert.ok(kills.length > 80, `killed ${kills.length} times`);
      juju.interfere = undefined;
      for (const name of ['a.example', 'b.example']) thePairOf(juju, below, 'web/0', name);
      assert.deepEqual([askedAbove(juju, above).length, keptKeys(juju).size], [2, 2]);
      assert.deepEqual(
        askedAbove(juju, above).length,
        JSON.parse(juju.publishedBy(above, 'ca')['certificates'] ?? '').length,
      );
      assertNoKeyLeaks(juju, above);
      assert.ok(!existsSync(join(juju.unit('bridge/0').folder, '.tls-certificates-secret')));
      await assertAtRest(world);
    }));

  it('before Juju 3 keeps its keys in a file that only its user can read, and moves them into secrets once there are some', async () => {
    let content = '';
    let key = '';
    await bridged({ version: '2.9.51' }, async ({ juju, below, above }) => {
      askByName(juju, below, 'web/0', { 'web.example': ['web.example'] });
      await juju.settle();
      ({ key } = thePairOf(juju, below, 'web/0', 'web.example'));
      const path = join(juju.unit('bridge/0').folder, '.tls-certificates-clients-bridge.json');
      assert.equal(statSync(path).mode & 0o777, 0o600);
      content = readFileSync(path, 'utf8');
      assertNoKeyLeaks(juju, above);
      askByName(juju, below, 'web/0', {});
      await juju.settle();
      assert.ok(!existsSync(path), 'it goes with the last key');
    });
    await bridged({}, async ({ juju, below }) => {
      const path = join(juju.unit('bridge/0').folder, '.tls-certificates-clients-bridge.json');
      writeFileSync(path, content, { mode: 0o600 });
      askByName(juju, below, 'web/0', { 'web.example': ['web.example'] });
      await juju.settle();
      assert.equal(thePairOf(juju, below, 'web/0', 'web.example').key.trim(), key.trim());
      assert.deepEqual([keptKeys(juju).size, existsSync(path)], [1, false]);
    });
  });

  it('a key that cannot be read stops the hook, for a new one in its place would have its certificate issued anew', () =>
    withJuju({}, async (juju) => {
      const complaints: Array<string> = [];
      juju.deploy('ca', charmOf(CSR_CA), { config: { generation: 1 } });
      juju.deploy('bridge', charmOf(BRIDGE, { now: new Date() }, (line) => complaints.push(line)));
      juju.deploy('web', null);
      const below = juju.relate('bridge:clients', 'web:certificates');
      const above = juju.relate('ca:client', 'bridge:certificates');
      askByName(juju, below, 'web/0', { 'web.example': [] });
      await juju.settle();
      const asked = askedAbove(juju, above);
      const [secret] = juju.secrets('bridge').filter(({ label }) => label.includes('-bridge-'));
      secret?.revisions.splice(0, 1, { 'private-key': 'SECRET', request: '{}' });
      // What was noted of it is lost with the unit's state.
      juju.unit('bridge/0').state = {};
      juju.fire('bridge/0', 'update-status');
      await assert.rejects(juju.settle());
      assert.match(complaints.join(), /the secret tls-certificates-clients-bridge-[0-9a-f]{32}-1 has no private key/);
      assert.doesNotMatch(complaints.join(), /SECRET/);
      assert.deepEqual(askedAbove(juju, above), asked);
    }));

  it('get-requests tells who asks for what, and what is awaited above', () =>
    bridged(
      { bridges: 2, provider: { ...CSR_CA, policy: { allowedNames: ['good.example'] } } },
      async ({ juju, below }) => {
        askByName(juju, below, 'web/0', { 'good.example': ['good.example'], 'bad.example': ['bad.example'] });
        await juju.settle();
        const hooks = juju.hooks.length;
        const { results } = await juju.run('bridge/0', 'get-requests');
        assert.equal(juju.hooks.length, hooks + 1);
        const listed = JSON.parse(results['requests'] ?? '').map((
          one: Record<string, unknown>,
        ) => [one['application'], one['unit'], one['common_name'], one['state'], one['passed_on']]);
        assert.deepEqual(listed, [
          ['web', 'web/0', 'bad.example', 'refused', false],
          ['web', 'web/0', 'good.example', 'answered', false],
        ]);
        assert.match(
          results['requests'] ?? '',
          /"reason": ?"the provider above does not issue this: names outside its domains"/,
        );
        const { failure } = await juju.run('bridge/1', 'get-requests');
        assert.equal(
          failure,
          'only the leader can do this: juju run bridge/leader get-requests, with the same parameters',
        );
      },
    ));

  it(
    'inspect lists what a bridge hands down, and what it awaits',
    { timeout: PATIENCE },
    () =>
      bridged({ units: 2, provider: { ...CSR_CA, policy: { allowedNames: ['good.example'] } } }, async (world) => {
        const { juju, below, above } = world;
        askByName(juju, below, 'web/0', { 'good.example': ['good.example'] });
        askByName(juju, below, 'web/1', { 'bad.example': ['bad.example'] });
        await juju.settle();
        const shown = (relation: ModelRelation, unit: string, others: ReadonlyArray<string>) => {
          const { near, far } = relation.seenBy(unit.replace(/\/.*/, ''));
          return {
            'relation-id': relation.number,
            endpoint: near.endpoint,
            'related-endpoint': far.endpoint,
            'application-data': juju.publishedBy(relation, far.application),
            'related-units': Object.fromEntries(
              others.map((other) => [other, { 'in-scope': true, data: juju.published(relation, other) }]),
            ),
          };
        };
        const document = {
          'bridge/0': {
            'relation-info': [shown(below, 'bridge/0', ['web/0', 'web/1']), shown(above, 'bridge/0', ['ca/0'])],
          },
          'web/0': { 'relation-info': [shown(below, 'web/0', ['bridge/0'])] },
          'ca/0': { 'relation-info': [shown(above, 'ca/0', ['bridge/0'])] },
        };
        const { stdout, stderr } = await command(['inspect'], JSON.stringify(document));
        assert.equal(stderr, '');
        assert.match(stdout, /^bridge is a bridge: 1 of 2 requests below are served from above$/m);
        assert.match(stdout, /^ {2}web\/0 +server good\.example +handed down from ca$/m);
        assert.match(stdout, /^ {2}web\/1 +server bad\.example +not asked above$/m);
        assert.doesNotMatch(stdout, /PRIVATE/);
      }),
  );

  it('rotate-private-keys replaces keys with overlap, those of the requests that are named', () =>
    bridged({}, async (world) => {
      const { juju, below, above } = world;
      askByName(juju, below, 'web/0', { 'a.example': ['a.example'], 'b.example': ['b.example'] });
      await juju.settle();
      const keyOf = (name: string) => thePairOf(juju, below, 'web/0', name).key;
      const before = [keyOf('a.example'), keyOf('b.example')];
      const { results } = await juju.run('bridge/0', 'rotate-private-keys', { 'common-name': 'a.example' });
      assert.deepEqual(results, { rotated: '1' });
      assert.notEqual(keyOf('a.example'), before[0]);
      assert.equal(keyOf('b.example'), before[1]);
      assert.deepEqual([askedAbove(juju, above).length, keptKeys(juju).size], [2, 2], 'the old key is gone');
      const { failure } = await juju.run('bridge/0', 'rotate-private-keys', { 'common-name': 'c.example' });
      assert.match(failure ?? '', /no request by name/);
      await assertAtRest(world);
    }));

  it('hands the CA of the provider above out on an endpoint for trust', () =>
    bridged({ bridge: { trust: [{ side: 'provides', endpoint: 'send-ca' }] } }, async ({ juju, below }) => {
      juju.deploy('store', null);
      const trust = juju.relate('bridge:send-ca', 'store:receive-ca');
      askByName(juju, below, 'web/0', { 'web.example': [] });
      await juju.settle();
      const [ca] = JSON.parse(juju.publishedBy(trust, 'bridge')['certificates'] ?? '[]');
      assert.equal(ca?.trim(), juju.published(below, 'bridge/0')['ca']?.trim());
    }));
});
