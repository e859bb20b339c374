/**
 * The whole gate, as CI and contributors run it: types, lint, format and documentation, and the one test suite on Node, Deno and Bun. The
 * three must run the same number of tests, since Deno silently ignores some failures. The last line is the total.
 *
 *     npm test                        all of it
 *     npm test FILE…                  these files of tests only, on all three runtimes
 *     npm test -- --on RUNTIME FILE…  on one of them
 *     npm test -- --only KIND         one kind of check: types, lint or doc
 *
 * There is a single queue, and each processor takes the next job from it. A line appears when a job ends, and failures appear live.
 *
 * @module
 */
// @ts-check
import { availableParallelism } from 'node:os';
import { relative, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checks } from './gate/checks.mjs';
import { inTurn, run } from './gate/run.mjs';
import { allFiles, nameOf, RUNTIMES, shared, suite } from './gate/suites.mjs';

// npm runs scripts in the project's folder, wherever it was called.
const calledFrom = process.env['INIT_CWD'] ?? process.cwd();
process.chdir(fileURLToPath(new URL('..', import.meta.url)));

/** @param {string} message @returns {never} */
const refuse = (message) => {
  console.error(`npm test: ${message}`);
  process.exit(2);
};

const given = () => {
  try {
    return parseArgs({ allowPositionals: true, options: { on: { type: 'string' }, only: { type: 'string' } } });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
};
const { values: { on, only }, positionals } = given();
const runtimes = RUNTIMES.filter((name) => on === undefined || name.toLowerCase() === on);
if (runtimes.length === 0) refuse(`--on ${on}: expected node, deno or bun`);
const known = allFiles();
const wanted = positionals.map((file) => relative('.', resolve(calledFrom, file)));
const unknown = wanted.filter((file) => !known.includes(file));
if (unknown.length > 0) refuse(`no such file of tests: ${unknown.join(', ')}`);
const checked = on !== undefined || wanted.length > 0
  ? []
  : checks().filter(({ kind }) => only === undefined || kind === only);
if (only !== undefined && checked.length === 0) refuse(`--only ${only}: expected types, lint or doc, and no files`);

const nothing = () => ({ passed: 0, failed: 0, skipped: 0 });
const sum = nothing();

/** @param {string} title @param {boolean} ok @param {number} seconds */
const tell = (title, ok, seconds) => console.log(`${ok ? 'ok    ' : 'FAILED'} ${title} (${seconds.toFixed(1)} s)`);

/** @param {import('./gate/checks.mjs').Check} check */
const checking = ({ title, ...command }) => async () => {
  // Nothing that a check prints counts as a failure before it has ended.
  const { ok, seconds } = await run(command, { failure: /(?!)/, before: '' });
  tell(title, ok, seconds);
  sum[ok ? 'passed' : 'failed'] += 1;
};

const totals = new Map(runtimes.map((name) => [name, { ...nothing(), seconds: 0, reasons: new Set() }]));

/** How many tests each runtime has run of the same files. @type {Map<string, Map<string, number>>} */
const ran = new Map();

/** @param {import('./gate/suites.mjs').Runtime} name @param {ReadonlyArray<string>} files */
const testing = (name, files) => async () => {
  const { command, failure, count, reasons } = suite(name, files);
  const ended = await run(command, { failure, before: `${name}: ` });
  const counts = count(ended);
  const { passed, failed, skipped } = counts;
  const title = nameOf(files);
  tell(`${name}: ${title}: ${passed} passed, ${failed} failed, ${skipped} skipped`, ended.ok, ended.seconds);
  const total = totals.get(name);
  if (total === undefined) return;
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  total.seconds += ended.seconds;
  for (const reason of reasons(ended.output)) total.reasons.add(reason);
  ran.set(title, (ran.get(title) ?? new Map()).set(name, passed + failed + skipped));
};

const suites = only === undefined
  ? shared(wanted.length > 0 ? wanted : known).flatMap((files) => runtimes.map((name) => testing(name, files)))
  : [];
const began = performance.now();
await inTurn([...checked.map(checking), ...suites], availableParallelism());

if (suites.length > 0) {
  for (const [name, { passed, failed, skipped, seconds, reasons }] of totals) {
    tell(`suite on ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped`, failed === 0, seconds);
    for (const reason of reasons) console.log(`       skipped on ${name}: ${reason}`);
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
  }
  const odd = [...ran].filter(([, counts]) => new Set(counts.values()).size > 1);
  for (const [title, counts] of odd) {
    console.log(`       ${title}: ${[...counts].map(([name, number]) => `${number} on ${name}`).join(', ')}`);
  }
  if (runtimes.length > 1) {
    const all = [...totals].map(([name, { passed, failed, skipped }]) => `${passed + failed + skipped} on ${name}`);
    console.log(`${odd.length === 0 ? 'ok    ' : 'FAILED'} all ran the same number of tests: ${all.join(', ')}`);
    sum[odd.length === 0 ? 'passed' : 'failed'] += 1;
  }
}
console.log(`${((performance.now() - began) / 1000).toFixed(0)} seconds in all`);
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exitCode = sum.failed > 0 ? 1 : 0;
