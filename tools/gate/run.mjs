/**
 * Runs programs for the gate, several at a time. The output of each appears live, from its first failure on.
 *
 * @module
 */
// @ts-check
import { spawn } from 'node:child_process';
import process from 'node:process';

/** Keeps a program's output, and shows it from the first line that reports a failure. */
class Printed {
  #whole = '';
  #shown = 0;
  #isShown = false;
  #before;

  /** @param {string} before what precedes each line, since programs run at the same time */
  constructor(before) {
    this.#before = before;
  }

  /** @param {string} text @param {RegExp} failure */
  add(text, failure) {
    this.#whole += text;
    // An incomplete line is checked once the rest has arrived.
    const end = this.#whole.lastIndexOf('\n') + 1;
    if (this.#isShown || failure.test(this.#whole.slice(this.#shown, end))) this.show(end);
    else this.#shown = end;
  }

  show(end = this.#whole.length) {
    // The lines before the first failure say where it happened.
    const lines = this.#whole.slice(this.#isShown ? this.#shown : 0, end);
    process.stdout.write(lines.replaceAll(/^(?!$)/gm, this.#before));
    [this.#shown, this.#isShown] = [end, true];
  }
}

/** How a program ended. @typedef {{ ok: boolean, output: string, seconds: number }} Ended */

/**
 * Runs a program to its end; if it fails, all its output is shown.
 *
 * @param {{ program: string, args: ReadonlyArray<string>, env?: Readonly<Record<string, string>> }} command
 * @param {{ failure: RegExp, before: string }} shown a line that reports a failure, and what precedes each line
 * @returns {Promise<Ended>}
 */
export const run = ({ program, args, env = {} }, { failure, before }) =>
  new Promise((resolve, reject) => {
    const began = performance.now();
    const printed = new Printed(before);
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env, NO_COLOR: '1', FORCE_COLOR: undefined },
    });
    // For counting, kept separately: a line of one may arrive in the middle of a line of the other.
    const parts = ['', ''];
    for (const [i, stream] of [child.stdout, child.stderr].entries()) {
      stream.setEncoding('utf8').on('data', (text) => {
        parts[i] += text;
        printed.add(text, failure);
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== 0) printed.show();
      resolve({ ok: code === 0, output: parts.join('\n'), seconds: (performance.now() - began) / 1000 });
    });
  });

/**
 * Runs jobs, at most so many at a time, started in the given order.
 *
 * @param {ReadonlyArray<() => Promise<void>>} jobs
 * @param {number} atOnce
 */
export const inTurn = async (jobs, atOnce) => {
  const waiting = [...jobs];
  const worker = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) await job();
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
};
