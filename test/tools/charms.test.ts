/**
 * Building charms, and the demonstration that takes the examples from their folders to certificates that OpenSSL verifies.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { fileURLToPath } from 'node:url';
import { ended, inFolder, RUNTIME } from '../command.ts';
import { build, pathWith } from '../juju/built-charm.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const REQUIRER = join(ROOT, 'examples/charm-requirer');
const PROVIDER = join(ROOT, 'examples/charm-provider');

/** `tools/charms.mjs` on the present runtime. */
const charms = (...args: ReadonlyArray<string>) =>
  ended(
    spawn(process.execPath, [
      ...(RUNTIME === 'deno' ? ['run', '--allow-all', '--quiet'] : []),
      join(ROOT, 'tools/charms.mjs'),
      ...args,
    ], { env: { ...process.env, NO_COLOR: '1' } }),
  );

const withoutOpenssl = spawnSync('openssl', ['version']).status === 0 ? false : 'openssl is not installed';

/** The demonstration in one form, to its end. */
const demonstrate = (...options: ReadonlyArray<string>) =>
  inFolder(async (path) => {
    const { code, stdout, stderr } = await charms('--demo', '--out', path('demo'), ...options);
    assert.deepEqual([code, stderr], [0, '']);
    const etc = path('demo/machine/etc/charm-requirer');
    assert.deepEqual(stdout.match(/^openssl verify: .*$/gm), [
      `openssl verify: ${etc}/server.pem: OK`,
      `openssl verify: ${etc}/client.pem: OK`,
    ]);
    for (const key of ['server.key', 'client.key']) assert.equal(statSync(join(etc, key)).mode & 0o777, 0o600);
    assert.equal(stdout.match(/log {5}a new server certificate was installed/g)?.length, 1, 'reload ran once');
    assert.match(stdout, /web\/0 {2}update-status: nothing to do/);
    assert.doesNotMatch(stdout, /FAILED|PRIVATE/);
    const [line = ''] = readFileSync(join(etc, 'server.key'), 'utf8').split('\n').slice(1);
    assert.ok(line.length > 20 && !stdout.includes(line));
  });

/** The demonstration of the bridge, to its end. */
const demonstrateBridge = () =>
  inFolder(async (path) => {
    const { code, stdout, stderr } = await charms('--demo', '--bridge', '--out', path('demo'));
    assert.deepEqual([code, stderr], [0, '']);
    const etc = path('demo/machine/etc/ssl');
    assert.deepEqual(stdout.match(/^openssl verify: .*$/gm), [
      `openssl verify: ${etc}/cert_web-0.maas: OK`,
      `openssl verify: ${etc}/cert_web.internal: OK`,
    ]);
    assert.match(stdout, /^The provider is (a charm on charmlibs-interfaces-tls-certificates 1\.12\.0|ours, .*: .*)/m);
    assert.match(stdout, /bridge\/0: active: certificates: 3 certificates from ca, for web/);
    assert.doesNotMatch(stdout, /FAILED|PRIVATE/);
  });

/** A copy of the example with another configuration. */
const charmWith = (folder: string, configuration: string): string => {
  cpSync(REQUIRER, folder, { recursive: true });
  writeFileSync(join(folder, 'tls-certificates.yaml'), configuration);
  return folder;
};

/** The actions of a requirer that speaks both protocols. */
const ACTIONS = ['get-certificate', 'renew-certificate', 'rotate-private-key'];

