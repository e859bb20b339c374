/**
 * How far a long demonstration is: a bar that is drawn over itself, on a terminal only.
 *
 * @module
 */

/** Is told how far the work is. */
export interface Progress {
  /** A chapter begins: which, and of how many. */
  readonly begin: (title: string, chapter: number, chapters: number) => void;
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

/** A bar on a terminal. Its end is the end of the last chapter, so that it stays where it is, and the bar never goes back. */
export const progressBar = ({ write, columns, clock }: Terminal): Progress => {
  let [title, hooks, chapter, chapters, part, drawn] = ['', 0, 1, 1, 0, 0];
  const draw = (): void => {
    const now = clock();
    if (now - drawn < PERIOD) return;
    drawn = now;
    const filled = Math.min(BAR, Math.round((BAR * (chapter - 1 + part)) / chapters));
    const bar = `${'━'.repeat(filled)}${'─'.repeat(BAR - filled)}`;
    const line = `${bar}  ${chapter} of ${chapters}: ${title}, ${hooks} hooks so far`;
    write(`${ERASE}${line.slice(0, columns() - 1)}`);
  };
  return {
    begin: (next, number, of) => {
      [title, chapter, chapters, part] = [next, number, of, 0];
    },
    hook: () => {
      hooks += 1;
      draw();
    },
    requests: (done, all) => {
      part = Math.max(part, all === 0 ? 0 : Math.min(1, done / all));
      draw();
    },
    end: () => write(ERASE),
  };
};

/** Milliseconds between two signs of life where nothing can be drawn over. */
const HEARTBEAT = 10_000;

/** A line for each chapter, and one every ten seconds: for a log, or a file that the output goes to. */
export const progressLines = ({ write, clock }: Pick<Terminal, 'write' | 'clock'>): Progress => {
  let [place, hooks, told] = ['', 0, 0];
  const tell = (words: string): void => {
    told = clock();
    write(`tls-certificates: ${place}${words}\n`);
  };
  const live = (): void => {
    if (clock() - told >= HEARTBEAT) tell(`, ${hooks} hooks so far`);
  };
  return {
    begin: (title, number, of) => {
      place = `${number} of ${of}: ${title}`;
      tell('');
    },
    hook: () => {
      hooks += 1;
      live();
    },
    requests: live,
    end: () => {},
  };
};
