/**
 * Trust beside certificates in charms without code: what comes in is trusted, what the charm has goes out, in one hook with the rest.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { hookCommand } from '../../../adapters/charm/command.ts';
import { normalCertificates } from '../../../core/x509/mod.ts';
import { RUNTIME } from '../../command.ts';
import { charmFolder } from '../../juju/charm-folder.ts';
import { type CharmFunction, type Juju, Killed, withJuju } from '../../juju/juju.ts';
import type { ModelRelation } from '../../juju/model.ts';
import { testAuthority } from '../install/authority.ts';
import { machineOn } from '../install/machine.ts';

const now = (): Date => new Date('2026-11-25T09:00:00Z');

const CA = [
  'side: csr/provides',
  'endpoint: client',
  'authority: { commonName: Test CA }',
  'trust: [{ side: provides, endpoint: send-ca }]',
  'status: true',
  '',
].join('\n');

interface Place {
  readonly folder: string;
  /** Commands that ran, in order. */
  readonly ran: Array<string>;
}

const placeIn = (juju: Juju): Place => {
  mkdirSync(join(juju.folder, 'trust'));
  return { folder: juju.folder, ran: [] };
};

/** A charm with this configuration, in this process, on a machine in a folder. */
const charmOf = (configuration: string, { folder, ran }: Place): CharmFunction => (variables, runTool) => {
  const path = join(variables['JUJU_CHARM_DIR'] ?? '', 'tls-certificates.yaml');
  writeFileSync(path, configuration);
  const machine = machineOn(folder, undefined, (argv) => {
    ran.push(argv.join(' '));
    return null;
  });
  return hookCommand(path, { variables, runTool, now, machine, complain: (line) => assert.fail(line) });
};

const taking = ({ folder }: Place, more = ''): string =>
  `endpoint: certificates\nstatus: true\n${more}trust:\n- endpoint: receive-ca\n  file: ${folder}/etc/ca.pem\n` +
  '  makeFolders: true\n  trustStore: true\n  run: [reload]\n';

const bundle = ({ folder }: Place): string | null =>
  existsSync(join(folder, 'etc/ca.pem')) ? readFileSync(join(folder, 'etc/ca.pem'), 'utf8') : null;

const stored = ({ folder }: Place): ReadonlyArray<string> =>
  ['', '.2', '.3'].map((n) => join(folder, `trust/juju-web_0-receive-ca${n}.crt`)).filter((path) => existsSync(path));

const status = (juju: Juju, unit = 'web/0'): string => Object.values(juju.unit(unit).status).join(': ');

/** A charm that takes, and a provider of trust that the test plays. */
const related = async (juju: Juju, place: Place, more?: string): Promise<ModelRelation> => {
  juju.deploy('easyrsa', null);
  juju.deploy('store', null);
  juju.deploy('web', charmOf(taking(place, more), place));
  juju.relate('easyrsa:client', 'web:certificates');
  const relation = juju.relate('store:send-ca', 'web:receive-ca');
  await juju.settle();
  return relation;
};

const publish = async (juju: Juju, relation: ModelRelation, ...certificates: ReadonlyArray<string>): Promise<void> => {
  juju.publishAs(relation, 'store', { certificates: JSON.stringify(certificates), version: '1' });
  await juju.settle();
};

const tick = async (juju: Juju, unit = 'web/0'): Promise<void> => {
  juju.fire(unit, 'update-status');
  await juju.settle();
};

/** The calls with which hooks change something, since a moment. */
const changesSince = (juju: Juju, from: number): ReadonlyArray<string> =>
  juju.hooks.slice(from).flatMap(({ calls }) => calls)
    .filter(({ tool }) => /^(relation|state|status|secret)-(set|add|delete)$/.test(tool)).map(({ tool }) => tool);

const roots = async (): Promise<readonly [string, string]> => [
  normalCertificates((await testAuthority('one')).root),
  normalCertificates((await testAuthority('two')).root),
];

