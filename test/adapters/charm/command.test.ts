/**
 * A charm that is nothing but its configuration: what it asks for, installs and says, and what becomes of it when it is killed.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { nodeDisk } from '../../../adapters/file/disk.ts';
import type { Machine } from '../../../adapters/install/mod.ts';
import { configurationIn, hookCommand } from '../../../adapters/charm/command.ts';
import { describe as describeCertificate } from '../../../core/x509/mod.ts';
import { type CharmFunction, type Juju, Killed, type SeenCall, withJuju } from '../../juju/juju.ts';
import type { ModelRelation } from '../../juju/model.ts';
import { isOurs } from '../../runs.ts';
import { testAuthority } from '../install/authority.ts';
import {
  interfered,
  type Kill,
  Killed as DiskKilled,
  killing,
  machineOn,
  shownAt,
  treeOf,
} from '../install/machine.ts';

/** The present, a little after the certificates of these tests were made. */
const now = (): Date => new Date('2026-11-25T09:00:00Z');

interface Surroundings {
  readonly complaints?: Array<string>;
  readonly machine?: Machine;
  readonly clock?: () => Date;
}

/** A charm with this configuration, in this process. */
const charmOf =
  (configuration: string, { complaints = [], machine, clock = now }: Surroundings = {}): CharmFunction =>
  (variables, runTool) => {
    const path = join(variables['JUJU_CHARM_DIR'] ?? '', 'tls-certificates.yaml');
    writeFileSync(path, configuration);
    return hookCommand(path, {
      variables,
      runTool,
      now: clock,
      complain: (line) => void complaints.push(line),
      ...(machine === undefined ? {} : { machine }),
    });
  };

const CA = 'side: reactive/provides\nendpoint: client\nauthority: { commonName: Test CA }\n';

const ASKING =
  'side: reactive/requires\nendpoint: certificates\nstatus: true\nrequests:\n- { certType: server, commonName: web.example }\n';

const installing = (folder: string): string =>
  `${ASKING}install:
- certType: server
  commonName: web.example
  cert: ${folder}/etc/tls.crt
  key: ${folder}/etc/tls.key
  ca: ${folder}/etc/ca.pem
  run: [reload]
`;

/** A requirer with this charm, and a provider that the test plays, at rest. */
const related = async (juju: Juju, code: CharmFunction): Promise<ModelRelation> => {
  mkdirSync(join(juju.folder, 'etc'));
  juju.deploy('easyrsa', null);
  juju.deploy('web', code, { config: { domain: 'web.example', other: null } });
  const relation = juju.relate('easyrsa:client', 'web:certificates');
  await juju.settle();
  return relation;
};

/** Answers to the request of `web/0`, by the test's own CA. */
const answers = async () => {
  const authority = await testAuthority();
  const answer = async () => {
    const { cert, key } = await authority.answer('server', 'web.example');
    return { ca: authority.root, chain: authority.intermediate, 'web_0.server.cert': cert, 'web_0.server.key': key };
  };
  return [await answer(), await answer()] as const;
};

/** All that a hook leaves behind, but for what has the name of the test's own folder in it. */
const leftBy = (juju: Juju, relation: ModelRelation): string => {
  const { status } = juju.unit('web/0');
  const { serial, memory, notes: { installed, ...notes } } = JSON.parse(flagsIn(juju));
  const record = Object.keys(JSON.parse(installed)).map((id) => id.replace(juju.folder, ''));
  const published = juju.published(relation, 'web/0');
  return JSON.stringify([treeOf(join(juju.folder, 'etc')), status, serial, memory, notes, record, published]);
};

const flagsIn = (juju: Juju): string => juju.unit('web/0').state['tls-certificates/certificates'] ?? '';

const status = (juju: Juju, unit = 'web/0'): string => Object.values(juju.unit(unit).status).join(': ');

const tick = async (juju: Juju, unit = 'web/0'): Promise<void> => {
  juju.fire(unit, 'update-status');
  await juju.settle();
};

