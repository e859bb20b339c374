/**
 * The whole gate, as CI and contributors run it: types, lint, format and documentation, then the one suite on Bun, Node and Deno.
 * The three must run the same number of tests, since Deno passes over some failures in silence. The last line is the sum.
 *
 * @module
 */
// @ts-check
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { runtime } from './runtimes.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const bun = runtime('bun');
const node = runtime('node');
const deno = runtime('deno');
const tsc = 'node_modules/.bin/tsc';

/** @type {{ passed: number, failed: number, skipped: number }} */
const sum = { passed: 0, failed: 0, skipped: 0 };

/** @param {string} program @param {ReadonlyArray<string>} args */
const run = (program, args) => {
  const began = Date.now();
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  });
  return { ok: status === 0, output: `${stdout}${stderr}`, seconds: ((Date.now() - began) / 1000).toFixed(1) };
};

/** @param {string} title @param {string} program @param {ReadonlyArray<string>} args */
const check = (title, program, args) => {
  const { ok, output, seconds } = run(program, args);
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${title} (${seconds} s)`);
  if (!ok) console.log(output);
  sum[ok ? 'passed' : 'failed'] += 1;
};

/** @param {string} output @param {RegExp} pattern */
const number = (output, pattern) => Number([...output.matchAll(pattern)].at(-1)?.[1] ?? 0);

/** What each runtime's test runner says of itself at the end. */
const COUNTS = {
  Node: { passed: /^ℹ pass (\d+)$/gm, failed: /^ℹ fail (\d+)$/gm, skipped: /^ℹ skipped (\d+)$/gm },
  Bun: { passed: /^\s*(\d+) pass$/gm, failed: /^\s*(\d+) fail$/gm, skipped: /^\s*(\d+) skip$/gm },
  Deno: {
    passed: /\d+ passed \((\d+) steps?\)/g,
    failed: /\d+ failed \((\d+) steps?\)/g,
    skipped: /ignored \((\d+) steps?\)/g,
  },
};

/** @param {keyof typeof COUNTS} name @param {string} program @param {ReadonlyArray<string>} args */
const suite = (name, program, args) => {
  const { ok, output, seconds } = run(program, args);
  const { passed, failed, skipped } = COUNTS[name];
  const counts = {
    passed: number(output, passed),
    failed: Math.max(number(output, failed), ok ? 0 : 1),
    skipped: number(output, skipped),
  };
  console.log(
    `${
      ok ? 'ok    ' : 'FAILED'
    } suite on ${name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped (${seconds} s)`,
  );
  if (!ok) console.log(output);
  sum.passed += counts.passed;
  sum.failed += counts.failed;
  sum.skipped += counts.skipped;
  return counts.passed + counts.failed + counts.skipped;
};

const testFiles = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules'))
  .map((file) => join('test', file))
  .sort();

/** An example named after one runtime type-checks in that one only. @param {'bun-' | 'deno-'} other */
const examplesBut = (other) =>
  readdirSync('examples')
    .filter((file) => file.endsWith('.ts') && !file.startsWith(other))
    .map((file) => join('examples', file));

check('types', tsc, ['-p', 'tsconfig.all.json']);
check('declarations without inference', tsc, ['-p', '.', '--noEmit']);
check('core needs ECMAScript only', tsc, ['-p', 'tsconfig.core.json']);
check('core/x509 needs WebCrypto only', tsc, ['-p', 'tsconfig.x509.json']);
check('types as Deno sees them', deno, [
  'check',
  'mod.ts',
  'core',
  'adapters',
  ...examplesBut('bun-'),
  'tools/tls-certificates.ts',
]);
check('lint', deno, ['lint']);
check('format', deno, ['fmt', '--check']);
check('README and docs compile', deno, [
  'check',
  '--doc-only',
  'README.md',
  'docs/from-python.md',
  'docs/authority.md',
  'docs/http.md',
]);
check('examples in the documentation', deno, ['task', '-q', 'test:doc']);

const counts = [
  suite('Bun', bun, ['test', '--timeout', '120000', ...testFiles.map((file) => `./${file}`)]),
  suite('Node', node, ['--test', ...testFiles]),
  suite('Deno', deno, ['task', '-q', 'test']),
];
const same = new Set(counts).size === 1;
console.log(`${same ? 'ok    ' : 'FAILED'} the three ran the same number of tests: ${counts.join(', ')}`);
sum[same ? 'passed' : 'failed'] += 1;

console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exitCode = sum.failed > 0 ? 1 : 0;
