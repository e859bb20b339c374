/**
 * Programs of this project in child processes of the runtime that runs the test.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** The runtime that runs this test. */
export const RUNTIME: 'deno' | 'bun' | 'node' = 'Deno' in globalThis ? 'deno' : 'Bun' in globalThis ? 'bun' : 'node';

/** What a program said and how it ended; `code` is null where it was killed. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

// A computed path, since there are no types for it.
const { bundleNow } = RUNTIME === 'node' ? await import(new URL('../tools/bundle.mjs', import.meta.url).href) : {};

const bundled = new Map<string, string>();

/**
 * The command as one file, as Node gets it from a checkout and from the package: reading hundreds of sources takes it two seconds of
 * processor, again and again. Deno and Bun read the sources themselves, and users let them.
 */
const bundleOf = (file: string): string => {
  const before = bundled.get(file);
  if (before !== undefined) return before;
  // Beside the page that `serve` has in a checkout.
  const cache = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url));
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'command-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  const outfile = join(folder, 'command.mjs');
  bundleNow(file, outfile);
  bundled.set(file, outfile);
  return outfile;
};

/** The program and arguments that run a TypeScript file of the project, named from its root, on the present runtime. */
const running = (
  file: string,
  args: ReadonlyArray<string>,
): readonly [program: string, args: ReadonlyArray<string>] => {
  const isCommand = file.startsWith('adapters/');
  const path = RUNTIME === 'node' && isCommand ? bundleOf(file) : fileURLToPath(new URL(`../${file}`, import.meta.url));
  // The permissions of the task `tls-certificates` in deno.json.
  const allowed = ['read', 'write', 'env', 'sys', 'run', 'net'].map((name) => `--allow-${name}`);
  const before = RUNTIME === 'deno' ? ['run', ...allowed, '--no-check'] : [];
  return [process.execPath, [...before, path, ...args]];
};

/** Starts a TypeScript file of the project, named from its root, on the present runtime. */
export const start = (file: string, args: ReadonlyArray<string>, cwd?: string): ChildProcess => {
  const [program, all] = running(file, args);
  const env = { ...process.env, NO_COLOR: '1' };
  return spawn(program, all, { env, ...(cwd === undefined ? {} : { cwd }) });
};

/** Starts one that can write no more than 32 kB to a file: what is longer is written in part, as on a disk that fills up. */
export const startLimited = (file: string, args: ReadonlyArray<string>): ChildProcess => {
  const [program, all] = running(file, args);
  // A limit counts blocks of 512 bytes; its signal would end the program.
  const script = 'trap \'\' XFSZ; ulimit -f 64; exec "$@"';
  return spawn('sh', ['-c', script, 'sh', program, ...all], { env: { ...process.env, NO_COLOR: '1' } });
};

/** Waits for a child to end; `input` goes to its standard input. */
export const ended = (child: ChildProcess, input = ''): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const chunks = { stdout: new Array<Uint8Array>(), stderr: new Array<Uint8Array>() };
    child.stdout?.on('data', (chunk: Uint8Array) => chunks.stdout.push(chunk));
    child.stderr?.on('data', (chunk: Uint8Array) => chunks.stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({
        code,
        stdout: Buffer.concat(chunks.stdout).toString(),
        stderr: Buffer.concat(chunks.stderr).toString(),
      }));
    // A program that does not read its input may be gone before it is written.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });

/** Runs `tls-certificates` with arguments. */
export const command = (args: ReadonlyArray<string>, input = '', cwd?: string): Promise<Ended> =>
  ended(start('adapters/main.ts', args, cwd), input);

/** Does the work in a folder of its own, which is removed afterwards. */
export const inFolder = async <A>(work: (path: (name: string) => string) => Promise<A>): Promise<A> => {
  const folder = await mkdtemp(join(tmpdir(), 'tls-certificates-'));
  try {
    return await work((name) => join(folder, name));
  } finally {
    await rm(folder, { recursive: true });
  }
};
