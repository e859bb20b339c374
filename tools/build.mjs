/**
 * Builds the content of the npm package: the modules with their declarations, the command, bundled, and the inspector page.
 *
 * @module
 */
// @ts-check
import { spawnSync } from 'node:child_process';
import { chmod, rm, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { bundleCommandInParts } from './bundle.mjs';
import { needsEffect } from './needs-effect.mjs';
import { inspectorPage } from './page.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

await rm('dist', { recursive: true, force: true });
const { status } = spawnSync('node_modules/.bin/tsc', ['-p', '.'], { stdio: 'inherit' });
if (status !== 0) throw new Error('the sources do not compile: nothing was built');
await needsEffect('dist/adapters/http/mod.js', 'http');
await needsEffect('dist/adapters/effect.js', 'effect');
await bundleCommandInParts('dist');
await chmod('dist/tls-certificates.js', 0o755);
await writeFile('dist/inspector.html', await inspectorPage());
