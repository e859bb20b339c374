/**
 * The command from a checkout, on Node 20 and later and on Bun: bundled as the package has it, then run. The task runners start it in
 * the project's folder; file arguments are relative to the folder that they were called from.
 *
 * @module
 */
// @ts-check
import { mkdir, readlink, rename, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleCommand, bundleServe } from './bundle.mjs';
import { inspectorPage } from './page.mjs';

/** npm says from where it was called; Bun 1.4 does not, but the process that runs the task stays there. */
const calledFrom = async () => {
  if (!process.env['npm_config_user_agent']?.startsWith('bun/')) return process.env['INIT_CWD'] ?? process.cwd();
  try {
    return await readlink(`/proc/${process.ppid}/cwd`);
  } catch {
    // No /proc, as on macOS: what Bun 1.5 and later say, or the project's folder.
    return process.env['INIT_CWD'] ?? process.cwd();
  }
};

const cache = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url));
const bundle = `${cache}tls-certificates.mjs`;
const own = `${bundle}.${process.pid}`;
await mkdir(cache, { recursive: true });
await bundleCommand(own);
// In one step, for another run may be about to load it.
await rename(own, bundle);
if (process.argv[2] === 'serve') {
  await bundleServe(`${cache}serve.js`);
  await writeFile(`${cache}inspector.html`, await inspectorPage());
}
process.chdir(await calledFrom());
await import(pathToFileURL(bundle).href);
