/**
 * How long the server waits for an idle client, and that it waits less once it is stopping.
 *
 * @module
 */

/** Milliseconds without progress after which a client is dropped when the server is stopping. */
const LAST_PATIENCE = 1_000;

/** Turns of the event loop in which a client may still make itself heard: on a busy machine, the timer fires before its data arrives. */
const TURNS = 3;

/** Whether the server is stopping, for everybody who waits for a client. */
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

  /** Calls the listener when the server is told to stop. The result removes the listener. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

/** A wait for one client. */
export interface Patience {
  /** The client did something: the time starts again. */
  readonly renew: () => void;
  /** The wait is over. */
  readonly end: () => void;
}

/** Drops a client that makes no progress for so many milliseconds, and sooner once the server is stopping. Null: only then. */
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
