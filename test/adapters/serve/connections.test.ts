/**
 * What comes over a connection, byte by byte: requests one behind the other, requests that can be read in two ways, and clients that keep a
 * server waiting. Every wait here is for something that happens; where it does not happen, the limit ends the test.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { httpHandler } from '../../../adapters/http/mod.ts';
import { type Responder, serve, type Serving } from '../../../adapters/serve/server.ts';
import { PATIENCE } from '../../patience.ts';

/** Milliseconds that no test may come to: whoever waits so long at a stop waits for the wrong thing. */
const HOUR = 3_600_000;

const listening = async (answer: Responder): Promise<Serving> => {
  const result = await serve(answer, { host: '127.0.0.1', port: 0 })();
  return result._tag === 'Right' ? result.right : assert.fail(result.left.message);
};

const OPTIONS = { timeout: PATIENCE };

/** A connection on which the text was sent. */
const opened = ({ address }: Serving, text: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(address).port), '127.0.0.1', () => {
      if (text === '') resolve(socket);
      else socket.write(text, 'latin1', () => resolve(socket));
    });
    socket.once('error', reject);
    // A server that goes away may reset the connection.
    socket.on('error', () => {});
  });

const STATUS = /HTTP\/1\.1 (\d{3}) /g;

/** The statuses of so many answers to the text, or of fewer where the server closes the connection. */
const statuses = async (server: Serving, text: string, count: number): Promise<ReadonlyArray<number>> => {
  const socket = await opened(server, text);
  let answers = '';
  const found = (): ReadonlyArray<number> => [...answers.matchAll(STATUS)].map(([, status]) => Number(status));
  await new Promise<void>((resolve) => {
    socket.on('data', (chunk: Uint8Array) => {
      answers += new TextDecoder('latin1').decode(chunk);
      if (found().length >= count) resolve();
    });
    socket.on('close', () => resolve());
  });
  socket.destroy();
  return found();
};

const during = async (answer: Responder, work: (server: Serving) => Promise<void>): Promise<void> => {
  const server = await listening(answer);
  try {
    await work(server);
  } finally {
    await server.stop(HOUR);
  }
};

const { fetch } = httpHandler({ hosts: ['localhost', '127.0.0.1'] });

const get = (path: string, ...headers: ReadonlyArray<string>): string =>
  [`GET ${path} HTTP/1.1`, 'host: localhost', ...headers, '', ''].join('\r\n');

const HEALTH = get('/health');

const post = (path: string, body: string, ...headers: ReadonlyArray<string>): string =>
  [`POST ${path} HTTP/1.1`, 'host: localhost', 'content-type: application/json', ...headers, '', body].join('\r\n');

const sized = (path: string, body: string): string => post(path, body, `content-length: ${body.length}`);

const chunked = (path: string, body: string, trailer = ''): string =>
  post(path, `${body.length.toString(16)}\r\n${body}\r\n0\r\n${trailer}\r\n`, 'transfer-encoding: chunked');

