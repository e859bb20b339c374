/**
 * How long the server waits for a client that does nothing, and that it waits less once it stops.
 *
 * @module
 */

/** Milliseconds without progress after which a client is let go once the server stops. */
const LAST_PATIENCE = 1_000;

/** Turns of the event loop in which a client may still show what it did: on a busy machine the timer comes before the news. */
const TURNS = 3;

/** Whether the server stops, for everybody who waits for a client. */
export class Stopping {
  #isTold = false;
  readonly #listeners = new Set<() => void>();

  /** Whether the server was told to stop. */
  get isTold(): boolean {
    return this.#isTold;
  }

  /** Tells everybody, once. */
  tell(): void {
    this.#isTold = true;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }

  /** Calls the listener when the server is told to stop. The result takes the listener away again. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

/** A wait for one client. */
export interface Patience {
  /** The client did something: the time begins again. */
  readonly renew: () => void;
  /** The wait is over. */
  readonly end: () => void;
}

/** Gives up on a client that makes no progress for so many milliseconds, and sooner once the server stops. Null: only then. */
export const patience = (stopping: Stopping, milliseconds: number | null, giveUp: () => void): Patience => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let turn: ReturnType<typeof setImmediate> | undefined;
  const stop = (): void => {
    clearTimeout(timer);
    clearImmediate(turn);
  };
  const look = (turns: number) => (): void => {
    if (turns === 0) giveUp();
    else turn = setImmediate(look(turns - 1));
  };
  const renew = (): void => {
    stop();
    const wait = stopping.isTold ? LAST_PATIENCE : milliseconds;
    if (wait !== null) timer = setTimeout(look(TURNS), wait);
  };
  const forget = stopping.listen(renew);
  renew();
  return {
    renew,
    end: () => {
      stop();
      forget();
    },
  };
};
