/**
 * An example for the edge as one module for a worker. As a command, it writes the module and prints its size: `node tools/edge.mjs
 * edge.js`, or `node tools/edge.mjs edge.js examples/edge-decide.ts`.
 *
 * @module
 */
// @ts-check
import { build } from 'esbuild';
import { writeFile } from 'node:fs/promises';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { alias } from './bundle.mjs';

/** The worker's only module. @param {string} [entry] */
export const edgeWorker = async (entry = 'examples/edge.ts') => {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2023',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'browser'],
    alias,
    legalComments: 'none',
    logLevel: 'error',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [path = 'edge.js', entry] = process.argv.slice(2);
  const worker = await edgeWorker(entry);
  await writeFile(path, worker);
  const [size, packed] = [worker.length, gzipSync(worker, { level: 9 }).length].map((n) => (n / 1000).toFixed(0));
  console.log(`${path}: ${size} kB, gzipped ${packed} kB`);
}
