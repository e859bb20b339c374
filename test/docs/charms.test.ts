/**
 * docs/charms.md: its examples are configurations, and its statuses are those of the program.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readConfiguration } from '../../adapters/charm/config/configuration.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const page = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('docs/charms.md', () => {
  it('readConfiguration() understands every configuration in docs/charms.md and in the examples', async () => {
    const shown = [...page('docs/charms.md').matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml);
    assert.ok(shown.length > 0);
    const examples = ['requirer', 'provider', 'bridge'].map((side) =>
      page(`examples/charm-${side}/tls-certificates.yaml`)
    );
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
