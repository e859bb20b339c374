/**
 * The one test suite on the three runtimes: which test files a process runs, and how many tests it reports.
 *
 * @module
 */
// @ts-check
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runtime } from '../runtimes.mjs';

/** @typedef {'Bun' | 'Node' | 'Deno'} Runtime */
/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** A limit in milliseconds, which only ends tests that hang. Deno has no limit. */
const PATIENCE = 600_000;

/**
 * How each runtime runs test files, what its runner reports at the end, and how it reports a failed test. Node reads hundreds of sources
 * faster if they are compiled beforehand, once for all files of a process.
 *
 * @type {Readonly<Record<Runtime, { program: () => string, args: ReadonlyArray<string>, env: Readonly<Record<string, string>>, failure: RegExp,
 *   counts: Readonly<Record<keyof Counts, RegExp>> }>>}
 */
const RUNNERS = {
  Node: {
    program: () => runtime('node'),
    args: ['--test', '--test-isolation=none', `--test-timeout=${PATIENCE}`],
    env: { NODE_COMPILE_CACHE: 'node_modules/.cache/node' },
    failure: /^\s*✖/m,
    counts: { passed: /^ℹ pass (\d+)$/gm, failed: /^ℹ fail (\d+)$/gm, skipped: /^ℹ skipped (\d+)$/gm },
  },
  Deno: {
    program: () => runtime('deno'),
    args: ['test', '--allow-all', '--no-check'],
    env: {},
    failure: /\.\.\. FAILED/,
    counts: {
      passed: /\d+ passed \((\d+) steps?\)/g,
      failed: /\d+ failed \((\d+) steps?\)/g,
      skipped: /ignored \((\d+) steps?\)/g,
    },
  },
  Bun: {
    program: () => runtime('bun'),
    args: ['test', '--timeout', String(PATIENCE)],
    env: {},
    failure: /^\(fail\)|^error:/m,
    counts: { passed: /^\s*(\d+) pass$/gm, failed: /^\s*(\d+) fail$/gm, skipped: /^\s*(\d+) skip$/gm },
  },
};

/** The three runtimes, the slowest first. */
export const RUNTIMES = /** @type {ReadonlyArray<Runtime>} */ (['Node', 'Deno', 'Bun']);

/** @param {string} output @param {RegExp} pattern */
const number = (output, pattern) => Number([...output.matchAll(pattern)].at(-1)?.[1] ?? 0);

/** How a runtime runs test files. @param {Runtime} name @param {ReadonlyArray<string>} files */
export const suite = (name, files) => {
  const { program, args, env, failure, counts } = RUNNERS[name];
  return {
    command: { program: program(), args: [...args, ...files.map((file) => `./${file}`)], env },
    failure,
    /** @param {{ ok: boolean, output: string }} ended @returns {Counts} */
    count: ({ ok, output }) => ({
      passed: number(output, counts.passed),
      // If a file cannot even be loaded, no test fails, so it counts as one failure.
      failed: Math.max(number(output, counts.failed), ok ? 0 : 1),
      skipped: number(output, counts.skipped),
    }),
    /** Only Node says why it skips a test. @param {string} output */
    reasons: (output) => [...output.matchAll(/^\s*﹣ .* # (.+)$/gm)].map(([, reason = '']) => reason),
  };
};

/** All test files. */
export const allFiles = () =>
  readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules'))
    .map((file) => join('test', file))
    .sort();

/**
 * Files and folders that take long, longest first. Each has a process of its own and starts early, so that all processors finish at about
 * the same time. An outdated list only costs a little time.
 */
const LONG = [
  // Together, since they install the same packages from PyPI.
  'test/peers/',
  'test/adapters/charm/any-charms.test.ts',
  'test/adapters/charm/requirer-actions.test.ts',
  'test/adapters/cli/',
  'test/adapters/install/',
  'test/adapters/charm/csr-charms.test.ts',
  'test/adapters/charm/command.test.ts',
  'test/adapters/charm/provider-actions.test.ts',
  'test/tools/',
  'test/adapters/serve/',
  'test/adapters/inspector/',
  'test/core/x509/growth.test.ts',
  'test/adapters/http/',
  'test/examples.test.ts',
  'test/faults/',
  'test/adapters/memory/',
  'test/adapters/authority/',
];

/** How many files one process runs, one after the other; with more, the last processes would take long. */
const TOGETHER = 12;

/** Splits test files among processes: long ones first, the others by the dozen. @param {ReadonlyArray<string>} files */
export const shared = (files) => {
  if (files.length <= TOGETHER) return files.map((file) => [file]);
  const long = LONG.map((path) => files.filter((file) => file.startsWith(path))).filter((some) => some.length > 0);
  const short = files.filter((file) => !long.flat().includes(file));
  const dozens = Array.from(
    { length: Math.ceil(short.length / TOGETHER) },
    (_, i) => short.slice(i * TOGETHER, (i + 1) * TOGETHER),
  );
  return [...long, ...dozens];
};

/** A name for several files. @param {ReadonlyArray<string>} files */
export const nameOf = ([first = '', ...more]) => {
  if (more.length === 0) return first;
  const [from, to] = [dirname(first), dirname(more.at(-1) ?? first)];
  return `${from === to ? from : `${from} to ${to}`}, ${more.length + 1} files`;
};
