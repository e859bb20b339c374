/**
 * The runtimes of `test/runtimes`, installed where they are missing or out of date. As a command, runs one of them with the given
 * arguments: `node tools/runtimes.mjs deno fmt`.
 *
 * @module
 */
// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../test/runtimes/', import.meta.url));

/** @param {string} file @returns {Record<string, { version?: string }>} */
const packagesOf = (file) => JSON.parse(readFileSync(join(folder, file), 'utf8')).packages;

/** Whether what is installed is what the lock file asks for. */
const isCurrent = () => {
  if (!existsSync(join(folder, 'node_modules/.package-lock.json'))) return false;
  const installed = packagesOf('node_modules/.package-lock.json');
  return ['bun', 'deno', 'node', 'axe-core', 'miniflare', 'playwright-core'].every((name) => {
    const path = `node_modules/${name}`;
    return installed[path]?.version === packagesOf('package-lock.json')[path]?.version;
  });
};

/** The path of a runtime's program, after installing all three where necessary. @param {'bun' | 'deno' | 'node'} name */
export const runtime = (name) => {
  if (!isCurrent()) {
    const { status } = spawnSync('npm', ['ci', '--silent'], { cwd: folder, stdio: 'inherit' });
    if (status !== 0) throw new Error(`cannot install the runtimes: npm ci failed in ${folder}`);
  }
  return join(folder, 'node_modules/.bin', name);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name, ...args] = process.argv.slice(2);
  if (name !== 'bun' && name !== 'deno' && name !== 'node') throw new Error('which runtime? bun, deno or node');
  process.exitCode = spawnSync(runtime(name), args, { stdio: 'inherit' }).status ?? 1;
}
