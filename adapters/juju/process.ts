/**
 * Running hook tools as processes, one after the other: the agent runs one at a time anyway, and waiting in place starts faster than
 * anything that waits for events. On Deno, which cannot wait in place for every program, it is done with events.
 *
 * @module
 */
import { spawn, spawnSync } from 'node:child_process';
import process from 'node:process';
import { codeOf } from '../file/error.ts';
import type { Ending, ToolCall } from './tool-error.ts';
import type { RunTool } from './tools.ts';

/** How long a tool may take, and how much it may print. */
export interface ProcessOptions {
  /** In milliseconds; 60,000 unless said otherwise: a controller may be slow, but a machine's other units wait. */
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

/** How the system's own errors, by their codes, end a call. */
const ended = (code: string): Ending => KILLED[code] ?? { _tag: 'not started', code };

const runInPlace = ({ tool, args, input }: ToolCall, { timeout, maxOutput }: Limits): Ending => {
  try {
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
    // A tool that fails before it reads its input is an error to the system (EPIPE), but it has ended, and said why.
    if (status !== null) return exited(status, stdout, stderr);
    return signal === null ? ended(code) : { _tag: 'killed', why: 'signal' };
  } catch (error) {
    // Arguments with NUL, for one.
    return ended(codeOf(error));
  }
};

const runBeside = ({ tool, args, input }: ToolCall, { timeout, maxOutput }: Limits): Promise<Ending> =>
  new Promise((resolve) => {
    const child = spawn(tool, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const chunks = { stdout: new Array<Uint8Array>(), stderr: new Array<Uint8Array>() };
    let length = 0;
    let killed: Ending | null = null;
    const kill = (code: string): void => {
      killed ??= ended(code);
      child.kill('SIGKILL');
    };
    const timer = setTimeout(() => kill('ETIMEDOUT'), timeout);
    const end = (ending: Ending): void => {
      clearTimeout(timer);
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
    // Once it is killed, whatever it has started may still hold its pipes open.
    child.on('exit', () => killed === null || end(killed));
    child.on('close', (code) =>
      end(
        code === null
          ? { _tag: 'killed', why: 'signal' }
          : exited(code, Buffer.concat(chunks.stdout).toString(), Buffer.concat(chunks.stderr).toString()),
      ));
    child.stdin.end(input);
  });

/** Deno 2, where it waits in place, waits for ever for a program that does not read its input or that leaves a child behind. */
const runsInPlace = !('deno' in process.versions);

/** Runs tools as processes with the environment of this one. */
export const processTools = (options: ProcessOptions = {}): RunTool => {
  const limits = { ...LIMITS, ...options };
  return async (call) => {
    if (runsInPlace) return runInPlace(call, limits);
    try {
      return await runBeside(call, limits);
    } catch (error) {
      return ended(codeOf(error));
    }
  };
};
