/**
 * The runtimes of `test/runtimes`, installed if they are missing or out of date. As a command, it runs one of them with the given
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

/** Whether the installed versions are those in the lock file. */
const isCurrent = () => {
  if (!existsSync(join(folder, 'node_modules/.package-lock.json'))) return false;
  const installed = packagesOf('node_modules/.package-lock.json');
  return ['bun', 'deno', 'node', 'axe-core', 'miniflare', 'playwright-core'].every((name) => {
    const path = `node_modules/${name}`;
    return installed[path]?.version === packagesOf('package-lock.json')[path]?.version;
  });
};

/** The runtime that runs this; with Bun or Deno alone, it is the only one. */
const PRESENT = 'Deno' in globalThis ? 'deno' : 'Bun' in globalThis ? 'bun' : 'node';

/** Whether all three are installed, or can be. */
export const areAvailable = () => isCurrent() || spawnSync('npm', ['--version'], { stdio: 'ignore' }).status === 0;

/** The path of a runtime's program. If necessary, it first installs all three, and says so. @param {'bun' | 'deno' | 'node'} name */
export const runtime = (name) => {
  if (!isCurrent()) {
    if (name === PRESENT && name !== 'node') return process.execPath;
    console.error(`Installing Bun, Deno and Node for builds and tests, once: npm ci in ${folder}`);
    const { status, error } = spawnSync('npm', ['ci', '--silent'], {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const why = error === undefined ? `npm ci ended with ${status}` : 'there is no npm';
    if (status !== 0) throw new Error(`${name} cannot be installed in ${folder}: ${why}`);
  }
  return join(folder, 'node_modules/.bin', name);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name, ...args] = process.argv.slice(2);
  if (name !== 'bun' && name !== 'deno' && name !== 'node') throw new Error('which runtime? bun, deno or node');
  process.exitCode = spawnSync(runtime(name), args, { stdio: 'inherit' }).status ?? 1;
}
