/**
 * Bundling the command and the hook: for Node, Deno and Bun, without node_modules.
 *
 * @module
 */
// @ts-check
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** fp-ts and io-ts have CommonJS and ES modules; a bundle gets the latter, once. */
export const alias = { 'fp-ts/lib': 'fp-ts/es6', 'io-ts/lib': 'io-ts/es6' };

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  alias,
  legalComments: 'none',
  logLevel: 'error',
};

/** CommonJS packages in the bundle ask for built-in modules by require. */
const banner = {
  js:
    "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
};

/** The command as one file, for a checkout. @param {string} outfile */
export const bundleCommand = (outfile) => build({ ...common, entryPoints: ['adapters/main.ts'], outfile, banner });

/**
 * The command as the package has it: what a hook does not need is in files of its own, which are not read then.
 *
 * @param {string} outdir
 */
export const bundleCommandInParts = (outdir) =>
  build({
    ...common,
    entryPoints: { 'tls-certificates': 'adapters/main.ts' },
    outdir,
    splitting: true,
    chunkNames: 'command/[name]-[hash]',
    banner,
  });

/**
 * The hook alone, for a charm: `hook.mjs`, and beside it what only some hooks need, such as X.509.
 *
 * @param {string} outdir
 */
export const bundleHook = (outdir) =>
  build({
    ...common,
    entryPoints: { hook: 'adapters/juju/main.ts' },
    outdir,
    // Its form for browsers is the one made of ES modules, and works everywhere.
    alias: { ...alias, yaml: './node_modules/yaml/browser/index.js' },
    splitting: true,
    outExtension: { '.js': '.mjs' },
    chunkNames: '[name]-[hash]',
    minifySyntax: true,
    minifyWhitespace: true,
  });
