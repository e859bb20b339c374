/**
 * A fetch handler on a port, by way of `node:http`, which Node, Bun and Deno have: one way to serve, with the same limits, on all three.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HostError, HostErrorReason } from '../host.ts';

/** Where to listen. */
export interface Listening {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

/** A server that listens. */
export interface Serving {
  /** Where it can be reached, e.g. `http://127.0.0.1:8080`. */
  readonly address: string;
  /** Takes no more requests, waits for those that are at work, but no longer than this many milliseconds, and ends. */
  readonly stop: (grace?: number) => Promise<void>;
}

/** What answers; the second argument tells who asks. */
export type Answer = (request: Request, client: string | null) => Promise<Response>;

/** Milliseconds: a client that takes longer for its headers, or that says nothing on an open connection, is let go. */
const [HEADERS, REQUEST, IDLE] = [10_000, 60_000, 5_000];

/** Milliseconds in which requests at work are let finish. */
const GRACE = 10_000;

const WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Bytes that are taken from a connection before somebody wants them. */
const AHEAD = 65_536;

/** A body as it comes, no faster than it is read. It breaks off when the client goes away, which Node's own conversion may not notice. */
const streamOf = (incoming: IncomingMessage): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>({
    start: (controller) => {
      let isOver = false;
      const over = (how: () => void): void => {
        if (!isOver) how();
        isOver = true;
      };
      incoming.on('data', (chunk: Uint8Array) => {
        if (isOver) return;
        controller.enqueue(new Uint8Array(chunk));
        if ((controller.desiredSize ?? 0) <= 0) incoming.pause();
      });
      incoming.on('end', () => over(() => controller.close()));
      incoming.on('close', () => over(() => controller.error(new Error('the connection was closed'))));
      incoming.on('error', () => over(() => controller.error(new Error('the connection broke'))));
      incoming.pause();
    },
    pull: () => void incoming.resume(),
    // Whoever wants no more of it answers, and the connection is closed after that.
    cancel: () => void incoming.removeAllListeners('data').resume(),
  }, new ByteLengthQueuingStrategy({ highWaterMark: AHEAD }));

/** The request in the form of the Web; null for one that has no such form, as a tunnel. */
const requestOf = (incoming: IncomingMessage): Request | null => {
  const headers = new Headers();
  for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2) {
    const [name = '', value = ''] = [incoming.rawHeaders[i], incoming.rawHeaders[i + 1]];
    headers.append(name, value);
  }
  const method = incoming.method ?? 'GET';
  try {
    const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? 'localhost'}`);
    // Streams as bodies want `duplex`, which no type knows yet.
    const body = WITHOUT_BODY.has(method) ? {} : { body: streamOf(incoming), duplex: 'half' };
    return new Request(url, { method, headers, ...body });
  } catch {
    // The engine's message quotes the address; whoever sent it knows it.
    return null;
  }
};

/** Sends a response; done when it was handed to the network, or when nobody is there to take it. */
const send = async (response: Response, outgoing: ServerResponse): Promise<void> => {
  const isGone = (): boolean => outgoing.destroyed || (outgoing.socket?.destroyed ?? true);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (isGone()) return;
  outgoing.writeHead(response.status, [...response.headers].flat());
  await new Promise<void>((resolve) => {
    outgoing.once('close', resolve);
    outgoing.end(bytes, () => resolve());
  });
};

const respond = async (answer: Answer, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
  const request = requestOf(incoming);
  if (request === null) {
    outgoing.writeHead(400, { connection: 'close' }).end();
    return;
  }
  const response = await answer(request, incoming.socket.remoteAddress ?? null);
  // Of a body that nobody reads the rest would be taken for the next request.
  if (!incoming.complete) outgoing.setHeader('connection', 'close');
  await send(response, outgoing);
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

/** The requests that are at work, and who waits for them to be done. */
class AtWork {
  #count = 0;
  #waiting: () => void = () => {};

  async during(work: Promise<void>): Promise<void> {
    this.#count += 1;
    try {
      await work;
    } finally {
      this.#count -= 1;
      if (this.#count === 0) this.#waiting();
    }
  }

  /** Resolves once none is left. */
  none(): Promise<void> {
    return this.#count === 0 ? Promise.resolve() : new Promise((resolve) => (this.#waiting = resolve));
  }
}

/** Connections that are kept open for more requests would keep a server from ending: they are closed once all was answered. */
const stopping = (server: Server, atWork: AtWork) => async (grace: number = GRACE): Promise<void> => {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  let late: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([atWork.none(), new Promise<void>((resolve) => (late = setTimeout(resolve, grace)))]);
  clearTimeout(late);
  server.closeAllConnections();
  await closed;
};

/** Listens. `Left` where that is not possible; what answers must not throw. */
export const serve = (answer: Answer, listening: Listening): TE.TaskEither<HostError, Serving> => () =>
  new Promise((resolve) => {
    const atWork = new AtWork();
    const server = createServer(
      { headersTimeout: HEADERS, requestTimeout: REQUEST, keepAliveTimeout: IDLE },
      (incoming, outgoing) => {
        // A client that has gone away hears nothing more.
        atWork.during(respond(answer, incoming, outgoing)).catch(() => outgoing.destroy());
      },
    );
    server.once('error', (error) => resolve(E.left(listenError(listening, error))));
    try {
      server.listen(
        listening.port,
        listening.host,
        () => resolve(E.right({ address: addressOf(server, listening.host), stop: stopping(server, atWork) })),
      );
    } catch (error) {
      // Deno tells of a missing permission in this way.
      resolve(E.left(listenError(listening, error)));
    }
  });
