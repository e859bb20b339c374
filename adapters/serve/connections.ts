/**
 * The requests of one connection, one after another, and all those in progress.
 *
 * A client may send its next request before it has the answer to the last (RFC 9112 section 9.3.2). Answers must come in the order of the
 * requests, and a change must not overtake another.
 *
 * @module
 */
import type { Socket } from 'node:net';

/** A connection, as far as its requests are concerned. */
export interface Connection {
  /** Whether its last answer was sent: anything after it is dropped. */
  isOver: boolean;
}

interface Queue {
  readonly connection: Connection;
  last: Promise<void>;
}

/** All connections with requests. */
export class Connections {
  readonly #queues = new WeakMap<Socket, Queue>();
  #count = 0;
  #waiting: () => void = () => {};

  /** Does the work for a request once all earlier ones on its connection are answered. The work must not fail. */
  async inTurn(socket: Socket, work: (connection: Connection) => Promise<void>): Promise<void> {
    const queue = this.#queues.get(socket) ?? { connection: { isOver: false }, last: Promise.resolve() };
    this.#queues.set(socket, queue);
    this.#count += 1;
    queue.last = queue.last.then(() => work(queue.connection));
    await queue.last;
    this.#count -= 1;
    if (this.#count === 0) this.#waiting();
  }

  /** Resolves once no request is in progress. */
  none(): Promise<void> {
    return this.#count === 0 ? Promise.resolve() : new Promise((resolve) => (this.#waiting = resolve));
  }
}
