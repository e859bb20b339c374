/**
 * The actions of charms without code that ask for certificates: what they show, renewing on demand, and replacing a private key without a
 * moment in which certificate and key on disk do not belong together; also where a hook is killed at any call.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { RUNTIME } from '../../command.ts';
import type { Interference, Juju, JujuOptions, SeenCall } from '../../juju/juju.ts';
import { OURS } from '../../runs.ts';
import { type Acting, done, jsonIn, seenIn, withActing, writesSince } from './acting.ts';

const LABEL = 'afd8c2bccf834997afce12c2706d2ede-private-key-0-certificates';

/** The fields of the secret with the unit's key. */
const keptFields = (juju: Juju): Readonly<Record<string, string>> =>
  juju.secrets('web').find(({ label }) => label === LABEL)?.revisions.at(-1) ?? {};

/** The file with the unit's keys before Juju 3; empty where there is none. */
const readKeys = (juju: Juju): string => {
  const path = join(juju.unit('web/0').folder, '.tls-certificates-certificates-keys.json');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
};

const csrsOf = ({ juju, relation }: Acting): ReadonlyArray<string> =>
  JSON.parse(juju.published(relation, 'web/0')['certificate_signing_requests'] ?? '[]');

/** Certificate and key on disk belong together, and are there. */
const isPair = ({ certificate, installed }: Acting): void =>
  assert.ok(certificate().checkPrivateKey(createPrivateKey(installed('key'))));

/** Keeps the provider from having hooks while it does something: its hooks fail, and come again. */
const whileProviderRests = async ({ juju }: Acting, work: () => Promise<unknown>): Promise<void> => {
  juju.interfere = ({ unit }) => (unit === 'ca/0' ? { code: 1, stdout: '', stderr: 'ERROR not now\n' } : undefined);
  await work().catch((error) => assert.match(String(error), /^Error: ca\/0/));
  juju.interfere = undefined;
};

/** What kills the requirer once, at its n-th call. */
const killAt = (at: number) => {
  let calls = 0;
  return ({ unit }: SeenCall): Interference | undefined =>
    unit === 'web/0' && calls++ === at ? 'kill after' : undefined;
};

/**
 * Rotates, and kills the requirer at every other of its calls in turn, from the first or the second, of which the runtimes take a third each; at rest
 * it has a new pair, and no former key.
 */
const survivesKills = (options: JujuOptions, first: 0 | 1, keptIn: (acting: Acting) => string) =>
  withActing(options, async (acting) => {
    const { juju, installed } = acting;
    for (let at = first + 2 * OURS.first;; at += 2 * OURS.step) {
      const before = installed('key');
      const kill = killAt(at);
      let wasKilled = false;
      juju.interfere = (call) => {
        const interference = kill(call);
        if (interference !== undefined) wasKilled = true;
        // At every moment, what is on disk is a pair.
        isPair(acting);
        return interference;
      };
      const { failure } = await juju.run('web/0', 'rotate-private-key');
      juju.interfere = undefined;
      juju.fire('web/0', 'update-status');
      await juju.settle();
      isPair(acting);
      // What was killed has done nothing, or, where the key is in a file, it goes on by itself.
      if (failure === null) assert.notEqual(installed('key'), before);
      assert.equal(csrsOf(acting).length, 1);
      assert.equal(keptIn(acting), installed('key').trim());
      assert.equal(juju.unit('web/0').status.status, 'active', juju.unit('web/0').status.message);
      if (!wasKilled) {
        assert.ok(at > 10);
        return;
      }
    }
  });