describe(`charms built on ${RUNTIME}`, () => {
  it(
    'charms --demo ends with certificates on disk that OpenSSL accepts, from one command',
    { skip: withoutOpenssl, timeout: 600_000 },
    () => demonstrate(),
  );

  it(
    'charms --demo --bridge carries a charm that asks by name to a provider that signs certificate requests, from one command',
    { skip: withoutOpenssl, timeout: 600_000 },
    () => demonstrateBridge(),
  );

  it(
    'charms --demo does the same with programs that need no runtime',
    { skip: RUNTIME === 'bun' ? withoutOpenssl : 'done on Bun, once', timeout: 600_000 },
    () => demonstrate('--for', process.arch === 'arm64' ? 'arm64' : 'amd64'),
  );

  it(
    'buildCharms() leaves a charm that is complete, with its configuration in JSON',
    { timeout: 600_000 },
    () =>
      inFolder(async (path) => {
        const [requirer = '', provider = ''] = await build([REQUIRER, PROVIDER], { out: path('out') });
        assert.deepEqual([requirer, provider], [
          path(`out/${RUNTIME}/charm-requirer`),
          path(`out/${RUNTIME}/charm-provider`),
        ]);
        assert.deepEqual(
          readdirSync(requirer).sort(),
          [...readdirSync(REQUIRER), 'actions.yaml', 'manifest.yaml', 'tls-certificates'].sort(),
        );
        assert.deepEqual(Object.keys(parse(readFileSync(join(requirer, 'actions.yaml'), 'utf8'))), ACTIONS);
        const declared = parse(readFileSync(join(provider, 'actions.yaml'), 'utf8'));
        assert.deepEqual(declared['import-ca'].required, ['certificate']);
        assert.equal(declared['replace-ca'].params.immediately.default, false);
        for (const { description } of Object.values<{ description: string }>(declared)) {
          assert.match(description, /\.$/);
        }
        for (const program of ['dispatch', 'reload', 'tls-certificates']) {
          assert.equal(statSync(join(requirer, program)).mode & 0o111, 0o111, program);
        }
        assert.equal(
          JSON.parse(readFileSync(join(requirer, 'tls-certificates.yaml'), 'utf8')).requests[0].commonName,
          '{hostname}',
        );
        assert.deepEqual(JSON.parse(readFileSync(join(provider, 'manifest.yaml'), 'utf8')), {
          bases: [{ name: 'ubuntu', channel: '24.04', architectures: ['amd64', 'arm64'] }],
        });
        const [kept = ''] = await build([REQUIRER], { out: path('kept'), keepYaml: true, parts: true });
        assert.deepEqual(
          readFileSync(join(kept, 'tls-certificates.yaml')),
          readFileSync(join(REQUIRER, 'tls-certificates.yaml')),
        );
        assert.ok(readdirSync(join(kept, 'parts')).length > 1);
      }),
  );

  it("buildCharms() adds its actions to the charm's own, and refuses what would be declared twice", {
    timeout: 600_000,
  }, () =>
    inFolder(async (path) => {
      const charm = charmWith(path('own'), readFileSync(join(REQUIRER, 'tls-certificates.yaml'), 'utf8'));
      writeFileSync(join(charm, 'actions.yaml'), 'pause: { description: Pauses. }\n');
      const [built = ''] = await build([charm], { out: path('out') });
      const declared = parse(readFileSync(join(built, 'actions.yaml'), 'utf8'));
      assert.deepEqual(Object.keys(declared).sort(), [...ACTIONS, 'pause'].sort());
      writeFileSync(join(charm, 'actions.yaml'), 'get-certificate: { description: Mine. }\n');
      await assert.rejects(
        build([charm], { out: path('out') }),
        /actions\.yaml: get-certificate is an action of tls-certificates/,
      );
    }));

  it(
    'buildCharms() makes programs that need no HOME and no cache, and leave nothing behind',
    { timeout: 600_000 },
    () =>
      inFolder(async (path) => {
        const folders = [
          ...await build([REQUIRER], { out: path('whole') }),
          ...await build([REQUIRER], { out: path('parts'), parts: true }),
        ];
        mkdirSync(path('home'));
        const hook = { JUJU_CONTEXT_ID: 'web/0-start-1', JUJU_UNIT_NAME: 'web/0', JUJU_HOOK_NAME: 'start' };
        for (const [i, folder] of folders.entries()) {
          const before = readdirSync(folder);
          for (const HOME of [undefined, path('home')]) {
            const { status, stderr } = spawnSync(join(folder, 'dispatch'), {
              cwd: folder,
              encoding: 'utf8',
              env: {
                PATH: pathWith(path(`programs${i}${HOME ?? ''}`.replaceAll('/', '_'))),
                HOME,
                JUJU_CHARM_DIR: folder,
                ...hook,
              },
            });
            assert.deepEqual(
              [status, stderr.slice(0, 46)],
              [3, 'tls-certificates: relation-ids failed: there i'],
              'it went to work',
            );
          }
          assert.deepEqual([readdirSync(path('home')), readdirSync(folder)], [[], before]);
        }
      }),
  );

  it(
    'charms says what is wrong with a charm, and builds nothing',
    { timeout: 600_000 },
    () =>
      inFolder(async (path) => {
        const wrong = charmWith(
          path('wrong'),
          'endpoint: certificates\nrequests:\n- { certType: sever, commonName: a }\n',
        );
        const told = await charms(wrong, '--for', 'node', '--out', path('out'));
        assert.equal(told.code, 2);
        assert.match(told.stderr, /^charms: .*wrong\/tls-certificates\.yaml:3: requests\[0\]\.certType: expected/);
        const idle = charmWith(path('idle'), 'endpoint: certificates\n');
        chmodSync(join(idle, 'dispatch'), 0o644);
        assert.match(
          (await charms(idle, '--for', 'node', '--out', path('out'))).stderr,
          /dispatch is not executable \(chmod \+x\)/,
        );
        assert.match((await charms(path('.'), '--out', path('out'))).stderr, /is no charm: it has no metadata\.yaml/);
        assert.match(
          (await charms('--for', 'perl')).stderr,
          /--for perl: expected one of amd64, arm64, node, deno, bun/,
        );
        assert.match((await charms('--demo', '--out', path('idle'))).stderr, /it is there already/);
        const nested = charmWith(path('node/nested'), 'endpoint: certificates\n');
        assert.match((await charms(nested, '--for', 'node', '--out', path('.'))).stderr, /is no place to build/);
        const complaint = async (file: string, text: string): Promise<string> => {
          writeFileSync(join(nested, file), text);
          return (await charms(nested, '--for', 'node', '--out', path('out'))).stderr;
        };
        assert.match(await complaint('charmcraft.yaml', 'base: ['), /charmcraft\.yaml is not YAML/);
        assert.match(await complaint('charmcraft.yaml', 'base: ubuntu'), /expected a base such as/);
        const request = 'requests: [{ certType: client, commonName: "{config.domain}" }]';
        assert.match(
          await complaint('tls-certificates.yaml', `endpoint: certificates\n${request}`),
          /config\.yaml: expected an option domain, since/,
        );
        assert.match(
          await complaint('tls-certificates.yaml', 'endpoint: certs'),
          /metadata\.yaml: expected requires: certs: interface: tls-certificates/,
        );
        const twin = charmWith(path('idle/nested'), 'endpoint: certificates\n');
        writeFileSync(join(nested, 'tls-certificates.yaml'), 'endpoint: certificates\n');
        cpSync(join(REQUIRER, 'charmcraft.yaml'), join(nested, 'charmcraft.yaml'));
        assert.match(
          (await charms(nested, twin, '--for', 'node', '--out', path('out'))).stderr,
          /and another charm have the same name, nested: rename one/,
        );
        assert.deepEqual(readdirSync(path('.')).sort(), ['idle', 'node', 'wrong']);
      }),
  );

  it(
    "buildCharms() takes Juju's short form of an endpoint, and braces where there are no placeholders",
    { timeout: 600_000 },
    () =>
      inFolder(async (path) => {
        const folder = charmWith(
          path('short'),
          'endpoint: certificates\nrequests:\n- { certType: client, commonName: a }\ninstall:\n' +
            '- { certType: client, commonName: a, cert: /etc/a.pem, key: /etc/a.key, run: [awk, "{config.x}"] }\n',
        );
        const metadata = join(folder, 'metadata.yaml');
        const text = readFileSync(metadata, 'utf8');
        const short = text.replace(/^requires:\n(?: .*\n)+/m, 'requires: { certificates: tls-certificates }\n');
        assert.notEqual(short, text);
        writeFileSync(metadata, short);
        assert.equal((await build([folder], { out: path('out') })).length, 1);
      }),
  );
});
