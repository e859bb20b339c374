/**
 * The command as one executable per platform, which needs nothing else on the machine: Bun, the command and the inspector page in one file.
 *
 *     npm run executables [-- PLATFORM…]
 *
 * They are written to `dist/executables`, with their SHA-256 in `SHA256SUMS`. The one for this machine is run as a test. Bun fetches its
 * programs for other platforms from npm.
 *
 * @module
 */
// @ts-check
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { bundleCommandWhole, compile } from './bundle.mjs';
import { inspectorPage } from './page.mjs';
import { runtime } from './runtimes.mjs';

/** What Bun calls the platforms. @type {Readonly<Record<string, string>>} */
const TARGETS = {
  'linux-amd64': 'bun-linux-x64',
  'linux-arm64': 'bun-linux-arm64',
  'macos-amd64': 'bun-darwin-x64',
  'macos-arm64': 'bun-darwin-arm64',
  'windows-amd64': 'bun-windows-x64',
};

const HERE = `${{ linux: 'linux', darwin: 'macos', win32: 'windows' }[String(process.platform)]}-${
  { x64: 'amd64', arm64: 'arm64' }[String(process.arch)]
}`;

const root = fileURLToPath(new URL('..', import.meta.url));
const out = join(root, 'dist/executables');

/** Checks that it starts, has this version, and contains its page. @param {string} path @param {string} version */
const tryOut = (path, version) => {
  const { status, stdout, stderr } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  if (status !== 0 || stdout.trim() !== `tls-certificates v${version}`) {
    throw new Error(`${path} --version ended with ${status}: ${stdout}${stderr}`);
  }
};

const platforms = process.argv.slice(2);
const unknown = platforms.filter((name) => !Object.hasOwn(TARGETS, name));
if (unknown.length > 0) {
  console.error(`executables: ${unknown.join(', ')}: expected ${Object.keys(TARGETS).join(', ')}`);
  process.exit(2);
}
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const scratch = await mkdtemp(join(tmpdir(), 'executables-'));
try {
  const bundle = join(scratch, 'command.mjs');
  await bundleCommandWhole(bundle, await inspectorPage());
  await mkdir(out, { recursive: true });
  const sums = [];
  for (const platform of platforms.length > 0 ? platforms : Object.keys(TARGETS)) {
    const name = `tls-certificates-${version}-${platform}${platform.startsWith('windows') ? '.exe' : ''}`;
    const path = join(out, name);
    compile(runtime('bun'), bundle, path, { target: TARGETS[platform] ?? '' });
    if (platform === HERE) tryOut(path, version);
    sums.push(`${createHash('sha256').update(await readFile(path)).digest('hex')}  ${name}\n`);
    console.log(`dist/executables/${name}${platform === HERE ? ', which runs' : ''}`);
  }
  await writeFile(join(out, 'SHA256SUMS'), sums.join(''));
} finally {
  await rm(scratch, { recursive: true });
}
