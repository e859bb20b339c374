/**
 * A bridge between the Python library and what speaks another protocol: units that ask by name below its provider, and its requirer below.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  askByName,
  askedAbove,
  assertNoKeyLeaks,
  BRIDGE,
  charmOf,
  CSR_CA,
  keptKeys,
  pairOf,
  thePairOf,
} from '../juju/bridged.ts';
import { type Juju, withJuju } from '../juju/juju.ts';
import { defaultsOf, pythonCharm } from './charm.ts';
import { type Version, VERSIONS, withoutPython } from './python.ts';

/** Lets everybody notice what is only noticed without an occasion. */
const tick = async (juju: Juju, ...applications: ReadonlyArray<string>): Promise<void> => {
  for (const unit of applications.flatMap((name) => juju.unitsOf(name))) juju.fire(unit, 'update-status');
  await juju.settle();
};

const provide = async (juju: Juju, version: Version): Promise<void> =>
  juju.deploy('ca', await pythonCharm('provider', version), { config: defaultsOf('provider') });

describe('a bridge and the Python library', () => {
  for (const version of VERSIONS) {
    it(
      `units that ask by name get everything from a provider on ${version}, whatever happens`,
      { skip: withoutPython },
      () =>
        withJuju({}, async (juju) => {
          await provide(juju, version);
          juju.deploy('bridge', charmOf({ ...BRIDGE, sharedClient: true }), { units: 2 });
          juju.deploy('web', null, { units: 2 });
          const below = juju.relate('bridge:clients', 'web:certificates');
          const above = juju.relate('ca:certificates', 'bridge:certificates');
          askByName(juju, below, 'web/0', { 'a.example': ['a.example', '10.0.0.7'], 'b.example': ['b.example'] });
          askByName(juju, below, 'web/1', { 'a.example': ['a.example'] });
          askByName(juju, below, 'web/1', { 'web-client': [] }, 'client_cert_requests');
          for (const unit of ['web/0', 'web/1']) {
            askByName(juju, below, unit, { 'app.example': ['app.example'] }, 'application_cert_requests');
          }
          await juju.settle();
          const all = [
            ['web/0', 'a.example', ''],
            ['web/0', 'b.example', ''],
            ['web/1', 'a.example', ''],
            ['web/1', 'web-client', 'client_'],
            ['web/1', 'app_data', 'application_'],
          ] as const;
          const pairs = () => all.map(([unit, name, kind]) => thePairOf(juju, below, unit, name, kind));
          const shown = () => pairs().map(({ cert, key }) => [cert.fingerprint256, key]);
          assert.equal(new Set(pairs().map(({ key }) => key)).size, all.length, 'each request has its own key');
          assert.equal(askedAbove(juju, above).length, all.length + 1, 'and the client certificate that all share');

          const before = shown();
          juju.lead('bridge/1');
          await juju.settle();
          await tick(juju, 'bridge', 'ca');
          assert.deepEqual(shown(), before, 'another leader issues nothing anew');

          askByName(juju, below, 'web/0', { 'a.example': ['a.example', 'www.example'], 'b.example': ['b.example'] });
          await juju.settle();
          const changed = thePairOf(juju, below, 'web/0', 'a.example');
          assert.match(changed.cert.subjectAltName ?? '', /www\.example/);
          assert.equal(changed.key, before[0]?.[1]);
          assert.deepEqual(shown().slice(1), before.slice(1), 'and nothing else');

          juju.configure('ca', { ca: 'Another CA' });
          await juju.settle();
          await tick(juju, 'ca', 'bridge');
          for (const { cert } of pairs()) assert.match(cert.issuer, /Another CA/);

          juju.removeUnit('web/1');
          await juju.settle();
          assert.equal(pairOf(juju, below, 'web/1', 'a.example'), null);
          assert.deepEqual([askedAbove(juju, above).length, keptKeys(juju).size], [4, 4]);
          assertNoKeyLeaks(juju, above);

          juju.removeRelation(below);
          await juju.settle();
          await tick(juju, 'ca');
          assert.deepEqual([askedAbove(juju, above).length, keptKeys(juju).size], [0, 0]);
          assert.equal(juju.publishedBy(above, 'ca')['certificates'] ?? '[]', '[]');
        }),
    );
  }

  it(
    'its requirer gets certificates through a bridge, of its own key, from either provider',
    { skip: withoutPython },
    async () => {
      for (const provider of ['python', 'ours'] as const) {
        await withJuju({}, async (juju) => {
          if (provider === 'python') await provide(juju, '1.12.0');
          else {
            juju.deploy('ca', charmOf({ ...CSR_CA, endpoint: 'certificates' }), { config: { generation: 1 } });
          }
          juju.deploy('bridge', charmOf(BRIDGE));
          const config = { ...defaultsOf('requirer'), mode: 'UNIT' };
          juju.deploy('web', await pythonCharm('requirer', '1.12.0'), { config, units: 2 });
          const below = juju.relate('bridge:clients', 'web:certificates');
          const above = juju.relate('ca:certificates', 'bridge:certificates');
          await juju.settle();
          const has = (unit: string) => JSON.parse(juju.unit(unit).status.message).certificates.UNIT;
          for (const unit of ['web/0', 'web/1']) assert.deepEqual(has(unit), [`${unit.replace('/', '-')}.example`]);
          const asked = askedAbove(juju, above);
          assert.equal(asked.length, 2);
          juju.configure('web', { sans: 'www.example' });
          await juju.settle();
          assert.equal(askedAbove(juju, above).filter((csr) => asked.includes(csr)).length, 0);
          assert.deepEqual(has('web/0'), ['web-0.example']);
          juju.removeRelation(below);
          await juju.settle();
          assert.deepEqual([askedAbove(juju, above), keptKeys(juju).size], [[], 0], provider);
        });
      }
    },
  );
});
