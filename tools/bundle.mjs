/**
 * Bundling the command and the hook: for Node, Deno and Bun, without node_modules.
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

/** @type {import('esbuild').BuildOptions} */
const command = { ...common, banner };

/** The command as one file, for a checkout. @param {string} outfile */
export const bundleCommand = (outfile) => build({ ...command, entryPoints: ['adapters/main.ts'], outfile });

/** The same before anything else happens, of any entry. @param {string} entry @param {string} outfile */
export const bundleNow = (entry, outfile) => buildSync({ ...command, entryPoints: [entry], outfile });

/**
 * The command as the package has it: what a hook does not need is in files of its own, which are not read then.
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

/** Has the command bring its inspector page along. @param {string} page @returns {import('esbuild').Plugin} */
const withPage = (page) => ({
  name: 'with-page',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/adapters\/cli\/page\.ts$/ }, () => ({
      contents: `export const readPage = () => Promise.resolve(${JSON.stringify(page)});`,
    })),
});

/** The command as one file that needs no other. @param {string} outfile @param {string} page the inspector page */
export const bundleCommandWhole = (outfile, page) =>
  build({ ...command, entryPoints: ['adapters/main.ts'], outfile, plugins: [withPage(page)] });

/** @type {import('esbuild').BuildOptions} */
const hook = {
  ...common,
  alias: {
    ...alias,
    // Its form for browsers is the one made of ES modules, and works everywhere.
    yaml: './node_modules/yaml/browser/index.js',
    // The library makes all its codecs when it is loaded, and a hook decodes with none of them.
    'io-ts': './adapters/juju/decoding.ts',
    // Hashing in JavaScript is slow until it has been compiled, which a hook does not live to see.
    '@noble/hashes/sha2.js': './adapters/juju/hashes.ts',
    '@noble/hashes/legacy.js': './adapters/juju/hashes.ts',
    '@noble/hashes/utils.js': './adapters/juju/hashes.ts',
  },
  // Tells Bun that there is nothing to translate; a comment to the others.
  banner: { js: '// @bun' },
  minifySyntax: true,
  minifyWhitespace: true,
};

/**
 * The hook alone, for a charm: an entry called after `name`, and beside it what only some hooks need, such as X.509.
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

/** Files that lie about where a program runs are nothing to it. */
const ALONE = ['--no-compile-autoload-dotenv', '--no-compile-autoload-bunfig'];

/**
 * What only some hooks need stays apart, and code is there as bytecode: a hook parses nothing. It lives for milliseconds, so that what is compiled at
 * the usual threshold does not pay.
 */
const QUICK = ['--minify', '--splitting', '--bytecode', '--compile-jit-policy=100'];

/**
 * A bundle as one executable that needs nothing else on the machine, made by Bun.
 *
 * @param {string} bun Bun's program
 * @param {string} entry
 * @param {string} outfile
 * @param {{ target?: string, more?: ReadonlyArray<string> }} [options] `target` e.g. `bun-linux-arm64`; this machine unless said
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
 * @param {string} [target] e.g. `bun-linux-arm64`; this machine unless said
 */
export const compileHook = (bun, entry, outfile, target) =>
  compile(bun, entry, outfile, { more: QUICK, ...(target === undefined ? {} : { target }) });

/** Has every source keep its own place in `import.meta.url`. @type {import('esbuild').Plugin} */
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
  // In the project, where packages are found.
  const cache = join(root, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const outfile = join(cache, `${basename(entry, '.ts')}.${process.pid}.mjs`);
  try {
    // Files beside the sources are found from where the sources are.
    await build({ ...hook, entryPoints: [entry], outfile, plugins: [locating] });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(outfile, { force: true });
  }
};

/** @type {Map<string, Promise<any>>} */
const loaded = new Map();

/**
 * Loads a source of this project on any runtime, also on one that does not read TypeScript.
 *
 * @param {string} entry its path from the root
 */
export const load = (entry) => {
  const module = loaded.get(entry) ?? bundleAndImport(entry);
  loaded.set(entry, module);
  return module;
};
