/**
 * The README's charm for nginx, made as a stranger would make it, from its text alone, and deployed; and docs/charms.md, whose examples
 * are configurations and whose statuses are those of the program.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readConfiguration } from '../../adapters/charm/config/configuration.ts';
import { inFolder, RUNTIME } from '../command.ts';
import { build, optionsIn, pathWith } from '../juju/built-charm.ts';
import { withJuju } from '../juju/juju.ts';
import { PATIENCE } from '../patience.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const page = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Files as the README shows them: a path with some words, and then the text. */
const filesIn = (text: string): ReadonlyArray<readonly [path: string, content: string]> =>
  [...text.matchAll(/`(nginx-tls\/[a-z.-]+)`[^`]*\n\n```\w+\n([\s\S]*?)```/g)].map(([, path = '', content = '']) =>
    [path, content] as const
  );

/** The commands before the files. */
const commandsIn = (text: string): string => /```sh\n(cp -r [\s\S]*?)```/.exec(text)?.[1] ?? assert.fail();

describe(`docs/charms.md and the README on ${RUNTIME}`, () => {
  it('the README makes a charm for nginx out of the example', { timeout: PATIENCE }, () =>
    inFolder(async (path) => {
      const readme = page('README.md');
      symlinkSync(join(ROOT, 'examples'), path('examples'));
      assert.equal(spawnSync('sh', ['-e', '-c', commandsIn(readme)], { cwd: path('.') }).status, 0);
      const files = filesIn(readme);
      assert.equal(files.length, 6);
      for (const [name, content] of files) writeFileSync(path(name), content.replaceAll('/etc/', path('etc/')));
      const metadata = readFileSync(path('nginx-tls/metadata.yaml'), 'utf8');
      assert.match(metadata, /^name: nginx-tls$/m);
      assert.doesNotMatch(metadata, /client|charm-requirer|etc\/nginx-tls/, 'it says what this charm does');

      const noted = `echo "\${0##*/} $*" >> '${path('log')}'`;
      const programs = pathWith(path('programs'), {
        'apt-get': `mkdir -p '${path('etc/nginx/conf.d')}'; ${noted}`,
        nginx: noted,
        'open-port': noted,
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
        assert.equal(status.message.split('is not set').length, 2, 'the cause is told once');
        assert.ok(
          page('docs/charms.md').includes(`| \`blocked\` | \`${status.message.split('; ')[0]}\``),
          status.message,
        );
        juju.configure('nginx-tls', { domain: 'www.example.com' });
        await juju.settle();
        const message = 'certificates: easyrsa speaks the CSR protocol';
        assert.deepEqual(juju.unit('nginx-tls/0').status, { status: 'active', message });
        // Of the real EasyRSA, which the page speaks of.
        assert.ok(page('docs/charms.md').includes(`| \`active\` | \`${message.replace('CSR', 'reactive')}\``));
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
      const { stdout } = spawnSync('openssl', [
        'x509',
        '-noout',
        '-ext',
        'subjectAltName',
        '-in',
        path('etc/nginx/tls/chain.pem'),
      ], {
        encoding: 'utf8',
      });
      assert.match(stdout, /DNS:www\.example\.com, IP Address:10\.0\.0\.\d/);
    }));

  it('the README names commands that there are', () => {
    const { scripts } = JSON.parse(page('package.json'));
    const named = [...page('README.md').matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name = '']) => name);
    assert.ok(named.includes('charms:demo') && named.includes('charms'));
    assert.deepEqual(named.filter((name) => scripts[name] === undefined), []);
  });

  it('readConfiguration() understands every configuration in docs/charms.md and in the examples', async () => {
    const shown = [...page('docs/charms.md').matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml);
    assert.ok(shown.length > 0);
    const examples = ['requirer', 'provider'].map((side) => page(`examples/charm-${side}/tls-certificates.yaml`));
    for (const yaml of [...shown, ...examples]) {
      const result = await readConfiguration('t.yaml', new TextEncoder().encode(yaml))();
      assert.ok(result._tag === 'Right', result._tag === 'Left' ? result.left.message : '');
    }
  });

  it('docs/charms.md has the statuses, names and options of the program', async () => {
    const text = page('docs/charms.md');
    const sources = [
      'charm/status.ts',
      'charm/any-status.ts',
      'juju/keeper.ts',
      'juju/secret-hooks.ts',
      'juju/secret-file.ts',
      'keeping/private-file.ts',
    ].map((file) => page(`adapters/${file}`)).join('');
    for (
      const words of [
        'not related to a provider of certificates (juju integrate)',
        'waiting for a unit of the provider',
        'waiting for the certificate',
      ]
    ) {
      assert.ok(text.includes(words) && sources.includes(words), words);
    }
    for (
      const name of [
        'tls-certificates-${endpoint}-authority',
        '.tls-certificates-${endpoint}.json',
        '.tls-certificates-secret',
      ]
    ) {
      assert.ok(text.includes(name.replace('${endpoint}', 'ENDPOINT')) && sources.includes(name), name);
    }
    const { FORMS } = await import(new URL('../../tools/charms.mjs', import.meta.url).href);
    for (const form of FORMS) assert.match(text, new RegExp(`^\\| .*\`${form}\`.* \\|`, 'm'));
    for (const option of ['--for', '--out', '--parts', '--keep-yaml']) assert.ok(text.includes(option));
  });
});
