/**
 * Loaded by Bun before tests (bunfig.toml): Bun ends a test after five seconds, and no test here depends on how fast the machine is.
 *
 * A limit counts for one file, and `bunfig.toml` cannot say it, so that each file of tests gets it as it is loaded, in its first line.
 *
 * @module
 */
import { plugin } from 'bun';
import { readFile } from 'node:fs/promises';
import { PATIENCE } from './patience.ts';

const FIRST = `import { setDefaultTimeout as __limit } from 'bun:test';__limit(${PATIENCE});`;

plugin({
  name: 'patience',
  setup: ({ onLoad }) =>
    void onLoad({ filter: /[\\/]test[\\/].*\.test\.ts$/ }, async ({ path }) => ({
      contents: FIRST + await readFile(path, 'utf8'),
      loader: 'ts',
    })),
});
