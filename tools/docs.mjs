/**
 * The API reference as HTML pages, generated from the comments in the code: `node tools/docs.mjs [FOLDER]`, by default `dist/api`. With
 * `--lint` it writes nothing, and reports what is not documented. It needs no network.
 *
 * @module
 */
// @ts-check
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { calledFrom } from './called-from.mjs';
import { runtime } from './runtimes.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const { name, exports } = JSON.parse(readFileSync('deno.json', 'utf8'));

const [given = 'dist/api'] = process.argv.slice(2);

// With Deno alone, there is no folder with runtimes, and none is needed.
const deno = 'Deno' in globalThis ? process.execPath : runtime('deno');

/** @param {ReadonlyArray<string>} options */
const doc = (options) =>
  spawnSync(deno, ['doc', '--quiet', ...options, ...Object.values(exports)], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
    maxBuffer: 1 << 26,
  });

/** The types of fp-ts are for fp-ts to document: they are mentioned here, but not exported. */
const OF_FP_TS = /references private type '(?:Either|TaskEither|Task)'/;

if (given === '--lint') {
  const findings = doc(['--lint']).stderr.split(/^(?=error\[)/m).filter((text) => text.startsWith('error['));
  const ours = findings.filter((text) => !OF_FP_TS.test(text));
  console.error(ours.join(''));
  // Without any findings, not even those, the lint did not run.
  process.exitCode = ours.length > 0 || findings.length === 0 ? 1 : 0;
} else {
  const output = resolve(given === 'dist/api' ? '.' : await calledFrom(), given);
  const { status, stderr } = doc(['--html', `--name=${name}`, `--output=${output}`]);
  console.log(status === 0 ? `written: ${resolve(output, 'index.html')}` : stderr);
  process.exitCode = status ?? 1;
}
