/**
 * Two charms that are nothing but configurations, a CA and one that asks for every kind of certificate, in real hook processes of the
 * present runtime with real tools, from the first hook to files that OpenSSL verifies.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { RUNTIME } from '../../command.ts';
import { charmFolder } from '../../juju/charm-folder.ts';
import { type Juju, withJuju } from '../../juju/juju.ts';

const CA = 'side: reactive/provides\nendpoint: client\nauthority: { commonName: Test CA }\nstatus: true\n';

const KINDS = ['server', 'client', 'application', 'intermediate'] as const;

/** A charm that installs every kind of certificate, and counts the runs of its command in a file. */
const requirer = (folder: string): string =>
  [
    'endpoint: certificates',
    'status: true',
    'requests:',
    ...KINDS.map((kind) =>
      `- { certType: ${kind}, commonName: "${kind}.{config.domain}", sans: ["{ingress-addresses}"] }`
    ),
    'install:',
    ...KINDS.map((kind) => {
      const [path, name] = [`${folder}/${kind}`, `${kind}.{config.domain}`];
      const files = `fullChain: ${path}.crt, key: ${path}.key, ca: ${path}.ca.pem`;
      return `- { certType: ${kind}, commonName: "${name}", ${files}, run: [sh, -c, "echo ran >> ${path}.ran"] }`;
    }),
    '',
  ].join('\n');

/** Everything that somebody else than root could have seen of the hooks. */
const seenOf = (juju: Juju, ...units: ReadonlyArray<string>): string =>
  JSON.stringify([
    juju.hooks.map(({ calls, stdout, stderr }) => [calls.map(({ tool, args }) => [tool, args]), stdout, stderr]),
    units.map((name) => [juju.unit(name).log, juju.unit(name).status, juju.unit(name).state]),
  ]);

/** A line from the middle of a private key, as PEM or JSON would have it. */
const lineOf = (path: string): string => readFileSync(path, 'utf8').split('\n')[2]?.slice(0, 40) ?? assert.fail();

describe(`charms on ${RUNTIME}`, () => {
  it('charms converse until certificates of every kind are on disk, and keep their keys to themselves', () =>
    withJuju({}, async (juju) => {
      const etc = join(juju.folder, 'etc');
      mkdirSync(etc);
      juju.deploy('ca', await charmFolder(join(juju.folder, 'ca'), CA));
      juju.deploy('web', await charmFolder(join(juju.folder, 'web'), requirer(etc)), { config: { domain: 'example' } });
      const relation = juju.relate('ca:client', 'web:certificates');
      await juju.settle();
      assert.deepEqual(
        juju.hooks.map(({ code, stdout, stderr }) => [code, stdout, stderr]),
        juju.hooks.map(() => [0, '', '']),
      );
      assert.deepEqual([juju.unit('web/0').status.status, juju.unit('ca/0').status.status], ['active', 'active']);
      for (const kind of KINDS) {
        const [certificate, key, ca] = ['crt', 'key', 'ca.pem'].map((extension) => join(etc, `${kind}.${extension}`));
        assert.ok(certificate !== undefined && key !== undefined && ca !== undefined);
        const { stdout } = spawnSync('openssl', ['verify', '-CAfile', ca, certificate], { encoding: 'utf8' });
        assert.equal(stdout, `${certificate}: OK\n`);
        assert.equal(statSync(key).mode & 0o777, 0o600);
        assert.equal(readFileSync(join(etc, `${kind}.ran`), 'utf8'), 'ran\n');
        assert.ok(!seenOf(juju, 'web/0', 'ca/0').includes(lineOf(key)));
      }
      assert.ok(
        JSON.stringify(juju.published(relation, 'ca/0')).includes(lineOf(join(etc, 'server.key'))),
        'it is a line of the key',
      );
      assert.doesNotMatch(seenOf(juju, 'web/0', 'ca/0'), /PRIVATE KEY/);
      for (const unit of ['web/0', 'ca/0']) {
        const made = readdirSync(juju.unit(unit).folder).sort();
        const built = ['actions.yaml', 'dispatch', 'metadata.yaml', 'tls-certificates.yaml'];
        assert.deepEqual(made, built, 'nothing is left in the charm');
      }
      const before = juju.hooks.length;
      for (const unit of ['web/0', 'ca/0']) juju.fire(unit, 'update-status');
      await juju.settle();
      const writes = juju.hooks.slice(before).flatMap(({ calls }) => calls).filter(({ tool }) =>
        /-(set|add)$/.test(tool)
      );
      assert.deepEqual([juju.hooks.length - before, writes], [2, []], 'at rest, nothing is written');
    }));

  it('charms fail in a clean way where a tool hangs up, is not there or prints rubbish', () =>
    withJuju({}, async (juju) => {
      juju.deploy('web', await charmFolder(join(juju.folder, 'web'), 'endpoint: certificates\n'));
      juju.interfere = ({ tool }) => (tool === 'state-get' ? { code: 0, stdout: 'rubbish', stderr: '' } : undefined);
      await assert.rejects(juju.settle(), /install failed \(3\)/);
      juju.interfere = ({ index }) => (index === 0 ? 'kill before' : undefined);
      await assert.rejects(juju.settle(), /install failed \(null\)/);
      juju.interfere = undefined;
      await juju.settle();
      assert.match(
        juju.hooks[0]?.stderr ?? '',
        /^tls-certificates: state-get failed: what it printed cannot be used: .*\n$/,
      );
    }));
});
