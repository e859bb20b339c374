/**
 * Commands that follow a change: run without a shell, ended when they take too long, and told of in one harmless
 * sentence.
 *
 * A command may print anything, a key that it was given to read included. What it prints is told only where it fails, as
 * an excerpt from which keys are left out; where there are keys at all, in the log and not in the sentence about its
 * failure, which becomes the unit's status.
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

/** What becomes of what a command prints. */
export interface Hearing {
  /** The private keys that it may have come across, as PEM. */
  readonly keys: ReadonlyArray<string>;
  /** Takes an excerpt for the log, where the sentence about a failure is to have none. */
  readonly log: ((excerpt: string) => void) | null;
}

/** No keys, and what is printed becomes part of the sentence. */
const OPEN: Hearing = { keys: [], log: null };

/** The port: runs a program; a `Left` is the sentence about its failure. It never rejects. */
export type Commands = (argv: Argv, seconds: number, hearing?: Hearing) => Promise<E.Either<string, void>>;

/**
 * Characters of output that are kept, from its end: enough for the first line of a key to be among them if its last is.
 */
const KEPT = 65_536;

/** Characters of output that are told. */
const TOLD = 300;

/**
 * Milliseconds without output after the program has ended that are taken for its end; a child that it left behind may hold
 * the pipe open.
 */
const LAST_WORDS = 200;

/** How often they are waited for: a child that was left behind may print on and on. */
const MOST_WORDS = 25;

/** Runs of base64 that are long enough to be of a key whose first line is not among what was kept. */
const ENCODED = /[A-Za-z0-9+/=]{40,}/g;

/**
 * What may be told of a program's output: its end, as one line, without keys and without anything that looks encoded.
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

/** Ends a program and what it started: it leads a process group of its own. */
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
  // Loaded here: most hooks run no command.
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
      // Bun throws here, where the others send an event.
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
        // What has arrived on a busy machine is read before it is looked whether anything has.
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
