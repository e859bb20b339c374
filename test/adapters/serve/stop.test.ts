/**
 * A stop waits for work, and for no client that keeps it waiting. Each stop here may take an hour: a server that waits for the wrong thing
 * does not come to its end before the runner's limit.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { httpHandler } from '../../../adapters/http/mod.ts';
import { type Responder, serve, type Serving } from '../../../adapters/serve/server.ts';
import { PATIENCE } from '../../patience.ts';

const HOUR = 3_600_000;

const OPTIONS = { timeout: PATIENCE };

const GET = 'GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n';

const POST = 'POST /decide HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';

/** A server, and what resolves once it was asked something. */
const listening = async (answer: Responder): Promise<{ readonly server: Serving; readonly asked: Promise<void> }> => {
  let tell = (): void => {};
  const asked = new Promise<void>((resolve) => (tell = resolve));
  const result = await serve((request, client) => {
    tell();
    return answer(request, client);
  }, { host: '127.0.0.1', port: 0 })();
  return result._tag === 'Right' ? { server: result.right, asked } : assert.fail(result.left.message);
};

/** What came over a connection so far, and what resolves once it is closed. */
interface Client {
  readonly socket: Socket;
  readonly came: () => string;
  readonly closed: Promise<void>;
}

const opened = ({ address }: Serving, text: string, isReading = true): Promise<Client> =>
  new Promise((resolve, reject) => {
    let came = '';
    const socket = connect(Number(new URL(address).port), '127.0.0.1');
    const closed = new Promise<void>((done) => socket.once('close', () => done()));
    const client = { socket, came: () => came, closed };
    socket.once('connect', () => {
      if (text === '') resolve(client);
      else socket.write(text, () => resolve(client));
    });
    socket.once('error', reject);
    // A server that goes away may reset the connection.
    socket.on('error', () => {});
    if (isReading) socket.on('data', (chunk: Uint8Array) => (came += new TextDecoder('latin1').decode(chunk)));
    else socket.pause();
  });

/** Waits until a request on another connection was answered: what was sent before it has come then. */
const another = async (server: Serving): Promise<void> => {
  const { closed } = await opened(server, GET.replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n'));
  await closed;
};

const answered = async ({ socket, came }: Client, pattern: RegExp): Promise<void> => {
  while (!pattern.test(came())) await new Promise((resolve) => socket.once('data', resolve));
};

const { fetch } = httpHandler();

describe('serve() that stops', () => {
  const idle: Readonly<Record<string, string>> = {
    'says nothing': '',
    'has sent half a line': 'GET /hea',
    'has sent half a head': 'GET /health HTTP/1.1\r\nhost: localhost\r\nx-a',
    'keeps its connection open': GET,
    'has begun with a second request': `${GET}GET /hea`,
  };
  for (const [name, text] of Object.entries(idle)) {
    it(`does not wait for a client that ${name}`, OPTIONS, async () => {
      const { server } = await listening(fetch);
      const client = await opened(server, text);
      if (text.startsWith(GET)) await answered(client, /"ok"/);
      await another(server);
      await server.stop(HOUR);
      // Bun 1.4 tells nobody of a connection on which nothing came: it stays open until the process ends.
      if (text === '') client.socket.destroy();
      await client.closed;
    });
  }

  const halves: Readonly<Record<string, string>> = {
    'half a body': `${POST}content-length: 100\r\n\r\n{`,
    'no body at all': `${POST}content-length: 100\r\n\r\n`,
    'half a chunk': `${POST}transfer-encoding: chunked\r\n\r\n5\r\n{`,
    'a body in chunks without its end': `${POST}transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n`,
    'half a body behind another request': `${GET}${POST}content-length: 100\r\n\r\n{`,
    'half a body, and waits to be told to go on': `${POST}content-length: 100\r\nexpect: 100-continue\r\n\r\n{`,
  };
  for (const [name, text] of Object.entries(halves)) {
    it(`does not wait for a client that has sent ${name}`, OPTIONS, async () => {
      // The reader's own limit is out of the way.
      const { server, asked } = await listening(httpHandler({ limits: { bodyTime: HOUR } }).fetch);
      const client = await opened(server, text);
      await asked;
      if (text.startsWith(GET)) await answered(client, /"ok"/);
      await server.stop(HOUR);
      await client.closed;
      assert.match(client.came(), /HTTP\/1\.1 400 [\s\S]*broke off/);
    });
  }

  it('does not wait for a client that does not read its answer', OPTIONS, async () => {
    const { server, asked } = await listening(async () =>
      await Promise.resolve(new Response(new Uint8Array(64_000_000)))
    );
    const { socket } = await opened(server, GET, false);
    await asked;
    await server.stop(HOUR);
    socket.destroy();
  });

  it('lets a client that does read have all of a long answer', OPTIONS, async () => {
    const size = 16_000_000;
    const { server, asked } = await listening(async () => await Promise.resolve(new Response('x'.repeat(size))));
    const client = await opened(server, GET, false);
    await asked;
    const stopped = server.stop(HOUR);
    let length = 0;
    client.socket.on('data', (chunk: Uint8Array) => (length += chunk.length));
    client.socket.resume();
    await Promise.all([stopped, client.closed]);
    assert.ok(length > size, `${length} bytes of ${size} came`);
  });

  it('lets a request at work come to its end, and lets nobody else in', OPTIONS, async () => {
    let release = (): void => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    const { server, asked } = await listening(async () => {
      await released;
      return new Response('done');
    });
    const client = await opened(server, GET + GET);
    await asked;
    const stopped = server.stop(HOUR);
    await assert.rejects(globalThis.fetch(server.address), 'nobody is let in any more');
    release();
    await Promise.all([stopped, client.closed]);
    assert.equal([...client.came().matchAll(/HTTP\/1\.1 200 /g)].length, 1, 'what had not begun is dropped');
    assert.match(client.came(), /connection: close[\s\S]*done/i);
  });

  it('waits for work no longer than it was told to', OPTIONS, async () => {
    const { server, asked } = await listening(() => new Promise(() => {}));
    const client = await opened(server, GET);
    await asked;
    await server.stop(1);
    await client.closed;
  });
});
