/**
 * Two charms without code that speak the CSR protocol: issued and installed, in real hook processes of the present runtime with real tools;
 * refused, and a leader that changes, in this process.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { RUNTIME } from '../../command.ts';
import { charmFolder } from '../../juju/charm-folder.ts';
import { charmHere } from '../../juju/charm-here.ts';
import { type CharmCode, type Juju, withJuju } from '../../juju/juju.ts';

const CA = [
  'side: csr/provides',
  'endpoint: client',
  'authority: { commonName: Test CA }',
  'policy: { allowedNames: [.example] }',
  'status: true',
  '',
].join('\n');

/** The Python library's labels for keys. */
const LABEL = 'afd8c2bccf834997afce12c2706d2ede-private-key';

const requirer = (folder: string, ...more: ReadonlyArray<string>): string =>
  [
    'side: csr/requires',
    'endpoint: certificates',
    'status: true',
    ...more,
    'requests:',
    '- { certType: server, commonName: "www.{config.domain}", subject: { organization: Web } }',
    '- { certType: application, commonName: "app.{config.domain}" }',
    'install:',
    ...[['server', 'www'], ['application', 'app']].map(([kind, name]) => {
      const files = ['fullChain', 'key', 'ca'].map((file) => `${file}: "${folder}/${kind}.${file}"`).join(', ');
      return `- { certType: ${kind}, commonName: "${name}.{config.domain}", ${files} }`;
    }),
    '',
  ].join('\n');

/** Two units that ask, and two of a CA. */
const deployed = async (juju: Juju, domain: string, { inProcesses = false } = {}): Promise<string> => {
  const etc = join(juju.folder, 'etc');
  mkdirSync(etc);
  const charm = async (name: string, configuration: string): Promise<CharmCode> =>
    inProcesses ? await charmFolder(join(juju.folder, name), configuration) : charmHere(configuration);
  juju.deploy('ca', await charm('ca', CA), { units: 2 });
  juju.deploy('web', await charm('web', inProcesses ? requirer(etc) : requirer(etc, 'keys: P-256')), {
    config: { domain },
  });
  juju.relate('ca:client', 'web:certificates');
  await juju.settle();
  return etc;
};

const read = (...path: ReadonlyArray<string>): string => readFileSync(join(...path), 'utf8');

const verifies = (folder: string, kind: string): void => {
  const [ca, chain] = [join(folder, `${kind}.ca`), join(folder, `${kind}.fullChain`)];
  const { stdout } = spawnSync('openssl', ['verify', '-CAfile', ca, chain], { encoding: 'utf8' });
  assert.equal(stdout, `${chain}: OK\n`);
};

/** Everything but secrets and disk. */
const seenOf = (juju: Juju): string =>
  JSON.stringify([
    juju.hooks.map((
      { calls, stdout, stderr },
    ) => [calls.map(({ tool, args, stdin }) => [tool, args, stdin]), stdout, stderr]),
    ['web/0', 'ca/0'].map((name) => [juju.unit(name).log, juju.unit(name).status, juju.unit(name).state]),
  ]);

describe(`charms of the CSR protocol on ${RUNTIME}`, () => {
  it('certificates for keys in secrets are issued and installed, and the keys are nowhere else', () =>
    withJuju({}, async (juju) => {
      const etc = await deployed(juju, 'example', { inProcesses: true });
      assert.deepEqual(juju.hooks.filter(({ code, stderr }) => code !== 0 || stderr !== ''), []);
      assert.equal(juju.unit('web/0').status.status, 'active', juju.unit('web/0').status.message);
      for (const kind of ['server', 'application']) {
        verifies(etc, kind);
        assert.equal(statSync(join(etc, `${kind}.key`)).mode & 0o777, 0o600);
      }
      const labels = juju.secrets('web').map(({ label }) => label).filter((label) => label?.startsWith(LABEL)).sort();
      assert.deepEqual(labels, [`${LABEL}-0-certificates`, `${LABEL}-app-certificates`]);
      for (const kind of ['server', 'application']) {
        // Of the second half, which has the secret numbers; the first has those of the certificate request too.
        const line = read(etc, `${kind}.key`).split('\n').at(-6)?.slice(0, 40) ?? assert.fail();
        assert.equal(line.length, 40);
        assert.ok(!seenOf(juju).includes(line));
      }
      assert.doesNotMatch(seenOf(juju), /PRIVATE KEY/);
      const before = juju.hooks.length;
      for (const unit of ['web/0', 'ca/0', 'ca/1']) juju.fire(unit, 'update-status');
      await juju.settle();
      const writes = juju.hooks.slice(before).flatMap(({ calls }) => calls).filter(({ tool }) =>
        /-(set|add)$/.test(tool)
      );
      assert.deepEqual([juju.hooks.length - before, writes], [3, []], 'at rest, nothing is written');
      const asks = juju.hooks.map(({ calls }) => calls.filter(({ tool }) => tool === 'is-leader').length);
      assert.equal(Math.max(...asks), 1, 'no hook asks twice who leads');
    }));

  it('the unit of a refused request says why, and a new name is issued', () =>
    withJuju({}, async (juju) => {
      const etc = await deployed(juju, 'elsewhere');
      const { status, message } = juju.unit('web/0').status;
      assert.equal(status, 'blocked');
      assert.match(message, /^certificates: www\.elsewhere is refused: 102 domain_not_allowed: /);
      juju.configure('web', { domain: 'example' });
      await juju.settle();
      assert.equal(juju.unit('web/0').status.status, 'active', juju.unit('web/0').status.message);
      verifies(etc, 'server');
    }));

  it('a change of leader on either side reissues nothing', () =>
    withJuju({}, async (juju) => {
      const etc = await deployed(juju, 'example');
      const [certificate, key] = [read(etc, 'application.fullChain'), read(etc, 'application.key')];
      juju.addUnit('web');
      await juju.settle();
      juju.lead('ca/1');
      juju.lead('web/1');
      await juju.settle();
      assert.deepEqual([read(etc, 'application.fullChain'), read(etc, 'application.key')], [certificate, key]);
      assert.equal(juju.unit('web/1').status.status, 'active', juju.unit('web/1').status.message);
    }));
});
