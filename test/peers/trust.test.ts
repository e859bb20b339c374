/**
 * Ours meets the Python library about trust, in both roles, each of its hooks a process; and what docs/certificate-transfer.md says of it.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { hookCommand } from '../../adapters/charm/command.ts';
import { normalCertificates } from '../../core/x509/mod.ts';
import { testAuthority } from '../adapters/install/authority.ts';
import { machineOn } from '../adapters/install/machine.ts';
import { published, relation, requiring } from '../core/trust/world.ts';
import { type CharmFunction, type Juju, withJuju } from '../juju/juju.ts';
import { python, withoutPython } from './python.ts';

/** The charm of `charms/trust`; nobody would do anything in its first hooks. */
const pythonCharm = (juju: Juju): string => {
  const folder = join(juju.folder, 'python');
  cpSync(fileURLToPath(new URL('charms/trust/', import.meta.url)), folder, { recursive: true });
  const { interpreter, pathForTrust } = python();
  writeFileSync(
    join(folder, 'dispatch'),
    `#!/bin/sh
case "$JUJU_DISPATCH_PATH" in hooks/install | hooks/start | hooks/leader-elected) exit 0 ;; esac
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH='${pathForTrust}' exec '${interpreter}' src/charm.py
`,
  );
  chmodSync(join(folder, 'dispatch'), 0o700);
  return folder;
};

/** Ours, in this process. */
const ourCharm = (juju: Juju, configuration: string): CharmFunction => {
  mkdirSync(join(juju.folder, 'trust'), { recursive: true });
  return (variables, runTool) => {
    const path = join(variables['JUJU_CHARM_DIR'] ?? '', 'tls-certificates.yaml');
    writeFileSync(path, configuration);
    const machine = machineOn(juju.folder);
    const now = (): Date => new Date('2026-11-25T09:00:00Z');
    return hookCommand(path, { variables, runTool, machine, now, complain: (line) => assert.fail(line) });
  };
};

const taking = (juju: Juju): string =>
  `endpoint: certificates\ntrust: [{ endpoint: receive-ca, file: ${join(juju.folder, 'ca.pem')} }]\n`;

const SENDING = 'endpoint: certificates\ntrust: [{ side: provides, endpoint: send-ca }]\n';

const bundle = (juju: Juju): string | null => {
  const path = join(juju.folder, 'ca.pem');
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
};

/** What a unit on the Python library says that it trusts. */
const trusts = (juju: Juju): ReadonlyArray<string> => JSON.parse(juju.unit('web/0').status.message);

const root = async (name: string): Promise<string> => normalCertificates((await testAuthority(name)).root);

const inJuju = (work: (juju: Juju) => Promise<void>): Promise<void> => {
  assert.notEqual(process.platform, 'win32');
  return withJuju({}, work);
};

describe('ours and the Python library about trust', () => {
  it(
    'ours trusts what the library hands out, until it takes that back',
    { skip: withoutPython },
    () =>
      inJuju(async (juju) => {
        const [one, two] = [await root('one'), await root('two')];
        juju.deploy('ca', pythonCharm(juju), { config: { certificates: JSON.stringify([one, two, `${one}\n`]) } });
        juju.deploy('web', ourCharm(juju, taking(juju)));
        const between = juju.relate('ca:send-ca', 'web:receive-ca');
        await juju.settle();
        assert.equal(bundle(juju), [one, two].sort().join(''));
        assert.equal(juju.publishedBy(between, 'ca')['version'], '1');
        juju.configure('ca', { certificates: JSON.stringify([two]) });
        await juju.settle();
        assert.equal(bundle(juju), two);
        juju.configure('ca', { certificates: '[]' });
        await juju.settle();
        assert.equal(bundle(juju), null);
      }),
  );

  it(
    'the library trusts what ours hands out, and hears when that changes',
    { skip: withoutPython },
    () =>
      inJuju(async (juju) => {
        const [one, two] = [await root('one'), await root('two')];
        juju.deploy('easyrsa', null);
        juju.deploy('ca', ourCharm(juju, SENDING));
        juju.deploy('web', pythonCharm(juju), { config: { certificates: '[]' } });
        const certificates = juju.relate('easyrsa:client', 'ca:certificates');
        const between = juju.relate('ca:send-ca', 'web:receive-ca');
        juju.publish(certificates, 'easyrsa/0', { ca: one });
        await juju.settle();
        assert.deepEqual(trusts(juju), [one.trim()]);
        assert.deepEqual(juju.published(between, 'ca/0'), {}, 'version 0 is taken back');
        juju.publish(certificates, 'easyrsa/0', { ca: two });
        await juju.settle();
        assert.deepEqual(trusts(juju), [two.trim()]);
        juju.removeRelation(certificates);
        await juju.settle();
        assert.deepEqual(trusts(juju), []);
        assert.deepEqual(juju.hooks.filter(({ code }) => code !== 0), []);
      }),
  );

  it(
    'ours reads what the library hands to a requirer of version 0',
    { skip: withoutPython },
    () =>
      inJuju(async (juju) => {
        const [one, two] = [await root('one'), await root('two')];
        juju.deploy('ca', pythonCharm(juju), { config: { certificates: JSON.stringify([one, two]) } });
        juju.deploy('old', null);
        const between = juju.relate('ca:send-ca', 'old:receive-ca');
        await juju.settle();
        const unit = juju.published(between, 'ca/0');
        assert.deepEqual(Object.keys(unit).sort(), ['ca', 'certificate', 'chain', 'version']);
        const read = requiring({ relations: [relation({ remoteUnits: { 'ca/0': unit } })] });
        assert.deepEqual(read.view.certificates.map(({ pem }) => `${pem}\n`), [one, two].sort());
        assert.deepEqual(read.findings, []);
        const both = requiring({ relations: [relation({ remoteApplicationData: juju.publishedBy(between, 'ca') })] });
        assert.deepEqual(both.view.certificates, read.view.certificates);
      }),
  );

  it('the library reads neither plain PEM of version 0 nor a list with one bad entry, and ours reads both', {
    skip: withoutPython,
  }, () =>
    inJuju(async (juju) => {
      const one = await root('one');
      juju.deploy('store', null);
      juju.deploy('web', pythonCharm(juju), { config: { certificates: '[]' } });
      const between = juju.relate('store:send-ca', 'web:receive-ca');
      const version0 = { ca: one, certificate: one, chain: JSON.stringify([one]) };
      juju.publish(between, 'store/0', version0);
      await juju.settle();
      assert.deepEqual(trusts(juju), []);
      const ours = (change: Parameters<typeof relation>[0]) =>
        requiring({ relations: [relation(change)] }).view.certificates.map(({ pem }) => `${pem}\n`);
      assert.deepEqual(ours({ remoteUnits: { 'store/0': version0 } }), [one]);
      juju.publishAs(between, 'store', published(one, 7));
      await juju.settle();
      assert.deepEqual(trusts(juju), []);
      assert.deepEqual(ours({ remoteApplicationData: published(one, 7) }), [one]);
      juju.publishAs(between, 'store', published(one));
      await juju.settle();
      assert.deepEqual(trusts(juju), [one]);
    }));
});
