/**
 * Runs programs for the gate: what one prints appears from its first failure on, as it comes, and several run side by side.
 *
 * @module
 */
// @ts-check
import { spawn } from 'node:child_process';
import process from 'node:process';

/** What a program prints is kept, and shown from the first line on that tells of a failure. */
class Printed {
  #whole = '';
  #shown = 0;
  #isShown = false;
  #before;

  /** @param {string} before what stands before each line, since programs run side by side */
  constructor(before) {
    this.#before = before;
  }

  /** @param {string} text @param {RegExp} failure */
  add(text, failure) {
    this.#whole += text;
    // A line that has not come whole is looked at when its rest has come.
    const end = this.#whole.lastIndexOf('\n') + 1;
    if (this.#isShown || failure.test(this.#whole.slice(this.#shown, end))) this.show(end);
    else this.#shown = end;
  }

  show(end = this.#whole.length) {
    // The lines before the first failure tell where it was.
    const lines = this.#whole.slice(this.#isShown ? this.#shown : 0, end);
    process.stdout.write(lines.replaceAll(/^(?!$)/gm, this.#before));
    [this.#shown, this.#isShown] = [end, true];
  }
}

/** How a program ended. @typedef {{ ok: boolean, output: string, seconds: number }} Ended */

/**
 * Runs a program to its end; where it fails, all that it printed is shown.
 *
 * @param {{ program: string, args: ReadonlyArray<string>, env?: Readonly<Record<string, string>> }} command
 * @param {{ failure: RegExp, before: string }} shown a line that tells of a failure, and what stands before each line
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
    // For counting, each by itself: a line of one may come in the middle of a line of the other.
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
 * Does work of all kinds, so many at a time, each begun in the order given.
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
