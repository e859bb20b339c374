/**
 * Commands that follow a change. They run without a shell, are stopped if they take too long, and are reported in one harmless sentence.
 *
 * A command may print anything, including a key that it was given to read. Output is only reported on failure, as an excerpt without keys.
 * If keys are involved at all, it goes to the log and not into the sentence about the failure, which becomes the unit's status.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { ChildProcess } from 'node:child_process';
import process from 'node:process';
import { hidingKeys, REDACTED } from '../../core/model/certificate.ts';
import { printable } from '../text/printable.ts';
import { codeOf } from '../file/error.ts';
import { HIDDEN, hiderOf } from '../redact.ts';
import type { Argv } from './entry.ts';

/** What happens to the output of a command. */
export interface Hearing {
  /** The private keys that it may have seen, as PEM. */
  readonly keys: ReadonlyArray<string>;
  /** Receives an excerpt for the log if the sentence about a failure must not have one. */
  readonly log: ((excerpt: string) => void) | null;
}

/** No keys; the output becomes part of the sentence. */
const OPEN: Hearing = { keys: [], log: null };

/** The port: runs a program; a `Left` is the sentence about its failure. It never rejects. */
export type Commands = (argv: Argv, seconds: number, hearing?: Hearing) => Promise<E.Either<string, void>>;

/**
 * Characters kept from the end of the output: if the last line of a key is among them, so is the first.
 */
const KEPT = 65_536;

/** Most characters of output that are reported. */
const TOLD = 300;

/**
 * Milliseconds without output after a program has exited that count as the end of its output; a child that it left behind may keep the pipe
 * open.
 */
const LAST_WORDS = 200;

/** How often to wait for that: a child that was left behind may keep printing. */
const MOST_WORDS = 25;

/** Runs of base64 long enough to belong to a key whose first line was not kept. */
const ENCODED = /[A-Za-z0-9+/=]{40,}/g;

/**
 * The part of a program's output that may be reported: its end, as one line, without keys and without anything that looks encoded.
 */
export const excerptOf = (output: string, keys: ReadonlyArray<string> = []): string => {
  const open = hidingKeys(output);
  if (open === REDACTED) return REDACTED;
  const trimmed = hiderOf(keys)(open).trim().replace(ENCODED, HIDDEN);
  return printable(trimmed.slice(-TOLD), TOLD);
};

const whyNotStarted = (error: unknown): string => {
  switch (codeOf(error)) {
    case 'ENOENT':
      return 'there is no such program on PATH';
    case 'EACCES':
    case 'EPERM':
      return 'it is not executable';
    default:
      return 'it cannot be started';
  }
};

/** Stops a program and everything it started: it leads its own process group. */
const end = (child: ChildProcess): void => {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is gone, or the system has none.
    child.kill('SIGKILL');
  }
};

/** The commands of this machine. */
export const nodeCommands: Commands = async (argv, seconds, { keys, log } = OPEN) => {
  // Loaded here, since most hooks run no command.
  const { spawn } = await import('node:child_process');
  return await new Promise((resolve) => {
    const [program, ...args] = argv;
    const fail = (why: string, output = ''): void => {
      const told = excerptOf(output, keys);
      const sentence = `${printable(program)} failed: ${why}`;
      if (told !== '') log?.(`${printable(program)} printed: ${told}`);
      resolve(E.left(told === '' || log !== null ? sentence : `${sentence} (${told})`));
    };
    let child: ChildProcess;
    try {
      child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    } catch (error) {
      // Bun throws here, while the others emit an event.
      return fail(whyNotStarted(error));
    }
    let output = '';
    let heard = 0;
    const keep = (chunk: Uint8Array): void => {
      heard += chunk.length;
      output = (output + new TextDecoder().decode(chunk)).slice(-KEPT);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      end(child);
    }, seconds * 1_000);
    let isOver = false;
    const finish = (code: number | null, signal: string | null): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      child.stdout?.destroy();
      child.stderr?.destroy();
      if (isLate) return fail(`it took longer than ${seconds} s and was ended`, output);
      if (code === 0) return resolve(E.right(undefined));
      fail(code === null ? `it was ended by ${signal ?? 'a signal'}` : `it ended with exit code ${code}`, output);
    };
    child.on('error', (error) => {
      clearTimeout(timer);
      fail(whyNotStarted(error));
    });
    child.on('exit', (code, signal) => {
      let patience: ReturnType<typeof setTimeout>;
      const wait = (left: number): void => {
        const before = heard;
        // Reads what has arrived on a busy machine before deciding that nothing has.
        const look = (): void => (heard === before || left === 0 ? finish(code, signal) : wait(left - 1));
        patience = setTimeout(() => setImmediate(look), LAST_WORDS);
      };
      wait(MOST_WORDS);
      child.on('close', () => {
        clearTimeout(patience);
        finish(code, signal);
      });
    });
  });
};
