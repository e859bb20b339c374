/**
 * Bundling the command: one file for Node, Deno and Bun that needs no node_modules.
 *
 * @module
 */
// @ts-check
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** fp-ts and io-ts have CommonJS and ES modules; a bundle gets the latter, once. */
export const alias = { 'fp-ts/lib': 'fp-ts/es6', 'io-ts/lib': 'io-ts/es6' };

/** @param {string} outfile */
export const bundleCommand = (outfile) =>
  build({
    absWorkingDir: root,
    entryPoints: ['adapters/cli/main.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    alias,
    legalComments: 'none',
    logLevel: 'error',
    // CommonJS packages in the bundle ask for built-in modules by require.
    banner: {
      js:
        "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
    },
  });
