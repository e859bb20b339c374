/**
 * Serves a fetch handler on a port through `node:http`, which Node, Bun and Deno share: the same behaviour and the same limits on all
 * three.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HostError, HostErrorReason } from '../host.ts';
import { type Connection, Connections } from './connections.ts';
import { Stopping } from './patience.ts';
import { requestOf } from './request.ts';
import { send } from './send.ts';

/** Where to listen. */
export interface Listening {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

/** A listening server. */
export interface Serving {
  /** Its address, e.g. `http://127.0.0.1:8080`. */
  readonly address: string;
  /** Accepts no more requests, waits for those in progress up to this many milliseconds, and ends. */
  readonly stop: (grace?: number) => Promise<void>;
}

/** The handler; the second argument says who asks. */
export type Responder = (request: Request, client: string | null) => Promise<Response>;

/**
 * Milliseconds after which a client that is slow with its headers, or silent on an open connection, is dropped. The last value is longer
 * than clients and proxies usually keep a connection, so that none sends a request into one that is closing.
 */
const [HEADERS, REQUEST, IDLE] = [10_000, 60_000, 75_000];

/** Milliseconds in which requests in progress may finish. */
const GRACE = 10_000;

/** Rejects an unreadable request without asking the handler. */
const refuse = (outgoing: ServerResponse): void =>
  void outgoing.writeHead(400, { connection: 'close', 'content-length': '0', 'cache-control': 'no-store' }).end();

/** Whether all of a request has arrived, so that another can follow it. An unread rest is dropped first. */
const isWhole = async (incoming: IncomingMessage): Promise<boolean> => {
  if (incoming.complete) return true;
  incoming.removeAllListeners('data').resume();
  await new Promise((resolve) => setImmediate(resolve));
  return incoming.complete;
};

const respond =
  (answer: Responder, incoming: IncomingMessage, outgoing: ServerResponse, stopping: Stopping) =>
  async (connection: Connection): Promise<void> => {
    const { socket } = incoming;
    // No work is done for a client that has gone, or was told that nothing more would come.
    if (connection.isOver || socket.destroyed) return;
    try {
      const request = requestOf(incoming, stopping);
      if (request === null) {
        connection.isOver = true;
        return refuse(outgoing);
      }
      const response = await answer(request, socket.remoteAddress ?? null);
      // The rest of an unread body would be taken for the next request.
      connection.isOver = !(await isWhole(incoming)) || stopping.isTold;
      await send(response, outgoing, connection.isOver, stopping);
    } catch {
      // A client that has gone hears nothing more.
      connection.isOver = true;
      outgoing.destroy();
    }
  };

const REASONS: Readonly<Record<string, readonly [HostErrorReason, string]>> = {
  EADDRINUSE: ['busy', 'something else listens there already: choose another port'],
  EACCES: ['not-permitted', 'ports below 1024 take a permission: choose a higher one'],
  EADDRNOTAVAIL: ['not-found', 'this machine has no such address'],
  ENOTFOUND: ['not-found', 'there is no such name'],
  NotCapable: ['not-permitted', 'the runtime was not given the permission: run with --allow-net'],
};

const listenError = ({ host, port }: Listening, error: unknown): HostError => {
  const property = (name: string): string =>
    String(typeof error === 'object' && error !== null ? Reflect.get(error, name) : '');
  const [reason, sentence] = REASONS[property('code')] ?? REASONS[property('name')] ??
    ['failed', `the network failed with ${property('code')}`];
  return { _tag: 'HostError', reason, message: `cannot listen on ${host}, port ${port}: ${sentence}` };
};

const addressOf = (server: Server, host: string): string => {
  // A server that listens on a port has one of these.
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
};

/**
 * Requests in progress may finish. Clients that keep the server waiting, with half a body or an answer that they do not take, are not
 * waited for long. Connections without a request, or with half of its headers, are closed once everything is answered.
 */
const stopper = (server: Server, connections: Connections, stopping: Stopping) =>
async (
  grace: number = GRACE,
): Promise<void> => {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  stopping.tell();
  let late: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([connections.none(), new Promise<void>((resolve) => (late = setTimeout(resolve, grace)))]);
  clearTimeout(late);
  server.closeAllConnections();
  await closed;
};

/** Listens. `Left` if that is impossible; the handler must not throw. */
export const serve = (answer: Responder, listening: Listening): TE.TaskEither<HostError, Serving> => () =>
  new Promise((resolve) => {
    const connections = new Connections();
    const stopping = new Stopping();
    const server = createServer(
      { headersTimeout: HEADERS, requestTimeout: REQUEST, keepAliveTimeout: IDLE },
      (incoming, outgoing) => void connections.inTurn(incoming.socket, respond(answer, incoming, outgoing, stopping)),
    );
    server.once('error', (error) => resolve(E.left(listenError(listening, error))));
    try {
      server.listen(listening.port, listening.host, () =>
        resolve(E.right({
          address: addressOf(server, listening.host),
          stop: stopper(server, connections, stopping),
        })));
    } catch (error) {
      // Deno reports a missing permission in this way.
      resolve(E.left(listenError(listening, error)));
    }
  });
