/**
 * A charm without code that speaks the CSR protocol, over the years: woken by a secret that expires it renews, and keeps what it has until
 * there is something new.
 *
 * Its hooks run in this process, so that they can be given a clock.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { hookCommand } from '../../../adapters/charm/command.ts';
import { type CharmFunction, type Juju, type JujuOptions, withJuju } from '../../juju/juju.ts';

const DAY = 86_400_000;

const CA = JSON.stringify({ side: 'csr/provides', endpoint: 'client', authority: { commonName: 'Test CA' } });

const requirer = (etc: string): string =>
  JSON.stringify({
    side: 'csr/requires',
    endpoint: 'certificates',
    keys: 'P-256',
    status: true,
    requests: [{ certType: 'server', commonName: 'www.example' }],
    install: [{ certType: 'server', commonName: 'www.example', cert: join(etc, 'cert'), key: join(etc, 'key') }],
  });

/** A Juju with both charms and a clock, come to rest. */
const withCharms = (
  options: JujuOptions,
  work: (juju: Juju, etc: string, clock: { now: number }) => Promise<void>,
): Promise<void> =>
  withJuju(options, async (juju) => {
    const [etc, clock] = [join(juju.folder, 'etc'), { now: Date.now() }];
    mkdirSync(etc);
    const charm = (name: string, configuration: string): CharmFunction => {
      const path = join(juju.folder, `${name}.json`);
      writeFileSync(path, configuration);
      return (variables, runTool) =>
        hookCommand(path, {
          variables,
          runTool,
          now: () => new Date(clock.now),
          complain: (line) => assert.fail(line),
        });
    };
    juju.deploy('ca', charm('ca', CA));
    juju.deploy('web', charm('web', requirer(etc)));
    juju.relate('ca:client', 'web:certificates');
    await juju.settle();
    assert.equal(juju.unit('web/0').status.status, 'active', juju.unit('web/0').status.message);
    await work(juju, etc, clock);
  });

const text = (...path: ReadonlyArray<string>): string => readFileSync(join(...path), 'utf8');

/** The secret that wakes the requirer. */
const waking = (juju: Juju) => juju.secrets('web').filter(({ label }) => label?.includes('-wake-'));

/** Lets time pass until a moment. */
const pass = async (juju: Juju, clock: { now: number }, to: number): Promise<void> => {
  clock.now = to;
  juju.expireSecrets(new Date(to));
  await juju.settle();
};

describe('charms of the CSR protocol, over the years', () => {
  it('one secret wakes the unit when its certificate is due, and it renews under the same key', () =>
    withCharms({}, async (juju, etc, clock) => {
      const [certificate, key] = [text(etc, 'cert'), text(etc, 'key')];
      const { validFrom, validTo } = new X509Certificate(certificate);
      const due = Date.parse(validFrom) + 0.9 * (Date.parse(validTo) - Date.parse(validFrom));
      const [first, ...others] = waking(juju);
      assert.deepEqual(others, []);
      assert.ok(Math.abs(Date.parse(first?.expiry ?? '') - due) <= 1000, `${first?.expiry}`);

      await pass(juju, clock, due - DAY);
      assert.equal(text(etc, 'cert'), certificate, 'not yet');
      await pass(juju, clock, due + 1000);
      // Its turn comes within a hundredth of the life, and Juju wakes it then.
      if (text(etc, 'cert') === certificate) await pass(juju, clock, Date.parse(waking(juju)[0]?.expiry ?? ''));
      const renewed = text(etc, 'cert');
      assert.notEqual(renewed, certificate);
      assert.ok(Date.parse(new X509Certificate(renewed).validTo) > Date.parse(validTo));
      assert.equal(text(etc, 'key'), key);
      assert.equal(waking(juju).length, 1);
      assert.ok(Date.parse(waking(juju)[0]?.expiry ?? '') > clock.now);

      const before = juju.hooks.length;
      juju.fire('web/0', 'update-status');
      await juju.settle();
      assert.deepEqual(
        juju.hooks.slice(before).flatMap(({ calls }) => calls).filter(({ tool }) => /-(set|add|remove)$/.test(tool)),
        [],
        'at rest, nothing is written',
      );
    }));

  it('the unit is woken by one secret also where its memory was lost, or where Juju is ahead of its clock', () =>
    withCharms({}, async (juju, _etc, clock) => {
      const [first] = waking(juju);
      juju.unit('web/0').state = {};
      juju.fire('web/0', 'update-status');
      await juju.settle();
      assert.deepEqual(waking(juju).map(({ id }) => id), [first?.id]);

      juju.expireSecrets(new Date(clock.now + 400 * DAY));
      await juju.settle();
      assert.deepEqual(waking(juju).map(({ id }) => id === first?.id), [false]);
      assert.ok(Date.parse(waking(juju)[0]?.expiry ?? '') >= Date.parse(first?.expiry ?? ''));
    }));

  it('where Juju has no secrets, the key is in a file for the unit alone', () =>
    withCharms({ version: '2.9.50' }, (juju, etc) => {
      const file = join(juju.unit('web/0').folder, '.tls-certificates-certificates-keys.json');
      assert.equal(statSync(file).mode & 0o777, 0o600);
      assert.equal(JSON.parse(text(file)).unit, text(etc, 'key').trim());
      return Promise.resolve();
    }));
});
