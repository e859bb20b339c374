/**
 * The tutorials nginx-charm.md and typescript-charm.md: each charm is made as a stranger would make it, from the page's text alone, and
 * deployed. What test-a-charm.md shows is run with the other snippets.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { describe, it } from 'node:test';
import { inFolder, RUNTIME } from '../command.ts';
import { build, optionsIn, pathWith, script } from '../juju/built-charm.ts';
import { charmFolder } from '../juju/charm-folder.ts';
import { withJuju } from '../juju/juju.ts';
import { PATIENCE } from '../patience.ts';
import { ROOT, textOf } from './pages.ts';

/** Files as a tutorial shows them: a path with some words, and then the text. */
const filesIn = (text: string): ReadonlyArray<readonly [path: string, content: string]> =>
  [...text.matchAll(/^`([\w./-]+)`[^`\n]*(?:\n[^\n]+)*\n\n```\w+\n([\s\S]*?)```/gm)].map((
    [, path = '', content = ''],
  ) => [path, content] as const);

/** The first block of commands that has a text. */
const commandsWith = (text: string, part: string): string =>
  [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, code = '']) => code).find((code) => code.includes(part)) ??
    assert.fail(`no commands with ${part}`);

/** The package as an installation has it, with its sources in the place of what is built. */
const installInto = (folder: string): void => {
  const installed = join(folder, 'node_modules/interface-tls-certificates');
  mkdirSync(installed, { recursive: true });
  symlinkSync(ROOT, join(installed, 'sources'));
  const { exports } = JSON.parse(textOf('deno.json'));
  const doors = Object.entries<string>(exports).map(([door, file]) => [door, file.replace('./', './sources/')]);
  const manifest = { name: 'interface-tls-certificates', type: 'module', exports: Object.fromEntries(doors) };
  writeFileSync(join(installed, 'package.json'), JSON.stringify(manifest));
};

/** Bun, if it is here: the tutorial's charm is built with it. */
const BUN = RUNTIME === 'bun'
  ? process.execPath
  : [join(ROOT, 'test/runtimes/node_modules/.bin/bun')].find((path) => existsSync(path));

describe(`the tutorials on ${RUNTIME}`, () => {
  it('make a charm for nginx out of the example', { timeout: PATIENCE }, () =>
    inFolder(async (path) => {
      const page = textOf('docs/tutorials/nginx-charm.md');
      symlinkSync(join(ROOT, 'examples'), path('examples'));
      const commands = commandsWith(page, 'cp -r').replace('npm ci\n', '');
      assert.equal(spawnSync('sh', ['-e', '-c', commands], { cwd: path('.') }).status, 0);
      const files = filesIn(page);
      assert.equal(files.length, 6);
      for (const [name, content] of files) writeFileSync(path(name), content.replaceAll('/etc/', path('etc/')));

      const noted = `echo "\${0##*/} $*" >> '${path('log')}'`;
      const programs = pathWith(path('programs'), {
        'apt-get': `mkdir -p '${path('etc/nginx/conf.d')}'; ${noted}`,
        'open-port': noted,
        nginx: noted,
        systemctl: noted,
      });
      const log = () => (existsSync(path('log')) ? readFileSync(path('log'), 'utf8').trim().split('\n') : []);
      const [nginx = '', ca = ''] = await build([path('nginx-tls'), join(ROOT, 'examples/charm-provider')], {
        out: path('built'),
      });
      await withJuju({ path: programs }, async (juju) => {
        const config = optionsIn(readFileSync(join(nginx, 'config.yaml'), 'utf8'));
        juju.deploy('easyrsa', ca);
        juju.deploy('nginx-tls', nginx, { config });
        juju.relate('easyrsa:client', 'nginx-tls:certificates');
        await juju.settle();
        const { status } = juju.unit('nginx-tls/0');
        assert.equal(status.status, 'blocked');
        const charms = textOf('docs/charms.md');
        assert.ok(charms.includes(`| \`blocked\` | \`${status.message.split('; ')[0]}\``), status.message);
        juju.configure('nginx-tls', { domain: 'www.example.com' });
        await juju.settle();
        const message = 'certificates: easyrsa speaks the CSR protocol (capabilities)';
        assert.deepEqual(juju.unit('nginx-tls/0').status, { status: 'active', message });
        // Of the real EasyRSA, which the pages speak of.
        const reactive = message.replace('CSR', 'reactive').replace('capabilities', 'ca');
        assert.ok(charms.includes(`| \`active\` | \`${reactive}\``));
        assert.ok(page.includes(`\`${reactive}\``));
        assert.deepEqual(juju.hooks.map(({ stderr }) => stderr).join(''), '');
      });
      assert.deepEqual(log(), [
        'apt-get update -q',
        'apt-get install -q -y nginx',
        'open-port 443/tcp',
        'nginx -t -q',
        'systemctl reload nginx',
      ]);
      assert.ok(existsSync(path('etc/nginx/conf.d/tls.conf')));
      assert.equal(statSync(path('etc/nginx/tls/key.pem')).mode & 0o777, 0o600);
      const { subjectAltName } = new X509Certificate(readFileSync(path('etc/nginx/tls/chain.pem')));
      assert.match(subjectAltName ?? '', /DNS:www\.example\.com, IP Address:10\.0\.0\.\d/);
    }));

  it('make a charm out of one TypeScript file', { timeout: PATIENCE }, () =>
    inFolder(async (path) => {
      const page = textOf('docs/tutorials/typescript-charm.md');
      const files = filesIn(page);
      assert.deepEqual(files.map(([name]) => name), ['charm.ts', 'charm/metadata.yaml', 'charm/manifest.yaml']);
      mkdirSync(path('charm'));
      for (const [name, content] of files) writeFileSync(path(name), content);
      installInto(path('.'));
      const [command = ''] = commandsWith(page, 'bun build').split('\n');
      if (BUN === undefined) {
        // Its own sources may be read only from where they are.
        const before = RUNTIME === 'deno' ? 'run --quiet --no-check --allow-all --node-modules-dir=manual' : '';
        script(path('charm/dispatch'), `exec '${process.execPath}' ${before} '${path('charm.ts')}'`);
      } else {
        // For the present machine: another one's Bun would have to be fetched.
        const [, ...args] = command.split(' ').filter((word) => !word.startsWith('--target='));
        const { status, stderr } = spawnSync(BUN, args, { cwd: path('.'), encoding: 'utf8' });
        assert.equal(status, 0, stderr);
      }
      await withJuju({}, async (juju) => {
        const ca = 'side: any/provides\nendpoint: certificates\nauthority: { commonName: Test CA }\n';
        juju.deploy('self-signed-certificates', await charmFolder(join(juju.folder, 'ca'), ca));
        juju.deploy('tls-web', path('charm'));
        juju.relate('self-signed-certificates:certificates', 'tls-web:certificates');
        await juju.settle();
        const { folder, status } = juju.unit('tls-web/0');
        assert.equal(status.status, 'active', status.message);
        const [key, certificate] = ['web.key', 'web.pem'].map((name) => readFileSync(join(folder, name), 'utf8'));
        assert.ok(new X509Certificate(certificate ?? '').checkPrivateKey(createPrivateKey(key ?? '')));
        assert.equal(dirname(folder) === path('.'), false);
      });
    }));
});
