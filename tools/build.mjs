/**
 * What the npm package holds: the modules with their declarations, the command as one file, and what it
 * needs to serve as two more: the server, and the inspector page.
 *
 * @module
 */
// @ts-check
import { spawnSync } from 'node:child_process';
import { chmod, rm, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { bundleCommand, bundleServe } from './bundle.mjs';
import { inspectorPage } from './page.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

await rm('dist', { recursive: true, force: true });
const { status } = spawnSync('node_modules/.bin/tsc', ['-p', '.'], { stdio: 'inherit' });
if (status !== 0) throw new Error('the sources do not compile: nothing was built');
await bundleCommand('dist/tls-certificates.js');
await bundleServe('dist/serve.js');
await chmod('dist/tls-certificates.js', 0o755);
await writeFile('dist/inspector.html', await inspectorPage());
