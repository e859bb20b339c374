/**
 * The command from a checkout, on Node 20 and later and on Bun: it is bundled as in the package, then run. The task runners start it in the
 * project's folder; file arguments are relative to the folder that they were called from.
 *
 * @module
 */
// @ts-check
import { mkdir, rename, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleCommand } from './bundle.mjs';
import { calledFrom } from './called-from.mjs';
import { inspectorPage } from './page.mjs';

const cache = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url));
const bundle = `${cache}tls-certificates.mjs`;
const own = `${bundle}.${process.pid}`;
await mkdir(cache, { recursive: true });
await bundleCommand(own);
// In one step, since another run may be about to load it.
await rename(own, bundle);
if (process.argv[2] === 'serve') {
  await writeFile(`${cache}inspector.html`, await inspectorPage());
}
process.chdir(await calledFrom());
await import(pathToFileURL(bundle).href);
