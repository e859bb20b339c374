/**
 * Charms on the Python library, as folders that the Juju to test against can deploy: each hook is a process of Python's.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { optionsIn } from '../juju/built-charm.ts';
import { python, type Version } from './python.ts';

/** A charm of `charms/`. */
export type PeerCharm = 'requirer' | 'provider';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The options that a charm has before anybody sets one. */
export const defaultsOf = (charm: PeerCharm): Record<string, unknown> =>
  optionsIn(readFileSync(here(`charms/${charm}/config.yaml`), 'utf8'));

/** A process that has loaded the library, from which hooks are forked. */
interface Starter {
  readonly port: number;
  /** What says that it is we who ask. */
  readonly word: string;
}

/** What most of a hook's time would go into. */
const LOADED = ['ops', 'charmlibs.interfaces.tls_certificates'];

const start = (version: Version): Promise<Starter> =>
  new Promise((resolve, reject) => {
    const { interpreter, pathFor } = python();
    const word = randomUUID();
    const child: ChildProcess = spawn(interpreter, [here('hooks.py'), ...LOADED], {
      env: { PATH: process.env['PATH'], PYTHONPATH: pathFor(version), PYTHONDONTWRITEBYTECODE: '1' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    // It ends with this process, by its standard input, and does not keep it.
    process.once('exit', () => child.kill());
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`hooks of Python cannot be started: it ended with ${code}`)));
    child.stdout?.once('data', (port: Uint8Array) => {
      child.unref();
      for (const stream of [child.stdin, child.stdout]) if (stream && 'unref' in stream) Object(stream).unref();
      resolve({ port: Number(new TextDecoder().decode(port)), word });
    });
    child.stdin?.write(`${word}\n`);
  });

const starters = new Map<Version, Promise<Starter>>();
const folders = new Map<string, Promise<string>>();

/** Bash, since it can talk to a socket by itself. Nobody would do anything in the first two hooks. */
const dispatchOf = ({ port, word }: Starter): string =>
  `#!/bin/bash
case "$JUJU_DISPATCH_PATH" in hooks/install | hooks/start) exit 0 ;; esac
: > .stdout
: > .stderr
exec 3<> /dev/tcp/127.0.0.1/${port}
{ printf '%s\\0' '${word}' "$PWD" .stdout .stderr; env -0; printf '\\0'; } >&3
read -r code <&3
cat .stdout
cat .stderr >&2
exit "\${code:-1}"
`;

const make = async (charm: PeerCharm, version: Version): Promise<string> => {
  const starter = starters.get(version) ?? start(version);
  starters.set(version, starter);
  const dispatch = dispatchOf(await starter);
  const folder = mkdtempSync(join(tmpdir(), 'peer-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  cpSync(here(`charms/${charm}/`), folder, { recursive: true });
  writeFileSync(join(folder, 'dispatch'), dispatch);
  chmodSync(join(folder, 'dispatch'), 0o700);
  return folder;
};

/** The folder of a charm that uses a version of the library. Made once in a process, and removed with it. */
export const pythonCharm = (charm: PeerCharm, version: Version): Promise<string> => {
  const key = `${charm} ${version}`;
  const folder = folders.get(key) ?? make(charm, version);
  folders.set(key, folder);
  return folder;
};
