/**
 * Runs hook tools as processes, one after the other: the agent only runs one at a time anyway, and a synchronous call starts faster than
 * anything that waits for events. Deno cannot wait synchronously for every program, so there it uses events; on Bun it avoids
 * `node:child_process`, which takes longer to load than a tool takes to run.
 *
 * @module
 */
import process from 'node:process';
import { codeOf } from '../file/error.ts';
import { bun, type BunItself } from './bun.ts';
import type { Ending, ToolCall } from './tool-error.ts';
import type { RunTool } from './tools.ts';

/** How long a tool may take, and how much it may print. */
export interface ProcessOptions {
  /** In milliseconds; 60,000 by default: a controller may be slow, but a machine's other units wait. */
  readonly timeout?: number;
  /** In bytes; a databag has at most 16 MB in Juju, and twice that as JSON. */
  readonly maxOutput?: number;
}

type Limits = Required<ProcessOptions>;

const LIMITS: Limits = { timeout: 60_000, maxOutput: 2 ** 26 };

const exited = (code: number, stdout: string, stderr: string): Ending => ({ _tag: 'exited', code, stdout, stderr });

const KILLED: Readonly<Record<string, Ending>> = {
  ETIMEDOUT: { _tag: 'killed', why: 'timeout' },
  ENOBUFS: { _tag: 'killed', why: 'too much output' },
};

/** How the system's errors, by code, end a call. */
const ended = (code: string): Ending => KILLED[code] ?? { _tag: 'not started', code };

/** How a program is run; it may throw or reject with a system error, for example if there is no such program. */
type Run = (call: ToolCall, limits: Limits) => Ending | Promise<Ending>;

const runOnBun = ({ spawnSync }: BunItself): Run => ({ tool, args, input }, { timeout, maxOutput }) => {
  const { exitCode, stdout, stderr, exitedDueToTimeout = false, exitedDueToMaxBuffer = false } = spawnSync({
    cmd: [tool, ...args],
    env: process.env,
    stdin: input === undefined ? 'ignore' : new TextEncoder().encode(input),
    stdout: 'pipe',
    stderr: 'pipe',
    timeout,
    killSignal: 'SIGKILL',
    maxBuffer: maxOutput,
  });
  // A tool whose pipe was closed may have ended by itself before it was killed.
  if (exitedDueToTimeout) return ended('ETIMEDOUT');
  if (exitedDueToMaxBuffer) return ended('ENOBUFS');
  if (exitCode === null) return { _tag: 'killed', why: 'signal' };
  const decoder = new TextDecoder();
  return exited(exitCode, decoder.decode(stdout), decoder.decode(stderr));
};

const runInPlace: Run = async ({ tool, args, input }, { timeout, maxOutput }) => {
  const { spawnSync } = await import('node:child_process');
  const { status, signal, stdout, stderr, error } = spawnSync(tool, args, {
    encoding: 'utf8',
    timeout,
    killSignal: 'SIGKILL',
    maxBuffer: maxOutput,
    ...(input === undefined ? { stdio: ['ignore', 'pipe', 'pipe'] } : { input }),
  });
  const code = error === undefined ? '' : codeOf(error);
  // A tool whose pipe was closed may have ended by itself before it was killed.
  if (KILLED[code] !== undefined) return KILLED[code];
  // If a tool fails before it reads its input, the system reports an error (EPIPE), but the tool has ended and said why.
  if (status !== null) return exited(status, stdout, stderr);
  return signal === null ? ended(code) : { _tag: 'killed', why: 'signal' };
};

const runBeside: Run = async ({ tool, args, input }, { timeout, maxOutput }) => {
  const { spawn } = await import('node:child_process');
  return await new Promise((resolve) => {
    const child = spawn(tool, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const chunks = { stdout: new Array<Uint8Array>(), stderr: new Array<Uint8Array>() };
    let length = 0;
    let killed: Ending | null = null;
    const kill = (code: string): void => {
      killed ??= ended(code);
      child.kill('SIGKILL');
      // It has already ended, and a child that it left behind holds its pipes open.
      if (child.exitCode !== null || child.signalCode !== null) end(killed);
    };
    const timer = setTimeout(() => kill('ETIMEDOUT'), timeout);
    const end = (ending: Ending): void => {
      clearTimeout(timer);
      // An open pipe would keep this process from ending.
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(killed ?? ending);
    };
    const collect = (into: Array<Uint8Array>) => (chunk: Uint8Array): void => {
      length += chunk.length;
      if (length > maxOutput) kill('ENOBUFS');
      else into.push(chunk);
    };
    child.stdout.on('data', collect(chunks.stdout));
    child.stderr.on('data', collect(chunks.stderr));
    // A tool that fails before it reads its input says why in its own words.
    child.stdin.on('error', () => {});
    child.on('error', (error) => end(ended(codeOf(error))));
    // Once it is killed, its children may still hold its pipes open.
    child.on('exit', () => killed === null || end(killed));
    child.on('close', (code) =>
      end(
        code === null
          ? { _tag: 'killed', why: 'signal' }
          : exited(code, Buffer.concat(chunks.stdout).toString(), Buffer.concat(chunks.stderr).toString()),
      ));
    child.stdin.end(input);
  });
};

/** In a synchronous call, Deno 2 waits forever for a program that does not read its input or that leaves a child behind. */
const runHere: Run = bun !== null ? runOnBun(bun) : 'deno' in process.versions ? runBeside : runInPlace;

/**
 * Runs tools as processes with the environment of this one.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { processTools } from 'interface-tls-certificates/juju';
 * const ending = await processTools()({ tool: 'printf', args: ['done'] });
 * assert.deepEqual(ending, { _tag: 'exited', code: 0, stdout: 'done', stderr: '' });
 * ```
 */
export const processTools = (options: ProcessOptions = {}): RunTool => {
  const limits = { ...LIMITS, ...options };
  return async (call) => {
    try {
      return await runHere(call, limits);
    } catch (error) {
      // For example, arguments with NUL.
      return ended(codeOf(error));
    }
  };
};
