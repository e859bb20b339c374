/**
 * What a charm's hook reads from the disk when it starts: its bundle is in parts, and X.509 is in parts that only some hooks need.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';

/** Parts that a part imports at its start; what it imports when it is needed is not among them. */
const importedBy = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(/\b(?:import|from)\s*"\.\/([^"]+)"/g)].flatMap(([, file]) => (file === undefined ? [] : [file]));

const loadedBy = (folder: string, entry: string): ReadonlySet<string> => {
  const loaded = new Set<string>();
  const load = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    importedBy(readFileSync(join(folder, file), 'utf8')).forEach(load);
  };
  load(entry);
  return loaded;
};

/** The object identifier of basic constraints, which only a reader of certificates knows. */
const OF_X509 = '2.5.29.19';

describe("a hook's bundle", () => {
  it('loads no X.509 at its start, nor YAML, nor effect', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bundle-'));
    try {
      // A computed path, since there are no types for it.
      const { bundleHook } = await import(new URL('../../tools/bundle.mjs', import.meta.url).href);
      await bundleHook(folder);
      const loaded = loadedBy(folder, 'hook.mjs');
      const holding = (words: string): ReadonlyArray<string> =>
        readdirSync(folder).filter((file) => readFileSync(join(folder, file), 'utf8').includes(words));
      const x509 = holding(OF_X509);
      assert.ok(x509.length > 0, 'it is in the bundle');
      assert.deepEqual(x509.filter((file) => loaded.has(file)), []);
      const yaml = holding('tag:yaml.org');
      assert.ok(yaml.length > 0, 'it is in the bundle');
      assert.deepEqual(yaml.filter((file) => loaded.has(file)), []);
      assert.deepEqual(holding('~effect/'), []);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