describe('trust beside certificates', () => {
  it('what comes in is in the file and the trust store, and goes when it is taken back', () =>
    withJuju({}, async (juju) => {
      const place = placeIn(juju);
      const relation = await related(juju, place);
      assert.deepEqual([bundle(place), stored(place), place.ran], [null, [], []]);
      assert.equal(juju.publishedBy(relation, 'web')['version'], '1');
      const [one, two] = await roots();
      await publish(juju, relation, one, `${two}\n${one}`);
      assert.equal(bundle(place), [one, two].sort().join(''));
      assert.equal(statSync(join(place.folder, 'etc/ca.pem')).mode & 0o777, 0o644);
      assert.equal(stored(place).length, 2);
      assert.deepEqual([place.ran, status(juju)], [['update-ca-certificates', 'reload'], 'active: ']);
      const before = juju.hooks.length;
      await tick(juju);
      await publish(juju, relation, two, one);
      assert.deepEqual([changesSince(juju, before), place.ran.length], [[], 2], 'the same in another order');
      await publish(juju, relation, two);
      assert.deepEqual([bundle(place), stored(place).length, place.ran.length], [two, 1, 4]);
      juju.removeRelation(relation);
      await juju.settle();
      assert.deepEqual([bundle(place), stored(place), place.ran.length], [null, [], 6]);
      await tick(juju);
      assert.equal(place.ran.length, 6);
    }));

  it('what stood there before anything came in stays', () =>
    withJuju({}, async (juju) => {
      const place = placeIn(juju);
      mkdirSync(join(place.folder, 'etc'));
      writeFileSync(join(place.folder, 'etc/ca.pem'), 'somebody else');
      const relation = await related(juju, place);
      assert.equal(bundle(place), 'somebody else');
      juju.removeRelation(relation);
      await juju.settle();
      assert.deepEqual([bundle(place), place.ran], ['somebody else', []]);
    }));

  it('one that cannot be trusted keeps no other out, and where none can be, what is there stays', () =>
    withJuju({}, async (juju) => {
      const place = placeIn(juju);
      const relation = await related(juju, place);
      const [one] = await roots();
      const authority = await testAuthority('one');
      const { cert: leaf } = await authority.answer('server', 'web.example');
      const { cert: expired } = await authority.expired('old.example');
      await publish(juju, relation, leaf, one, expired, 'nonsense');
      assert.deepEqual([bundle(place), status(juju)], [one, 'active: ']);
      const log = JSON.stringify(juju.unit('web/0').log);
      assert.match(log, /it is not trusted here/);
      assert.match(log, /malformed-entry \(receive-ca:2 certificates\)/);
      await publish(juju, relation, leaf);
      assert.equal(bundle(place), one);
      assert.match(status(juju), /^blocked: trust\[0\]: /);
      const before = juju.hooks.length;
      await tick(juju);
      assert.deepEqual(changesSince(juju, before), [], 'the status does not come and go');
      await publish(juju, relation, one);
      assert.equal(status(juju), 'active: ');
    }));

  it('the unit says the worse of what both endpoints have to say', () =>
    withJuju({}, async (juju) => {
      const place = placeIn(juju);
      const asking = 'requests:\n- { certType: server, commonName: web.example }\n';
      const relation = await related(juju, place, asking);
      assert.match(status(juju), /^waiting: certificates: waiting for the certificate since /);
      const { cert } = await (await testAuthority()).answer('server', 'web.example');
      await publish(juju, relation, cert);
      assert.match(status(juju), /^blocked: trust\[0\]: /);
    }));

  it('both endpoints have a memory of their own, and neither is kept where the hook fails', () =>
    withJuju({}, async (juju) => {
      const place = placeIn(juju);
      const relation = await related(juju, place);
      const entries = () => Object.keys(juju.unit('web/0').state).sort();
      assert.deepEqual(entries(), ['tls-certificates/certificates', 'tls-certificates/receive-ca']);
      const before = { ...juju.unit('web/0').state };
      const [one] = await roots();
      let writes = 0;
      juju.interfere = ({ unit, tool }) =>
        unit === 'web/0' && tool === 'state-set' && writes++ === 0 ? 'kill after' : undefined;
      juju.publishAs(relation, 'store', { certificates: JSON.stringify([one]), version: '1' });
      await juju.settle().catch((error) => assert.ok(error instanceof Killed || /failed|killed/.test(String(error))));
      assert.deepEqual(juju.hooks.at(-1)?.committed === false ? juju.unit('web/0').state : before, before);
      juju.interfere = undefined;
      await juju.settle();
      await tick(juju);
      assert.deepEqual([bundle(place), place.ran.at(-1), status(juju)], [one, 'reload', 'active: ']);
      assert.match(
        juju.unit('web/0').state['tls-certificates/receive-ca'] ?? '',
        /receive-ca\.certificates\.available/,
      );
    }));

  it('a requirer hands its CA on, and keeps it out while it has none', () =>
    withJuju({}, async (juju) => {
      const place = placeIn(juju);
      juju.deploy('easyrsa', null);
      juju.deploy('app', null);
      const configuration = 'endpoint: certificates\ntrust:\n- { side: provides, endpoint: send-ca }\n';
      juju.deploy('web', charmOf(configuration, place), { units: 2 });
      const certificates = juju.relate('easyrsa:client', 'web:certificates');
      const sending = juju.relate('web:send-ca', 'app:receive-ca');
      juju.publishAs(sending, 'app', { version: '1' });
      await juju.settle();
      assert.deepEqual(juju.publishedBy(sending, 'web'), {});
      const { root, intermediate } = await testAuthority();
      juju.publish(certificates, 'easyrsa/0', { ca: root, chain: intermediate });
      await juju.settle();
      const { certificates: list, version } = juju.publishedBy(sending, 'web');
      const wanted = [root, intermediate].map((pem) => normalCertificates(pem).trim()).sort();
      assert.deepEqual([JSON.parse(list ?? ''), version], [wanted, '1']);
      for (const unit of ['web/0', 'web/1']) assert.deepEqual(juju.published(sending, unit), {});
      juju.publishAs(sending, 'app', { version: '' });
      await juju.settle();
      for (const unit of ['web/0', 'web/1']) {
        assert.equal(
          juju.published(sending, unit)['ca'],
          wanted.find((pem) => pem === normalCertificates(root).trim()),
        );
      }
      juju.removeRelation(certificates);
      await juju.settle();
      assert.deepEqual(juju.publishedBy(sending, 'web')['certificates'], '[]');
      for (const unit of ['web/0', 'web/1']) assert.deepEqual(juju.published(sending, unit), {});
    }));

  it(`a CA hands its certificate to a charm that trusts it, in hook processes on ${RUNTIME}`, () =>
    withJuju({}, async (juju) => {
      const file = join(juju.folder, 'etc', 'ca.pem');
      const web = `side: csr/requires\nendpoint: certificates\nstatus: true\n` +
        `trust:\n- { endpoint: receive-ca, file: "${file}", makeFolders: true }\n`;
      juju.deploy('ca', await charmFolder(join(juju.folder, 'ca'), CA));
      juju.deploy('web', await charmFolder(join(juju.folder, 'web'), web));
      const relation = juju.relate('ca:send-ca', 'web:receive-ca');
      await juju.settle();
      assert.deepEqual(juju.hooks.filter(({ code, stderr }) => code !== 0 || stderr !== ''), []);
      const [certificate] = JSON.parse(juju.publishedBy(relation, 'ca')['certificates'] ?? '[]');
      assert.equal(readFileSync(file, 'utf8'), `${certificate}\n`);
    }));

  it('a CA hands the same certificate out whichever unit leads, and is at rest then', () =>
    withJuju({}, async (juju) => {
      const place = placeIn(juju);
      juju.deploy('ca', charmOf(CA, place), { units: 2 });
      juju.deploy('web', charmOf(taking(place), place));
      const relation = juju.relate('ca:send-ca', 'web:receive-ca');
      await juju.settle();
      const [certificate] = JSON.parse(juju.publishedBy(relation, 'ca')['certificates'] ?? '[]');
      assert.equal(bundle(place), `${certificate}\n`);
      juju.lead('ca/1');
      await juju.settle();
      assert.deepEqual(JSON.parse(juju.publishedBy(relation, 'ca')['certificates'] ?? '[]'), [certificate]);
      const idle = async (): Promise<void> => {
        for (const unit of ['web/0', 'ca/0', 'ca/1']) juju.fire(unit, 'update-status');
        await juju.settle();
      };
      // The former leader learns in its next hook that it need not be woken any more.
      await idle();
      const before = juju.hooks.length;
      await idle();
      assert.deepEqual(changesSince(juju, before), [], 'at rest, nothing is written');
    }));
});
