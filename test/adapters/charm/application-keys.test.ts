/**
 * A certificate of the application whose key its units cannot share, since Juju keeps no secrets before version 3: the log of every unit says so.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { hookCommand } from '../../../adapters/charm/command.ts';
import { type CharmFunction, type Juju, withJuju } from '../../juju/juju.ts';

type Protocol = 'reactive' | 'csr';

/** A configuration of each unit's own, since they share this disk. */
const charm = (folder: string, configuration: (etc: string) => object): CharmFunction => (variables, runTool) => {
  const etc = join(folder, (variables['JUJU_UNIT_NAME'] ?? '').replace('/', '-'));
  mkdirSync(etc, { recursive: true });
  const path = join(etc, 'tls-certificates.json');
  writeFileSync(path, JSON.stringify(configuration(etc)));
  return hookCommand(path, { variables, runTool, complain: (line) => assert.fail(line) });
};

const SUBJECT = { certType: 'application', commonName: 'web.example' };

/** Two units ask for a certificate of their application. */
const asked = async (juju: Juju, protocol: Protocol, certType = 'application'): Promise<void> => {
  const authority = { side: `${protocol}/provides`, endpoint: 'client', authority: { commonName: 'Test CA' } };
  juju.deploy('ca', charm(juju.folder, () => authority));
  juju.deploy(
    'web',
    charm(juju.folder, (etc) => ({
      endpoint: 'certificates',
      keys: 'P-256',
      requests: [{ ...SUBJECT, certType, sans: [SUBJECT.commonName] }],
      install: [{ ...SUBJECT, certType, cert: join(etc, 'cert'), key: join(etc, 'key') }],
      status: true,
    })),
    { units: 2 },
  );
  juju.relate('ca:client', 'web:certificates');
  await juju.settle();
};

const has = ({ folder }: Juju, unit: string): boolean => existsSync(join(folder, unit, 'cert'));

const said = (juju: Juju): ReadonlyArray<number> =>
  juju.unitsOf('web').map((unit) => juju.unit(unit).log.filter((line) => line.includes('key-not-shared')).length);

describe('a certificate of the application', () => {
  it('before Juju 3, a provider of the CSR protocol gives it to the leader alone, and every unit is told once', () =>
    withJuju({ version: '2.9.52' }, async (juju) => {
      await asked(juju, 'csr');
      assert.deepEqual([has(juju, 'web-0'), has(juju, 'web-1')], [true, false]);
      assert.equal(juju.unit('web/1').status.status, 'waiting');
      for (const unit of juju.unitsOf('web')) juju.fire(unit, 'update-status');
      await juju.settle();
      assert.deepEqual(said(juju), [1, 1]);
      const line = juju.unit('web/1').log.find((one) => one.includes('key-not-shared'));
      assert.match(line ?? '', /^WARNING .*units cannot share a private key/);
    }));

  it('before Juju 3, a reactive provider gives it to all, and nothing is said', () =>
    withJuju({ version: '2.9.52' }, async (juju) => {
      await asked(juju, 'reactive');
      assert.deepEqual([has(juju, 'web-0'), has(juju, 'web-1')], [true, true]);
      assert.deepEqual(said(juju), [0, 0]);
    }));

  it('before Juju 3, a certificate of each unit needs no key that is shared', () =>
    withJuju({ version: '2.9.52' }, async (juju) => {
      await asked(juju, 'csr', 'server');
      assert.deepEqual([has(juju, 'web-0'), has(juju, 'web-1')], [true, true]);
      assert.deepEqual(said(juju), [0, 0]);
    }));

  it('with secrets, all units have it', () =>
    withJuju({ version: '3.6.8' }, async (juju) => {
      await asked(juju, 'csr');
      assert.deepEqual([has(juju, 'web-0'), has(juju, 'web-1')], [true, true]);
      assert.deepEqual(said(juju), [0, 0]);
    }));
});
