/**
 * Bundles the command and the hook for Node, Deno and Bun, without node_modules.
 *
 * @module
 */
// @ts-check
import { build, buildSync } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** fp-ts and io-ts have CommonJS and ES modules; a bundle gets only the latter. */
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

/** CommonJS packages in the bundle load built-in modules with require. */
const banner = {
  js:
    "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
};

/** @type {import('esbuild').BuildOptions} */
const command = { ...common, banner };

/** The command as one file, for a checkout. @param {string} outfile */
export const bundleCommand = (outfile) => build({ ...command, entryPoints: ['adapters/main.ts'], outfile });

/** The same for any entry, synchronously. @param {string} entry @param {string} outfile */
export const bundleNow = (entry, outfile) => buildSync({ ...command, entryPoints: [entry], outfile });

/**
 * The command as in the package: what a hook does not need is in separate files, which a hook does not read.
 *
 * @param {string} outdir
 */
export const bundleCommandInParts = (outdir) =>
  build({
    ...command,
    entryPoints: { 'tls-certificates': 'adapters/main.ts' },
    outdir,
    splitting: true,
    chunkNames: 'command/[name]-[hash]',
  });

/** Includes the inspector page in the command. @param {string} page @returns {import('esbuild').Plugin} */
const withPage = (page) => ({
  name: 'with-page',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/adapters\/cli\/page\.ts$/ }, () => ({
      contents: `export const readPage = () => Promise.resolve(${JSON.stringify(page)});`,
    })),
});

/** The command as one file that needs no others. @param {string} outfile @param {string} page the inspector page */
export const bundleCommandWhole = (outfile, page) =>
  build({ ...command, entryPoints: ['adapters/main.ts'], outfile, plugins: [withPage(page)] });

/** @type {import('esbuild').BuildOptions} */
const hook = {
  ...common,
  alias: {
    ...alias,
    // Its form for browsers is the one that consists of ES modules, and it works everywhere.
    yaml: './node_modules/yaml/browser/index.js',
    // The library creates all its codecs when it is loaded, and a hook uses none of them.
    'io-ts': './adapters/juju/decoding.ts',
    // Hashing in JavaScript is slow until it is compiled, and a hook ends before that.
    '@noble/hashes/sha2.js': './adapters/juju/hashes.ts',
    '@noble/hashes/legacy.js': './adapters/juju/hashes.ts',
    '@noble/hashes/utils.js': './adapters/juju/hashes.ts',
  },
  // Tells Bun that there is nothing to transpile; to the others it is a comment.
  banner: { js: '// @bun' },
  minifySyntax: true,
  minifyWhitespace: true,
};

/**
 * The hook alone, for a charm: an entry named `name`, and next to it what only some hooks need, such as X.509.
 *
 * @param {string} outdir
 * @param {{ name?: string, chunkNames?: string }} names
 */
export const bundleHook = (outdir, { name = 'hook', chunkNames = '[name]-[hash]' } = {}) =>
  build({
    ...hook,
    entryPoints: { [name]: 'adapters/charm/main.ts' },
    outdir,
    splitting: true,
    outExtension: { '.js': '.mjs' },
    chunkNames,
  });

/** The hook alone as one file. @param {string} outfile */
export const bundleHookAsOne = (outfile) => build({ ...hook, entryPoints: ['adapters/charm/main.ts'], outfile });

/** The program must ignore configuration files in the folder where it runs. */
const ALONE = ['--no-compile-autoload-dotenv', '--no-compile-autoload-bunfig'];

/**
 * What only some hooks need stays separate, and the code is bytecode, so a hook parses nothing. A hook runs for milliseconds, so compiling
 * at the usual threshold does not pay off.
 */
const QUICK = ['--minify', '--splitting', '--bytecode', '--compile-jit-policy=100'];

/**
 * A bundle as one executable that needs nothing else on the machine, built by Bun.
 *
 * @param {string} bun Bun's program
 * @param {string} entry
 * @param {string} outfile
 * @param {{ target?: string, more?: ReadonlyArray<string> }} [options] `target` e.g. `bun-linux-arm64`; default: this machine
 */
export const compile = (bun, entry, outfile, { target, more = [] } = {}) => {
  const platform = target === undefined ? [] : [`--target=${target}`];
  const args = ['build', '--compile', '--format=esm', ...more, ...ALONE, ...platform, `--outfile=${outfile}`, entry];
  const { status, stderr } = spawnSync(bun, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`bun ${args.join(' ')} failed: ${stderr}`);
};

/**
 * A bundled hook as one executable.
 *
 * @param {string} bun Bun's program
 * @param {string} entry `hook.mjs`
 * @param {string} outfile
 * @param {string} [target] e.g. `bun-linux-arm64`; default: this machine
 */
export const compileHook = (bun, entry, outfile, target) =>
  compile(bun, entry, outfile, { more: QUICK, ...(target === undefined ? {} : { target }) });

/** Keeps each source's own location in `import.meta.url`. @type {import('esbuild').Plugin} */
const locating = {
  name: 'locating',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/(test|tools)\/.*\.ts$/ }, async ({ path }) => {
      const contents = await readFile(path, 'utf8');
      return {
        contents: contents.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
        loader: 'ts',
      };
    }),
};

/** @param {string} entry */
const bundleAndImport = async (entry) => {
  // In the project folder, where packages are found.
  const cache = join(root, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const outfile = join(cache, `${basename(entry, '.ts')}.${process.pid}.mjs`);
  try {
    // Files next to the sources are located relative to the sources.
    await build({ ...hook, entryPoints: [entry], outfile, plugins: [locating] });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(outfile, { force: true });
  }
};

/** @type {Map<string, Promise<any>>} */
const loaded = new Map();

/**
 * Loads a source of this project on any runtime, even on one that does not read TypeScript.
 *
 * @param {string} entry its path from the root
 */
export const load = (entry) => {
  const module = loaded.get(entry) ?? bundleAndImport(entry);
  loaded.set(entry, module);
  return module;
};
