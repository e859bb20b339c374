/**
 * The whole gate, as CI and contributors run it: types, lint, format and documentation, then the one suite on Bun, Node and Deno.
 * The three must run the same number of tests, since Deno passes over some failures in silence. The last line is the sum.
 *
 * `npm test FILE…` runs these files of tests only, on all three, and nothing before them. What a suite prints appears from its first failure on,
 * as it comes.
 *
 * @module
 */
// @ts-check
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { runtime } from './runtimes.mjs';

// npm runs scripts in the project's folder, wherever it was called.
const calledFrom = process.env['INIT_CWD'] ?? process.cwd();
process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const bun = runtime('bun');
const node = runtime('node');
const deno = runtime('deno');
const tsc = 'node_modules/.bin/tsc';

/** @type {{ passed: number, failed: number, skipped: number }} */
const sum = { passed: 0, failed: 0, skipped: 0 };

/** What a program prints is kept, and shown from the first line on that tells of a failure. */
class Printed {
  #whole = '';
  #shown = 0;
  #isShown = false;
  #before;

  /** @param {string} before what stands before each line: suites run side by side */
  constructor(before) {
    this.#before = before;
  }

  /** @param {string} text @param {RegExp} failure */
  add(text, failure) {
    this.#whole += text;
    // A line that has not come whole is looked at when its rest has come.
    const end = this.#whole.lastIndexOf('\n') + 1;
    if (this.#isShown || failure.test(this.#whole.slice(this.#shown, end))) this.show(end);
    else this.#shown = end;
  }

  show(end = this.#whole.length) {
    // The lines before the first failure tell where it was.
    const lines = this.#whole.slice(this.#isShown ? this.#shown : 0, end);
    process.stdout.write(lines.replaceAll(/^(?!$)/gm, this.#before));
    [this.#shown, this.#isShown] = [end, true];
  }
}

/**
 * Runs a program to its end; where it fails, all that it printed is shown.
 *
 * @param {string} program @param {ReadonlyArray<string>} args @param {RegExp} failure @param {string} before
 * @returns {Promise<{ ok: boolean, output: string, seconds: string }>}
 */
const run = (program, args, failure, before = '') =>
  new Promise((resolve, reject) => {
    const began = performance.now();
    const printed = new Printed(before);
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
    });
    // For counting, each by itself: a line of one may come in the middle of a line of the other.
    const parts = ['', ''];
    for (const [i, stream] of [child.stdout, child.stderr].entries()) {
      stream.setEncoding('utf8').on('data', (text) => {
        parts[i] += text;
        printed.add(text, failure);
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== 0) printed.show();
      resolve({ ok: code === 0, output: parts.join('\n'), seconds: ((performance.now() - began) / 1000).toFixed(1) });
    });
  });

/** Nothing that a check prints is a failure before it has ended. */
const NEVER = /(?!)/;

/** @param {string} title @param {string} program @param {ReadonlyArray<string>} args */
const check = async (title, program, args) => {
  const { ok, seconds } = await run(program, args, NEVER);
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${title} (${seconds} s)`);
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

/** How each says that a test has failed. */
const FAILURES = { Node: /^\s*✖/m, Bun: /^\(fail\)|^error:/m, Deno: /\.\.\. FAILED/ };

/** @param {keyof typeof COUNTS} name @param {string} program @param {ReadonlyArray<string>} args */
const suite = async (name, program, args) => {
  const { ok, output, seconds } = await run(program, args, FAILURES[name], `${name}: `);
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
  // Only Node tells why it skips a test.
  const reasons = new Set([...output.matchAll(/^\s*﹣ .* # (.+)$/gm)].map(([, reason]) => reason));
  for (const reason of reasons) console.log(`       skipped on ${name}: ${reason}`);
  sum.passed += counts.passed;
  sum.failed += counts.failed;
  sum.skipped += counts.skipped;
  return counts.passed + counts.failed + counts.skipped;
};

const allFiles = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules'))
  .map((file) => join('test', file))
  .sort();

/** An example named after one runtime type-checks in that one only. @param {'bun-' | 'deno-'} other */
const examplesBut = (other) =>
  readdirSync('examples')
    .filter((file) => file.endsWith('.ts') && !file.startsWith(other))
    .map((file) => join('examples', file));

const wanted = process.argv.slice(2).map((file) => relative('.', resolve(calledFrom, file)));
const unknown = wanted.filter((file) => !allFiles.includes(file));
if (unknown.length > 0) {
  console.error(`no such file of tests: ${unknown.join(', ')}`);
  process.exit(2);
}
const testFiles = wanted.length > 0 ? wanted : allFiles;

if (wanted.length === 0) {
  await check('types', tsc, ['-p', 'tsconfig.all.json']);
  await check('declarations without inference', tsc, ['-p', '.', '--noEmit']);
  await check('core needs ECMAScript only', tsc, ['-p', 'tsconfig.core.json']);
  await check('core/x509 needs WebCrypto only', tsc, ['-p', 'tsconfig.x509.json']);
  await check('types as Deno sees them', deno, [
    'check',
    'mod.ts',
    'core',
    'adapters',
    ...examplesBut('bun-'),
    'tools/tls-certificates.ts',
  ]);
  await check('lint', deno, ['lint']);
  await check('format', deno, ['fmt', '--check']);
  await check('public names are documented', process.execPath, ['tools/docs.mjs', '--lint']);
  await check('README and docs compile', deno, [
    'check',
    '--doc-only',
    'README.md',
    'docs/from-python.md',
    'docs/authority.md',
    'docs/http.md',
  ]);
  await check('examples in the documentation', deno, ['task', '-q', 'test:doc']);
}

/** Milliseconds, which only end what hangs: for a test on Bun, for a whole file on Node. Deno has no limit. */
const [TEST, FILE] = [600_000, 3_000_000];

// Bun and Node run one file after another, so the two together keep two cores busy; Deno runs files side by side.
const counts = [
  ...await Promise.all([
    suite('Bun', bun, ['test', '--timeout', String(TEST), ...testFiles.map((file) => `./${file}`)]),
    suite('Node', node, ['--test', '--test-concurrency=1', `--test-timeout=${FILE}`, ...testFiles]),
  ]),
  await suite('Deno', deno, ['test', '--allow-all', '--no-check', '--parallel', ...testFiles]),
];
const same = new Set(counts).size === 1;
console.log(`${same ? 'ok    ' : 'FAILED'} the three ran the same number of tests: ${counts.join(', ')}`);
sum[same ? 'passed' : 'failed'] += 1;

console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exitCode = sum.failed > 0 ? 1 : 0;