describe(`the actions of a requirer on ${RUNTIME}`, () => {
  it('in real processes, certificates are shown, renewed, and issued for a new key, which is nowhere but where it belongs', () =>
    withActing({ inProcesses: true }, async (acting) => {
      const { juju, installed } = acting;
      const shown = done(await juju.run('web/0', 'get-certificate'));
      assert.equal(shown['certificate']?.trim(), installed('cert').trim());
      assert.equal(shown['ca-certificate']?.trim(), installed('ca').trim());
      assert.equal(JSON.parse(shown['chain'] ?? '')[0].trim(), installed('cert').trim());
      const [one] = jsonIn(shown, 'certificates');
      assert.deepEqual([one.cert_type, one.common_name, one.state], ['server', 'www.example', 'answered']);

      const [certificate, key] = [installed('cert'), installed('key')];
      const [renewing] = jsonIn(done(await juju.run('web/0', 'renew-certificate')), 'certificates');
      assert.equal(renewing.state, 'renewing');
      assert.notEqual(installed('cert'), certificate);
      assert.equal(installed('key'), key);

      done(await juju.run('web/0', 'rotate-private-key'));
      assert.notEqual(installed('key'), key);
      isPair(acting);
      assert.deepEqual(Object.keys(keptFields(juju)), ['private-key']);
      assert.equal(keptFields(juju)['private-key'], installed('key').trim());
      assert.equal(statSync(join(juju.folder, 'etc', 'key')).mode & 0o777, 0o600);
      for (const text of [key, installed('key')]) {
        // Of the private number, which is the first in this form.
        const line = text.split('\n').at(1)?.slice(0, 40) ?? assert.fail();
        assert.ok(!seenIn(juju, 'web/0', 'ca/0').includes(line));
      }
      assert.deepEqual(juju.hooks.map(({ stdout, stderr }) => stdout + stderr).join(''), '');
      const count = juju.hooks.length;
      for (const unit of ['web/0', 'ca/0']) juju.fire(unit, 'update-status');
      await juju.settle();
      assert.deepEqual(writesSince(juju, count), [], 'at rest, nothing is written');
    }));

  it('rotate-private-key keeps the former pair until the new one is there, also where the new key is replaced meanwhile', () =>
    withActing({}, async (acting) => {
      const { juju, installed } = acting;
      const [certificate, key] = [installed('cert'), installed('key')];
      await whileProviderRests(acting, () => juju.run('web/0', 'rotate-private-key'));
      const { action } = juju.hooks.findLast(({ unit, hook }) => unit === 'web/0' && hook === '') ?? assert.fail();
      assert.equal(jsonIn(done(action), 'certificates')[0].state, 'renewing');
      assert.deepEqual([installed('cert'), installed('key')], [certificate, key]);
      assert.equal(keptFields(juju)['former-private-key'], key.trim());
      assert.equal(csrsOf(acting).length, 2);
      // The new key has no certificate yet: another takes its place, and the former one still serves.
      const newer = keptFields(juju)['private-key'];
      await whileProviderRests(acting, () => juju.run('web/0', 'rotate-private-key'));
      assert.equal(keptFields(juju)['former-private-key'], key.trim());
      assert.notEqual(keptFields(juju)['private-key'], newer);
      assert.deepEqual([installed('cert'), installed('key'), csrsOf(acting).length], [certificate, key, 2]);
      await juju.settle({ retries: 1 });
      isPair(acting);
      assert.notEqual(installed('key'), key);
      assert.deepEqual([Object.keys(keptFields(juju)), csrsOf(acting).length], [['private-key'], 1]);
    }));

  it('rotate-private-key goes on over a relation that is removed and made again', () =>
    withActing({}, async (acting) => {
      const { juju, relation, installed } = acting;
      const key = installed('key');
      await whileProviderRests(acting, () => juju.run('web/0', 'rotate-private-key'));
      juju.removeRelation(relation);
      await juju.settle({ retries: 1 });
      assert.deepEqual([Object.keys(keptFields(juju)), installed('key')], [['private-key'], key]);
      juju.relate('ca:client', 'web:certificates');
      await juju.settle();
      isPair(acting);
      assert.equal(keptFields(juju)['private-key'], installed('key').trim());
    }));

  it('a key that is replaced loses nothing where the requirer is killed at any call', () =>
    survivesKills({}, 0, ({ juju }) => keptFields(juju)['private-key'] ?? ''));

  it('nor does it before Juju 3, where the keys are in a file', () =>
    survivesKills({ version: '2.9.50' }, 1, ({ juju }) => {
      const file = JSON.parse(readKeys(juju));
      assert.deepEqual(Object.keys(file), ['unit']);
      return file.unit;
    }));

  it('a key and the one before it move from the file into the secret when Juju becomes 3', () => {
    const options = { version: '2.9.50' };
    return withActing(options, async (acting) => {
      const { juju, installed } = acting;
      const former = installed('key');
      await whileProviderRests(acting, () => juju.run('web/0', 'rotate-private-key'));
      const { unit, 'former-unit': before } = JSON.parse(readKeys(juju));
      assert.equal(before, former.trim());
      options.version = '3.6.8';
      await juju.settle({ retries: 1 });
      juju.fire('web/0', 'update-status');
      await juju.settle();
      isPair(acting);
      assert.equal(installed('key').trim(), unit);
      assert.deepEqual(keptFields(juju), { 'private-key': unit });
      assert.equal(readKeys(juju), '', 'the file goes once the secret is known to be kept');
    });
  });

  it('the application’s key is its leader’s to replace, and the followers go along', () => {
    const requests = [{ certType: 'server', commonName: 'www.example' }, {
      certType: 'application',
      commonName: 'app.example',
    }];
    return withActing({ configurations: { web: { requests, install: [] } }, units: { web: 2 } }, async ({ juju }) => {
      const named = (owner: string) =>
        juju.secrets('web').find(({ label }) => label?.endsWith(`-private-key-${owner}-certificates`));
      const before = ['0', '1', 'app'].map((owner) => named(owner)?.revisions.at(-1)?.['private-key']);
      const refused = await juju.run('web/1', 'rotate-private-key', { owner: 'application' });
      assert.match(refused.failure ?? '', /juju run web\/leader rotate-private-key/);
      const renewal = await juju.run('web/1', 'renew-certificate', { 'cert-type': 'application' });
      assert.match(renewal.failure ?? '', /juju run web\/leader renew-certificate/);
      done(await juju.run('web/1', 'rotate-private-key'));
      done(await juju.run('web/0', 'rotate-private-key', { owner: 'application' }));
      const after = ['0', '1', 'app'].map((owner) => named(owner)?.revisions.at(-1)?.['private-key']);
      assert.deepEqual(after.map((key, i) => key === before[i]), [true, false, false]);
      for (const unit of ['web/0', 'web/1']) {
        const shown = jsonIn(done(await juju.run(unit, 'get-certificate')), 'certificates');
        assert.deepEqual(shown.map(({ state }: { state: string }) => state), ['answered', 'answered']);
        const application = new X509Certificate(shown[1].certificate);
        assert.ok(application.checkPrivateKey(createPrivateKey(after[2] ?? '')));
        assert.equal(juju.unit(unit).status.status, 'active', juju.unit(unit).status.message);
      }
    });
  });

  it('what cannot be renewed or replaced is refused with the reason, and nothing is written', () =>
    withActing({ configurations: { web: { requests: [], install: [] } } }, async ({ juju }) => {
      const cases: ReadonlyArray<readonly [action: string, parameters: Record<string, unknown>, failure: RegExp]> = [
        ['get-certificate', {}, /there is no certificate yet/],
        ['renew-certificate', {}, /no certificate is asked for that has this name and kind/],
        ['rotate-private-key', {}, /there is no private key yet/],
        [
          'rotate-private-key',
          { owner: 'SECRET' },
          /the parameters of rotate-private-key are wrong: owner: expected "unit" or/,
        ],
      ];
      for (const [action, parameters, failure] of cases) {
        const count = juju.hooks.length;
        const result = await juju.run('web/0', action, parameters);
        assert.match(result.failure ?? '', failure);
        assert.deepEqual([result.results, writesSince(juju, count)], [{}, []]);
        assert.doesNotMatch(result.failure ?? '', /SECRET/);
      }
    }));

  it('a renewal that would change no byte is refused', () => {
    const requests = [{ certType: 'server', commonName: 'www.example', uniqueIdentifier: false }];
    return withActing({ configurations: { web: { keys: 'RSA-2048', requests } } }, async ({ juju, installed }) => {
      const certificate = installed('cert');
      const { failure } = await juju.run('web/0', 'renew-certificate', { 'common-name': 'www.example' });
      assert.match(failure ?? '', /uniqueIdentifier: true/);
      assert.equal(installed('cert'), certificate);
    });
  });

  it('an action of a charm whose options are not set says so', () => {
    const requests = [{ certType: 'server', commonName: '{config.domain}' }];
    return withActing({ configurations: { web: { requests, install: [] } } }, async ({ juju }) => {
      const { failure } = await juju.run('web/0', 'renew-certificate');
      assert.match(failure ?? '', /the charm has no option called domain/);
    });
  });

  it('get-certificate shows what the reactive provider gave, without the key', () =>
    withActing({ protocol: 'reactive' }, async ({ juju, installed }) => {
      const shown = done(await juju.run('web/0', 'get-certificate', { 'cert-type': 'server' }));
      assert.equal(shown['certificate']?.trim(), installed('cert').trim());
      assert.equal(shown['ca-certificate']?.trim(), installed('ca').trim());
      assert.doesNotMatch(JSON.stringify(shown), /PRIVATE KEY/);
      const none = await juju.run('web/0', 'get-certificate', { 'common-name': 'x' });
      assert.match(none.failure ?? '', /no certificate is asked for/);
    }));
});
