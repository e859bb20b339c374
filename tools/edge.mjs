/**
 * The example for the edge as one module for a worker. As a command, writes it and tells its size: `node tools/edge.mjs edge.js`.
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

/** The worker's one module. */
export const edgeWorker = async () => {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
    entryPoints: ['examples/edge.ts'],
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
  const [path = 'edge.js'] = process.argv.slice(2);
  const worker = await edgeWorker();
  await writeFile(path, worker);
  const [size, packed] = [worker.length, gzipSync(worker, { level: 9 }).length].map((n) => (n / 1000).toFixed(0));
  console.log(`${path}: ${size} kB, gzipped ${packed} kB`);
}
