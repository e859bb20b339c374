/**
 * How far a long demonstration is: a bar that is drawn over itself, on a terminal only.
 *
 * @module
 */

/** Is told how far the work is. */
export interface Progress {
  readonly begin: (title: string) => void;
  /** A hook has run. */
  readonly hook: () => void;
  /** Requests that the CA has looked at in this hook. */
  readonly requests: (done: number, all: number) => void;
  readonly end: () => void;
}

/** Nobody looks. */
export const noProgress: Progress = { begin: () => {}, hook: () => {}, requests: () => {}, end: () => {} };

/** Columns of the bar. */
const BAR = 20;

/** Milliseconds between two drawings: more often than this nobody sees. */
const PERIOD = 100;

/** Erases the line that the cursor is in. */
const ERASE = '\r\u001b[2K';

/** Where a bar is drawn. */
export interface Terminal {
  readonly write: (text: string) => void;
  /** A line may be so wide that it fills no second one, of which nothing would erase the first. */
  readonly columns: () => number;
  /** Tells milliseconds. */
  readonly clock: () => number;
}

/** A bar on a terminal. */
export const progressBar = ({ write, columns, clock }: Terminal): Progress => {
  let [title, hooks, done, all, drawn] = ['', 0, 0, 0, 0];
  const draw = (): void => {
    const now = clock();
    if (now - drawn < PERIOD) return;
    drawn = now;
    const filled = all === 0 ? 0 : Math.round((BAR * done) / all);
    const bar = `${'━'.repeat(filled)}${'─'.repeat(BAR - filled)}`;
    const line = `${bar}  ${done} of ${all} requests looked at, ${hooks} hooks  ${title}`;
    write(`${ERASE}${line.slice(0, columns() - 1)}`);
  };
  return {
    begin: (next) => {
      title = next;
    },
    hook: () => {
      hooks += 1;
      draw();
    },
    requests: (n, total) => {
      [done, all] = [n, total];
      draw();
    },
    end: () => write(ERASE),
  };
};
