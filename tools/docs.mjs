/**
 * The API reference as HTML pages, made of the comments in the code: `node tools/docs.mjs [FOLDER]`, `dist/api` unless said otherwise. With
 * `--lint` it writes nothing, and tells what is not documented. It needs no network.
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
const output = resolve(given === 'dist/api' ? '.' : await calledFrom(), given);
const options = given === '--lint' ? ['--lint'] : ['--html', `--name=${name}`, `--output=${output}`];

// With Deno alone there is no folder with runtimes, and none is needed.
const deno = 'Deno' in globalThis ? process.execPath : runtime('deno');
const { status } = spawnSync(deno, ['doc', '--quiet', ...options, ...Object.values(exports)], { stdio: 'inherit' });
if (status === 0 && given !== '--lint') console.log(`written: ${resolve(output, 'index.html')}`);
process.exitCode = status ?? 1;