describe('serve() on a connection', () => {
  it('answers each of several requests that were sent at once, in their order', OPTIONS, async () => {
    const rows: ReadonlyArray<readonly [name: string, requests: string, expected: ReadonlyArray<number>]> = [
      ['two', HEALTH + HEALTH, [200, 200]],
      ['ten', `${HEALTH}${get('/nowhere')}`.repeat(5), Array.from({ length: 5 }, () => [200, 404]).flat()],
      ['one with a body first', sized('/decide', '{}') + HEALTH, [422, 200]],
      ['one with a body in chunks and a trailer', chunked('/decide', '{', 'x-sum: 1\r\n') + HEALTH, [400, 200]],
      ['two with bodies', sized('/decide', '{') + sized('/decide', '{}'), [400, 422]],
      ['one whose body nobody reads', sized('/health', '{}') + HEALTH, [405, 200]],
      ['one that only wants the head', HEALTH.replace('GET', 'HEAD') + HEALTH, [200, 200]],
      ['one without a body that has one', get('/health', 'content-length: 2') + '{}' + HEALTH, [200, 200]],
      [
        'one that waits to be told to go on',
        post('/decide', '{}', 'content-length: 2', 'expect: 100-continue') + HEALTH,
        [
          100,
          422,
          200,
        ],
      ],
    ];
    await during(fetch, async (server) => {
      for (const [name, requests, expected] of rows) {
        assert.deepEqual(await statuses(server, requests, expected.length), expected, name);
      }
    });
  });

  it('begins with a request only when those before it on its connection were answered', OPTIONS, async () => {
    const log: Array<string> = [];
    const answer: Responder = async (request) => {
      const { pathname } = new URL(request.url);
      log.push(`${pathname} begins`);
      // Several turns of the event loop, in which the next one could begin.
      for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
      log.push(`${pathname} ends`);
      return new Response('x'.repeat(200_000));
    };
    await during(answer, async (server) => {
      assert.deepEqual(await statuses(server, get('/1') + get('/2') + get('/3'), 3), [200, 200, 200]);
    });
    assert.deepEqual(log, ['/1 begins', '/1 ends', '/2 begins', '/2 ends', '/3 begins', '/3 ends']);
  });

  it('answers nothing more after an answer that was the last of its connection', OPTIONS, async () => {
    let asked = 0;
    const answer: Responder = async () => {
      asked += 1;
      return await Promise.resolve(new Response('done'));
    };
    await during(answer, async (server) => {
      // The rest of the body never comes, and nobody reads it.
      const statusesThere = await statuses(server, post('/', '{', 'content-length: 1000') + HEALTH, 2);
      assert.deepEqual([statusesThere, asked], [[200], 1]);
    });
  });

  it('refuses what can be read in two ways, and takes nothing behind it for a request', OPTIONS, async () => {
    const host = 'host: localhost';
    const chunks = '2\r\n{}\r\n0\r\n\r\n';
    const rows: Readonly<Record<string, string>> = {
      'a length and chunks': post('/decide', chunks, 'content-length: 2', 'transfer-encoding: chunked'),
      'chunks and a length': post('/decide', chunks, 'transfer-encoding: chunked', 'content-length: 12'),
      'a coding that is none': post('/decide', chunks, 'transfer-encoding: xchunked'),
      'chunks that are not the last coding': post('/decide', chunks, 'transfer-encoding: chunked, identity'),
      'chunks twice': post('/decide', chunks, 'transfer-encoding: chunked', 'transfer-encoding: chunked'),
      'two lengths': post('/decide', '{}', 'content-length: 2', 'content-length: 3'),
      'a length twice': post('/decide', '{}', 'content-length: 2', 'content-length: 2'),
      'a length with a sign': post('/decide', '{}', 'content-length: +2'),
      'a length without end': post('/decide', '{}', `content-length: ${'9'.repeat(30)}`),
      'a blank before the colon': post('/decide', '{}', 'content-length : 2'),
      'a folded header': post('/decide', '{}', 'x: y\r\n content-length: 2'),
      'a NUL in a header': get('/health', 'x: a\0b'),
      'a chunk of no size': post('/decide', 'zz\r\n{}\r\n0\r\n\r\n', 'transfer-encoding: chunked'),
      'no host': 'GET /health HTTP/1.1\r\n\r\n',
      'two hosts': get('/health', 'host: other.example'),
      'the host twice': get('/health', host),
      'another host in the line': get('http://other.example/health'),
      'a host with a path': 'GET /x HTTP/1.1\r\nhost: localhost/health?\r\n\r\n',
      'a host with a user': 'GET /health HTTP/1.1\r\nhost: other.example@localhost\r\n\r\n',
      'no path': get('health'),
    };
    await during(fetch, async (server) => {
      for (const [name, request] of Object.entries(rows)) {
        assert.deepEqual(await statuses(server, request + HEALTH, 2), [400], name);
      }
      assert.deepEqual(await statuses(server, get('http://localhost/health'), 1), [200]);
      assert.deepEqual(await statuses(server, get('//localhost/health'), 1), [404], 'a path of two slashes is no host');
    });
  });

  it('answers or refuses what is very long, and goes on', OPTIONS, async () => {
    await during(fetch, async (server) => {
      assert.deepEqual(await statuses(server, get(`/${'a'.repeat(8_000)}`), 1), [404]);
      assert.deepEqual(await statuses(server, get(`/provider/${'%41'.repeat(2_000)}`), 1), [404]);
      for (const request of [get(`/${'a'.repeat(200_000)}`), get('/health', `x: ${'a'.repeat(200_000)}`)]) {
        const found = await statuses(server, request, 1);
        // A connection may be reset before the refusal was read.
        assert.ok(found.length === 0 || found[0] === 431 || found[0] === 414, `${found}`);
      }
      assert.deepEqual(await statuses(server, HEALTH, 1), [200]);
    });
  });
});
