/**
 * Bundling the command.
 *
 * @module
 */
// @ts-check
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** fp-ts and io-ts have CommonJS and ES modules; a bundle gets the latter, once. */
export const alias = { 'fp-ts/lib': 'fp-ts/es6', 'io-ts/lib': 'io-ts/es6' };

/** @param {string} entry @param {string} outfile @param {ReadonlyArray<import('esbuild').Plugin>} plugins */
const bundle = (entry, outfile, plugins) =>
  build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    alias,
    legalComments: 'none',
    logLevel: 'error',
    plugins: [...plugins],
    // CommonJS packages in the bundle ask for built-in modules by require.
    banner: {
      js:
        "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
    },
  });

/** `serve` needs much that a hook must not wait for: it is in a file of its own, which the command loads when it is asked to serve. */
/** @type {import('esbuild').Plugin} */
const serveApart = {
  name: 'serve apart',
  setup: ({ onResolve }) =>
    onResolve(
      { filter: /\/serve\.ts$/ },
      ({ kind }) => kind === 'dynamic-import' ? { path: './serve.js', external: true } : undefined,
    ),
};

/** The command without `serve`: one file for Node, Deno and Bun that needs no node_modules. @param {string} outfile */
export const bundleCommand = (outfile) => bundle('adapters/cli/main.ts', outfile, [serveApart]);

/** What the command loads to serve; it has to stand beside it as `serve.js`, and the page as `inspector.html`. @param {string} outfile */
export const bundleServe = (outfile) => bundle('adapters/cli/serve.ts', outfile, []);
