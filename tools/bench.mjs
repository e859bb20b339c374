/**
 * The benchmark on the three runtimes, and the size of the core's bundle, as Markdown. With `--save` it becomes the second half of
 * `docs/performance.md`.
 *
 * @module
 */
// @ts-check
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, type } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { alias } from './bundle.mjs';
import { runtime } from './runtimes.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

/** @type {ReadonlyArray<readonly ['bun' | 'node' | 'deno', ReadonlyArray<string>]>} */
const RUNTIMES = [['bun', ['run']], ['node', []], ['deno', ['run', '--allow-all', '--no-check']]];

/** @param {number} x */
const ms = (x) => (x < 10 ? x.toFixed(3) : x.toFixed(1));

/** @param {'bun' | 'node' | 'deno'} name @param {ReadonlyArray<string>} args */
const table = (name, args) => {
  const version =
    spawnSync(runtime(name), ['--version'], { encoding: 'utf8' }).stdout.split('\n')[0]?.replace(/^\D*/, '') ?? '';
  const { stdout, stderr, status } = spawnSync(runtime(name), [...args, 'test/bench/decide.ts'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the benchmark failed on ${name}: ${stderr}`);
  const rows = stdout.trim().split('\n').map((line) => JSON.parse(line));
  return [
    `### ${name} ${version}`,
    '',
    '| certificates | floor, ms | hashing, ms | `requires.decide`, ms | of the aim | µs per certificate | `decide(unknown)`, ms |',
    '|---:|---:|---:|---:|---:|---:|---:|',
    ...rows.map(({ n, floor, hashing, typed, whole }) =>
      `| ${n} | ${ms(floor)} | ${ms(hashing)} | ${ms(typed)} | ${(typed / (1.5 * floor + hashing)).toFixed(2)} | ${
        ((1000 * typed) / n).toFixed(1)
      } | ${ms(whole)} |`
    ),
    '',
  ];
};

/** @param {string} entry */
const bundleSize = async (entry) => {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'esm',
    alias,
    write: false,
  });
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  return `| \`${entry}\` | ${(bytes.length / 1000).toFixed(1)} kB | ${
    (gzipSync(bytes, { level: 9 }).length / 1000).toFixed(1)
  } kB |`;
};

const lines = [
  `Measured ${new Date().toISOString().slice(0, 10)} on ${cpus().length} × ${
    cpus()[0]?.model
  }, ${type()} ${release()}.`,
  '',
  ...RUNTIMES.flatMap(([name, args]) => table(name, args)),
  '### Size',
  '',
  '| entry, bundled with all it needs | minified | and gzipped |',
  '|---|---:|---:|',
  await bundleSize('core/decide.ts'),
  await bundleSize('mod.ts'),
];

console.log(lines.join('\n'));
if (process.argv.includes('--save')) {
  const [head] = readFileSync('docs/performance.md', 'utf8').split('<!-- measured -->');
  writeFileSync('docs/performance.md', `${head}<!-- measured -->\n\n${lines.join('\n')}\n`);
}
