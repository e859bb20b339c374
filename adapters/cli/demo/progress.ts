/**
 * How far a long demonstration is: a bar that is drawn over itself, on a terminal only.
 *
 * @module
 */

/** Is told how far the work is. */
export interface Progress {
  readonly begin: (title: string) => void;
  /** Hooks that have run so far. */
  readonly hooks: (done: number) => void;
  /** Requests that the CA has looked at in this hook. */
  readonly requests: (done: number, all: number) => void;
  readonly end: () => void;
}

/** Nobody looks. */
export const noProgress: Progress = { begin: () => {}, hooks: () => {}, requests: () => {}, end: () => {} };

/** Columns of the bar. */
const BAR = 30;

/** Milliseconds between two drawings: more often than this nobody sees. */
const PERIOD = 100;

/** Erases the line that the cursor is in. */
const ERASE = '\r\u001b[2K';

/** A bar on a terminal; `clock` tells milliseconds. */
export const progressBar = (write: (text: string) => void, clock: () => number): Progress => {
  let [title, hooks, done, all, drawn] = ['', 0, 0, 0, 0];
  const draw = (): void => {
    const now = clock();
    if (now - drawn < PERIOD) return;
    drawn = now;
    const filled = all === 0 ? 0 : Math.round((BAR * done) / all);
    const bar = `${'━'.repeat(filled)}${'─'.repeat(BAR - filled)}`;
    write(`${ERASE}${title}  ${bar}  ${done} of ${all} requests looked at in this hook, ${hooks} hooks so far`);
  };
  return {
    begin: (next) => {
      title = next;
    },
    hooks: (n) => {
      hooks = n;
      draw();
    },
    requests: (n, total) => {
      [done, all] = [n, total];
      draw();
    },
    end: () => write(ERASE),
  };
};