describe('tls-certificates hook', () => {
  it('configurationIn() reads the arguments of a hook, and no others', () => {
    const paths = [[], ['--config', 'a'], ['--config=a'], ['--config'], ['--help'], ['--config', 'a', 'b']].map(
      configurationIn,
    );
    assert.deepEqual(paths, ['tls-certificates.yaml', 'a', 'a', null, null, null]);
  });

  it('hook ends with 2 for a configuration that is wrong, with its line, and calls no tool', () =>
    withJuju({}, async (juju) => {
      const complaints: Array<string> = [];
      juju.deploy('web', charmOf('endpoint: certificates\nrequest: []\n', { complaints }));
      await assert.rejects(juju.settle(), /install failed \(2\)/);
      assert.match(complaints.join(), /tls-certificates\.yaml:2: request: no such field/);
      assert.deepEqual(juju.hooks[0]?.calls, []);
    }));

  it('hook ends with 3 where there is no configuration', async () => {
    const complaints: Array<string> = [];
    assert.equal(await hookCommand('/nowhere/x.yaml', { complain: (line) => void complaints.push(line) }), 3);
    assert.deepEqual(complaints, ['cannot read /nowhere/x.yaml: there is no such file or folder']);
  });

  it('hook asks Juju only for what placeholders need', () =>
    withJuju({}, async (juju) => {
      const request = (commonName: string) => `- { certType: client, commonName: "${commonName}" }\n`;
      const charm = (...names: ReadonlyArray<string>) =>
        charmOf(`side: reactive/requires\nendpoint: certificates\nrequests:\n${names.map(request).join('')}`);
      juju.deploy('plain', charm('{unit}', '{hostname}'));
      juju.deploy('all', charm('{config.domain}', '{ingress-address}'), { config: { domain: 'web.example' } });
      juju.deploy('easyrsa', null);
      const relation = juju.relate('easyrsa:client', 'all:certificates');
      await juju.settle();
      const tools = (unit: string) => juju.hooks.find((hook) => hook.unit === unit)?.calls.map(({ tool }) => tool);
      assert.deepEqual(tools('plain/0'), ['relation-ids', 'state-get']);
      assert.deepEqual(tools('all/0'), ['relation-ids', 'state-get', 'network-get', 'config-get']);
      const asked = JSON.parse(juju.published(relation, 'all/0')['client_cert_requests'] ?? '{}');
      assert.deepEqual(Object.keys(asked).sort(), [juju.unit('all/0').address, 'web.example']);
    }));

  it('hook waits for an address, and has somebody set an option, and asks for nothing meanwhile', () =>
    withJuju({}, async (juju) => {
      const charm = (name: string) =>
        charmOf(`endpoint: certificates\nstatus: true\nrequests:\n- { certType: client, commonName: "${name}" }\n`);
      juju.interfere = ({ tool }) =>
        tool === 'network-get'
          ? { code: 1, stdout: '', stderr: 'ERROR no network config found for binding "certificates"\n' }
          : undefined;
      juju.deploy('wait', charm('{ingress-address}'));
      juju.deploy('act', charm('{config.domain}'), { config: { domain: null } });
      await juju.settle();
      assert.match(status(juju, 'wait/0'), /^waiting: .*requests\[0\]\.commonName/);
      assert.match(status(juju, 'act/0'), /^blocked: .*requests\[0\]\.commonName/);
      assert.equal(juju.unit('act/0').log.length, 1, 'once, not in every hook');
      assert.deepEqual(juju.unit('wait/0').log, [], 'nobody has to do anything');
    }));

  it('hook installs, runs the command after a change, and does nothing afterwards', () =>
    withJuju({}, async (juju) => {
      const ran: Array<string> = [];
      const machine = machineOn(juju.folder, nodeDisk, (argv) => (ran.push(argv.join(' ')), null));
      const relation = await related(juju, charmOf(installing(juju.folder), { machine }));
      assert.equal(status(juju), 'waiting: certificates: waiting for the certificate');
      const [first, second] = await answers();
      juju.publish(relation, 'easyrsa/0', first);
      await juju.settle();
      const at = (name: string) => shownAt(join(juju.folder, 'etc', name));
      assert.deepEqual([at('tls.crt'), at('tls.key'), at('ca.pem')], [
        first['web_0.server.cert'],
        first['web_0.server.key'],
        first.ca,
      ]);
      assert.deepEqual([ran, status(juju)], [['reload'], 'active: ']);
      assert.doesNotMatch(flagsIn(juju), /changed/);
      await tick(juju);
      assert.deepEqual(juju.hooks.at(-1)?.calls.filter(({ tool }) => tool.endsWith('-set')), []);
      juju.publish(relation, 'easyrsa/0', second);
      await juju.settle();
      assert.deepEqual([at('tls.key'), ran.length], [second['web_0.server.key'], 2]);
    }));

  it('hook says why an installation failed, and lets it come again', () =>
    withJuju({}, async (juju) => {
      let failure: string | null = 'reload ended with exit code 1';
      const machine = machineOn(juju.folder, nodeDisk, () => failure);
      const relation = await related(juju, charmOf(installing(juju.folder), { machine }));
      const [first] = await answers();
      juju.publish(relation, 'easyrsa/0', first);
      await juju.settle();
      assert.equal(status(juju), 'blocked: install[0]: reload ended with exit code 1');
      assert.deepEqual(juju.unit('web/0').log, ['ERROR install[0]: reload ended with exit code 1']);
      assert.match(flagsIn(juju), /server\.certs\.changed/);
      failure = null;
      await tick(juju);
      assert.equal(status(juju), 'active: ');
      assert.doesNotMatch(flagsIn(juju), /changed/);
    }));

  it('hook says that what it installed ends soon, and is blocked once it has ended', () =>
    withJuju({}, async (juju) => {
      let today = now();
      const surroundings = { machine: machineOn(juju.folder), clock: () => today };
      const relation = await related(juju, charmOf(installing(juju.folder), surroundings));
      const [first, second] = await answers();
      juju.publish(relation, 'easyrsa/0', first);
      await juju.settle();
      today = new Date('2027-10-20T00:00:00Z');
      await tick(juju);
      assert.equal(status(juju), 'active: ');
      today = new Date('2027-11-02T00:00:00Z');
      for (let hook = 0; hook < 2; hook += 1) {
        await tick(juju);
        assert.match(
          status(juju),
          /^blocked: install\[0\]: the installed certificate ended at 2027-11-01T00:00:00Z; the/,
        );
      }
      assert.deepEqual(juju.unit('web/0').log.map((line) => line.split(':')[0]), [
        'WARNING ends-soon (web.example)',
        'ERROR install[0]',
      ]);
      today = now();
      juju.publish(relation, 'easyrsa/0', second);
      await juju.settle();
      assert.equal(status(juju), 'active: ');
    }));

  it('hook says what an installation waits for, and logs what could be better about it', async () => {
    const [{ ca, chain, 'web_0.server.cert': cert, 'web_0.server.key': key }] = await answers();
    await withJuju({}, async (juju) => {
      const machine = machineOn(juju.folder);
      const files = `cert: ${juju.folder}/etc/tls.crt, key: ${juju.folder}/etc/tls.key`;
      const install = [
        `- { certType: server, commonName: web.example, ${files} }`,
        `- { ca: ${juju.folder}/etc/ca.pem }`,
      ];
      const relation = await related(juju, charmOf([`${ASKING}install:`, ...install, ''].join('\n'), { machine }));
      juju.publish(relation, 'easyrsa/0', { 'web_0.server.cert': cert, 'web_0.server.key': key });
      await juju.settle();
      assert.equal(status(juju), 'waiting: certificates: install[1]: the CA has not been published yet');
      assert.match(juju.unit('web/0').log.join('\n'), /^WARNING no-ca \(web\.example\): no CA was published/);
      juju.publish(relation, 'easyrsa/0', { ca, chain });
      await juju.settle();
      assert.equal(status(juju), 'active: ');
    });
  });

  it('hook refuses a certificate with another key, keeps the old pair, and tells no key', () =>
    withJuju({}, async (juju) => {
      const relation = await related(juju, charmOf(installing(juju.folder), { machine: machineOn(juju.folder) }));
      const [first, second] = await answers();
      juju.publish(relation, 'easyrsa/0', first);
      await juju.settle();
      juju.publish(relation, 'easyrsa/0', { 'web_0.server.cert': second['web_0.server.cert'] });
      await juju.settle();
      assert.equal(shownAt(join(juju.folder, 'etc/tls.crt')), first['web_0.server.cert']);
      assert.match(status(juju), /^blocked: install\[0\]: /);
      assert.match(flagsIn(juju), /changed/);
      const told = JSON.stringify([juju.unit('web/0').log, juju.unit('web/0').status, juju.unit('web/0').state]);
      assert.doesNotMatch(told, /PRIVATE KEY/);
    }));

  it('hook ends as if undisturbed when it was killed before or after any tool call', async () => {
    const [answer] = await answers();
    const ends = new Map<string, string>();
    const calls = new Set<string>();
    const play = (kill: { readonly at: number; readonly when: 'kill before' | 'kill after' } | null) =>
      withJuju({}, async (juju) => {
        const relation = await related(juju, charmOf(installing(juju.folder), { machine: machineOn(juju.folder) }));
        let killed = 0;
        juju.interfere = ({ index, tool }: SeenCall) => {
          calls.add(`${index} ${tool}`);
          return kill !== null && index === kill.at && killed++ === 0 ? kill.when : undefined;
        };
        juju.publish(relation, 'easyrsa/0', answer);
        await juju.settle({ retries: 1 });
        assert.equal(killed > 0, kill !== null);
        ends.set(leftBy(juju, relation), JSON.stringify(kill));
      });
    await play(null);
    const count = calls.size;
    assert.ok(count >= 7);
    for (let at = 0; at < count; at++) {
      if (!isOurs(at)) continue;
      await play({ at, when: 'kill before' });
      await play({ at, when: 'kill after' });
    }
    assert.deepEqual([...ends.values()].length, 1, [...ends.values()].join());
  });

  it('hook ends as if undisturbed when it was killed at any operation on files', async () => {
    const [before, answer] = await answers();
    const ends = new Set<string>();
    const play = (kill: Kill | null) =>
      withJuju({}, async (juju) => {
        let course = killing(null);
        let isDead = false;
        const disk = interfered(nodeDisk, {
          before: (operation) => {
            try {
              course.before?.(operation);
            } catch (error) {
              isDead ||= error instanceof DiskKilled;
              throw error;
            }
          },
          amid: (operation) => (isDead ||= course.amid?.(operation) ?? false),
        });
        const code = charmOf(installing(juju.folder), { machine: machineOn(juju.folder, disk) });
        // A killed program calls no tools.
        const mortal: CharmFunction = (env, runTool) =>
          code(env, (call) => (isDead ? Promise.reject(new Killed()) : runTool(call))).catch((error) => {
            if (error instanceof Killed) [isDead, course] = [false, killing(null)];
            throw error;
          });
        const relation = await related(juju, mortal);
        juju.publish(relation, 'easyrsa/0', before);
        await juju.settle();
        course = killing(kill);
        const count = course.operations;
        juju.publish(relation, 'easyrsa/0', answer);
        await juju.settle({ retries: 1 });
        ends.add(leftBy(juju, relation));
        return { operations: count.length, hooks: juju.hooks.length };
      });
    const calm = await play(null);
    assert.ok(calm.operations > 10);
    for (let at = 1; at < calm.operations; at++) {
      if (!isOurs(at)) continue;
      const { hooks } = await play({ at, when: 'before' });
      assert.equal(hooks, calm.hooks + 1, `the hook that was killed at ${at} came again`);
    }
    assert.equal(ends.size, 1);
  });

  it('hook is a small CA: it answers every kind of request, and keeps its key in a secret', () =>
    withJuju({}, async (juju) => {
      juju.deploy('ca', charmOf(CA));
      juju.deploy(
        'web',
        charmOf(`endpoint: certificates\nrequests:
- { certType: server, commonName: web.example, sans: [10.0.0.7] }
- { certType: server, commonName: two.example }
- { certType: client, commonName: "{unit}" }
- { certType: application, commonName: app.example }
- { certType: intermediate, commonName: web CA }
`),
      );
      const relation = juju.relate('ca:client', 'web:certificates');
      await juju.settle();
      const published = juju.published(relation, 'ca/0');
      assert.deepEqual(
        Object.keys(published).sort(),
        [
          'ca',
          'chain',
          'client.cert',
          'client.key',
          'web_0.processed_application_requests',
          'web_0.processed_client_requests',
          'web_0.processed_intermediate_requests',
          'web_0.processed_requests',
          'web_0.server.cert',
          'web_0.server.key',
        ].filter((key) => key in published),
      );
      assert.ok(published['web_0.server.cert'] && published['web_0.processed_intermediate_requests']);
      assert.match(describeCertificate(published['ca'] ?? '').certificates[0]?.subject.text ?? '', /Test CA/);
      const [secret] = juju.unit('ca/0').secrets;
      assert.deepEqual([secret?.label, secret?.owner], ['tls-certificates-client-authority', 'application']);
      const reads = juju.hooks.flatMap(({ calls }) => calls).filter(({ tool }) => tool === 'secret-get');
      assert.ok(reads.every(({ args }) => args.includes('--refresh')), 'what another leader has replaced is seen');
      assert.equal(existsSync(join(juju.unit('ca/0').folder, '.tls-certificates-secret')), false);
      for (const { calls } of juju.hooks) {
        assert.doesNotMatch(calls.flatMap(({ args }) => args).join(' '), /PRIVATE|CERTIFICATE/);
      }
      const writes = juju.hooks.filter(({ unit }) => unit === 'ca/0').flatMap(({ calls }) => calls).filter(({ tool }) =>
        tool === 'relation-set'
      );
      await tick(juju, 'ca/0');
      assert.ok(writes.length <= 2, 'the CA, then the answers');
      assert.deepEqual(juju.hooks.at(-1)?.calls.filter(({ tool }) => /-(set|add)$/.test(tool)), []);
    }));

  it('hook removes what a killed one has left behind of keys, whoever leads and whatever fails then', () =>
    withJuju({}, async (juju) => {
      const secret = (unit: 'ca/0' | 'ca/1') => join(juju.unit(unit).folder, '.tls-certificates-secret');
      let killed = 0;
      juju.interfere = ({ tool }) => (tool === 'secret-add' && killed++ === 0 ? 'kill before' : undefined);
      juju.deploy('ca', charmOf(CA), { units: 2 });
      await assert.rejects(juju.settle());
      assert.match(readFileSync(secret('ca/0'), 'utf8'), /PRIVATE KEY/);
      juju.unit('ca/0').isLeader = false;
      juju.unit('ca/1').isLeader = true;
      await juju.settle();
      assert.equal(existsSync(secret('ca/0')), false);
      for (const unit of ['ca/0', 'ca/1'] as const) {
        const left = [secret(unit), join(juju.unit(unit).folder, '.tls-certificates-client-authority.json.new')];
        for (const path of left) writeFileSync(path, 'SECRET');
        juju.interfere = () => ({ code: 1, stdout: '', stderr: 'ERROR no\n' });
        await assert.rejects(tick(juju, unit));
        assert.deepEqual(left.filter((path) => existsSync(path)), []);
        juju.interfere = undefined;
        await juju.settle();
      }
    }));

  it('hook says in the log and the status what others have chosen, in lines of its own and harmless', () =>
    withJuju({}, async (juju) => {
      const hostile = 'x\n\u001b[31munit-ca-0: CRITICAL forged\u009b0m\u202e\r';
      juju.deploy('ca', charmOf(`${CA}policy: { allowedNames: [.internal] }\nstatus: true\n`));
      juju.deploy('evil', null);
      juju.deploy('web', charmOf(ASKING));
      const asked = juju.relate('ca:client', 'evil:certificates');
      const answered = juju.relate('evil:client', 'web:certificates');
      await juju.settle();
      juju.publish(asked, 'evil/0', {
        unit_name: 'evil_0',
        common_name: hostile,
        sans: '[]',
        cert_requests: JSON.stringify({ [hostile]: { sans: [] }, 'a.internal': { sans: hostile } }),
        [hostile]: '1',
      });
      juju.publish(answered, 'evil/0', {
        ca: hostile,
        'web_0.processed_requests': JSON.stringify({ [hostile]: { cert: hostile, key: 5 } }),
        [hostile]: '1',
      });
      await juju.settle();
      const said = juju.hooks.flatMap(({ calls }) => calls).filter(({ tool }) => /^(juju-log|status-set)$/.test(tool));
      const lines = said.flatMap(({ args }) => args).flatMap((arg) => arg.split('\n'));
      assert.ok(lines.some((line) => line.includes('forged')), 'what was chosen is told');
      for (const line of lines) {
        assert.doesNotMatch(line, /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]|^unit-/u);
      }
    }));

  it('hook keeps one CA, whichever tool call its first hooks are killed at', async () => {
    const calls = new Set<string>();
    const play = (kill: { readonly at: number; readonly when: 'kill before' | 'kill after' } | null) =>
      withJuju({}, async (juju) => {
        let killed = 0;
        juju.interfere = ({ index, hook, unit, tool }) => {
          if (unit !== 'ca/0' || hook !== 'install') return undefined;
          calls.add(`${index} ${tool}`);
          return index === kill?.at && killed++ === 0 ? kill.when : undefined;
        };
        juju.deploy('ca', charmOf(CA));
        juju.deploy('web', charmOf(ASKING));
        const relation = juju.relate('ca:client', 'web:certificates');
        await juju.settle({ retries: 1 });
        const { secrets, folder } = juju.unit('ca/0');
        const [secret] = secrets;
        assert.deepEqual([secrets.length, secret?.revisions.length], [1, 1]);
        const { certificate } = JSON.parse(secret?.revisions[0]?.['authority'] ?? '{}');
        assert.equal(juju.published(relation, 'ca/0')['ca'], certificate);
        assert.ok(juju.published(relation, 'ca/0')['web_0.server.cert']);
        assert.equal(existsSync(join(folder, '.tls-certificates-secret')), false);
      });
    await play(null);
    const count = calls.size;
    assert.ok(count >= 5);
    for (let at = 0; at < count; at++) {
      if (!isOurs(at)) continue;
      await play({ at, when: 'kill before' });
      await play({ at, when: 'kill after' });
    }
  });

  it('hook keeps the CA in a file of mode 0600 before Juju 3', () =>
    withJuju({ version: '2.9.50' }, async (juju) => {
      const complaints: Array<string> = [];
      const code = charmOf(CA, { complaints });
      const without: CharmFunction = (env, runTool) =>
        code(env, (call) =>
          call.tool.startsWith('secret-') ? Promise.resolve({ _tag: 'not started', code: 'ENOENT' }) : runTool(call));
      juju.deploy('ca', without);
      juju.deploy('web', charmOf(ASKING));
      const relation = juju.relate('ca:client', 'web:certificates');
      await juju.settle();
      const file = join(juju.unit('ca/0').folder, '.tls-certificates-client-authority.json');
      assert.equal(statSync(file).mode & 0o777, 0o600);
      const { certificate } = JSON.parse(readFileSync(file, 'utf8'));
      assert.equal(juju.published(relation, 'ca/0')['ca'], certificate);
      juju.fire('ca/0', 'update-status');
      for (const damaged of ['{"key": "SECRET', '{"key": "SECRET"}', '[]', 'null']) {
        writeFileSync(file, damaged);
        await assert.rejects(juju.settle(), /update-status failed \(3\)/);
        assert.equal(readFileSync(file, 'utf8'), damaged, 'it is not replaced by a new CA');
      }
      assert.match(complaints.join('\n'), /^the CA that is kept in the charm’s folder is damaged/);
      assert.doesNotMatch(complaints.join(), /SECRET/);
    }));

  it('hook answers in every unit with the CA that the leader made, whoever leads later', () =>
    withJuju({}, async (juju) => {
      juju.deploy('ca', charmOf(CA), { units: 2 });
      juju.deploy('web', charmOf(ASKING));
      const relation = juju.relate('ca:client', 'web:certificates');
      await juju.settle();
      for (const unit of ['ca/0', 'ca/1'] as const) await tick(juju, unit);
      const [one, other] = ['ca/0', 'ca/1'].map((unit) => juju.published(relation, unit));
      assert.ok(one?.['ca'] && one['web_0.server.cert']);
      assert.equal(other?.['ca'], one['ca']);
      assert.ok(other['web_0.server.cert']);
      juju.unit('ca/0').isLeader = false;
      juju.unit('ca/1').isLeader = true;
      for (const unit of ['ca/1', 'ca/0'] as const) await tick(juju, unit);
      assert.deepEqual(['ca/0', 'ca/1'].map((unit) => juju.published(relation, unit)['ca']), [one['ca'], one['ca']]);
      assert.equal(juju.unit('ca/1').secrets.length, 1);
      assert.match(status(juju), /^active/);
    }));

  it('hook withdraws what the configuration asked for before and does no more, and nothing else', () =>
    withJuju({}, async (juju) => {
      const configuration = `endpoint: certificates
requests:
- { certType: server, commonName: "{config.domain}" }
- { certType: client, commonName: "client of {config.domain}" }
- { certType: client, commonName: stays }
`;
      const relation = await related(juju, charmOf(configuration));
      const asked = () => {
        const bag = juju.published(relation, 'web/0');
        return [bag['common_name'], Object.keys(JSON.parse(bag['client_cert_requests'] ?? '{}'))];
      };
      assert.deepEqual(asked(), ['web.example', ['client of web.example', 'stays']]);
      const { config } = juju.unit('web/0');
      config['domain'] = 'new.example';
      await tick(juju);
      assert.deepEqual(asked(), ['new.example', ['client of new.example', 'stays']]);
      config['domain'] = null;
      await tick(juju);
      assert.deepEqual(asked(), ['new.example', ['client of new.example', 'stays']], 'nothing is known to ask for');
      config['domain'] = 'last.example';
      await tick(juju);
      assert.deepEqual(asked(), ['last.example', ['client of last.example', 'stays']]);
    }));
});
