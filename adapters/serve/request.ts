/**
 * Turns a request of `node:http` into a Web `Request`.
 *
 * Anything that two programs could read differently is rejected: a proxy in between could have seen another host, another path or another
 * length (RFC 9112 sections 3.2 and 6.3).
 *
 * @module
 */
import type { IncomingMessage } from 'node:http';
import { patience, type Stopping } from './patience.ts';

const WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Most bytes taken from a connection before somebody wants them. */
const AHEAD = 65_536;

/**
 * A body that flows no faster than it is read. It fails when the client goes away, which Node's own conversion may not notice, and when the
 * server is stopping and nothing more arrives.
 */
const streamOf = (incoming: IncomingMessage, stopping: Stopping): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>({
    start: (controller) => {
      let isOver = false;
      const over = (how: () => void): void => {
        wait.end();
        if (!isOver) how();
        isOver = true;
      };
      const breakOff = (why: string) => (): void => over(() => controller.error(new Error(why)));
      // A body that has arrived, but that nobody has read to its end, is not waited for.
      const wait = patience(stopping, null, () => incoming.complete ? undefined : breakOff('the server stops')());
      incoming.on('data', (chunk: Uint8Array) => {
        if (isOver) return;
        wait.renew();
        controller.enqueue(new Uint8Array(chunk));
        if ((controller.desiredSize ?? 0) <= 0) incoming.pause();
      });
      incoming.on('end', () => over(() => controller.close()));
      incoming.on('close', breakOff('the connection was closed'));
      incoming.on('error', breakOff('the connection broke'));
      incoming.pause();
    },
    pull: () => void incoming.resume(),
    // Whoever wants no more of it answers, and the connection is closed afterwards.
    cancel: () => void incoming.removeAllListeners('data').resume(),
  }, new ByteLengthQueuingStrategy({ highWaterMark: AHEAD }));

/** Headers that make a request ambiguous when they are repeated, even with the same value. */
const ONCE: ReadonlyArray<string> = ['host', 'content-length', 'transfer-encoding'];

/** The headers, and whether they are unambiguous. */
const headersOf = ({ rawHeaders }: IncomingMessage): { readonly headers: Headers; readonly isPlain: boolean } => {
  const headers = new Headers();
  const times = new Map<string, number>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = [rawHeaders[i], rawHeaders[i + 1]];
    headers.append(name, value);
    times.set(name.toLowerCase(), (times.get(name.toLowerCase()) ?? 0) + 1);
  }
  const isPlain = ONCE.every((name) => (times.get(name) ?? 0) <= 1) &&
    !(headers.has('content-length') && headers.has('transfer-encoding'));
  return { headers, isPlain };
};

/** A name or an address, with or without a port; no path, query or user may hide in it. */
const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/** Where a request goes: a path, or an address of exactly the host that the header names. Null for everything else. */
const urlOf = (target: string, host: string): URL | null => {
  if (!HOST.test(host)) return null;
  const here = new URL(`http://${host}`);
  // A path that starts with two slashes is a path, not a host.
  if (target.startsWith('/')) return new URL(`${here.origin}${target}`);
  if (!/^https?:\/\//i.test(target)) return null;
  const url = new URL(target);
  return url.host === here.host ? url : null;
};

/** The request; null if it has no such form, as a tunnel, or is ambiguous. */
export const requestOf = (incoming: IncomingMessage, stopping: Stopping): Request | null => {
  const { method = 'GET', url: target = '/' } = incoming;
  try {
    const { headers, isPlain } = headersOf(incoming);
    // HTTP/1.0 has no header `host`.
    const url = isPlain ? urlOf(target, headers.get('host') ?? 'localhost') : null;
    if (url === null) return null;
    // Streams as bodies need `duplex`, which the types lack.
    const body = WITHOUT_BODY.has(method) ? {} : { body: streamOf(incoming, stopping), duplex: 'half' };
    return new Request(url, { method, headers, ...body });
  } catch {
    // The engine's message quotes the address, which its sender knows anyway.
    return null;
  }
};
