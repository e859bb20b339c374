/**
 * docs/hook-configuration.md: its examples are configurations, and it names every field there is.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { isRequirer, readConfiguration } from '../../adapters/charm/config/configuration.ts';
import { resolve } from '../../adapters/charm/config/resolve.ts';
import type { UnitName } from '../../core/model/names.ts';

const text = (): string => readFileSync(new URL('../../docs/hook-configuration.md', import.meta.url), 'utf8');

const blocks = (): ReadonlyArray<string> =>
  [...text().matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml);

const read = (yaml: string) => readConfiguration('t.yaml', new TextEncoder().encode(yaml))();

/** The fields that a decoder knows, as it tells of one that it does not know. */
const knownBeside = async (yaml: string): Promise<ReadonlyArray<string>> => {
  const result = await read(yaml);
  const known = result._tag === 'Left' ? /known here: ([^)]*)\)/.exec(result.left.message)?.[1] : undefined;
  assert.ok(known !== undefined);
  return known.split(', ');
};

describe('docs/hook-configuration.md', () => {
  it('readConfiguration() understands every example', async () => {
    assert.ok(blocks().length >= 4);
    for (const yaml of blocks()) {
      const result = await read(yaml);
      assert.ok(result._tag === 'Right', result._tag === 'Left' ? result.left.message : '');
      if (!isRequirer(result.right)) continue;
      const resolved = resolve(result.right, {
        unit: 'web/0' as UnitName,
        hostname: 'juju-1',
        ingressAddresses: ['10.0.0.7'],
        config: { domain: 'web.example', 'extra-sans': null, aliases: 'a b' },
      });
      assert.ok(resolved._tag === 'Right', resolved._tag === 'Left' ? resolved.left.message : '');
    }
  });

  it('readConfiguration() knows no field that is not documented', async () => {
    const fields = [
      ...await knownBeside('endpoint: a\nx: 1'),
      ...await knownBeside('side: reactive/provides\nendpoint: a\nauthority: { commonName: a }\nx: 1'),
      ...await knownBeside('side: csr/requires\nendpoint: a\nx: 1'),
      ...await knownBeside('side: any/provides\nendpoint: a\nauthority: { commonName: a }\nx: 1'),
      ...await knownBeside('side: bridge\nbelow: a\nabove: b\nx: 1'),
      ...await knownBeside(
        'side: reactive/requires\nendpoint: a\nrequests: [{ certType: server, commonName: a, x: 1 }]',
      ),
      ...await knownBeside('side: csr/requires\nendpoint: a\nrequests: [{ certType: client, commonName: a, x: 1 }]'),
      ...await knownBeside(
        'side: csr/requires\nendpoint: a\nrequests: [{ certType: client, commonName: a, subject: { x: 1 } }]',
      ),
      ...await knownBeside('endpoint: a\nrequests: [{ certType: server, commonName: a, x: 1 }]'),
      ...await knownBeside('endpoint: a\ninstall: [{ ca: /a, x: 1 }]'),
      ...await knownBeside('endpoint: a\ntrust: [{ endpoint: b, file: /a, x: 1 }]'),
      ...await knownBeside('side: reactive/provides\nendpoint: a\nauthority: { commonName: a, x: 1 }'),
      ...await knownBeside('side: reactive/provides\nendpoint: a\nauthority: { commonName: a }\npolicy: { x: 1 }'),
    ];
    assert.ok(fields.length > 20);
    const documented = text();
    assert.deepEqual(fields.filter((field) => !documented.includes(`\`${field}\``)), []);
  });

  it('readConfiguration() says what the documentation shows', async () => {
    const [, shown = ''] = /```text\n(tls-certificates\.yaml:14: .*)\n/.exec(text()) ?? [];
    const yaml = `${
      '\n'.repeat(11)
    }endpoint: a\ninstall:\n- { certType: client, commonName: a, key: /k, mode: 0600 }\n`;
    const result = await readConfiguration('tls-certificates.yaml', new TextEncoder().encode(yaml))();
    assert.equal(result._tag === 'Left' && result.left.message, shown);
  });
});
