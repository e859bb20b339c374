/**
 * `tls-certificates serve` on this runtime: the same table of requests as for the handler, over a real connection, and what only a
 * server does: start, refuse to start, stop.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import process from 'node:process';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { httpHandler } from '../../../adapters/http/mod.ts';
import { serve } from '../../../adapters/serve/server.ts';
import { command, type Ended, ended, inFolder, RUNTIME, start } from '../../command.ts';
import { documentOf } from '../../world.ts';
import { faultsOf, type Fetch, REQUESTS, send } from '../http/requests.ts';
import { PATIENCE } from '../../patience.ts';

/** A server in a process of its own. */
interface Server {
  readonly address: string;
  readonly child: ChildProcess;
  readonly end: Promise<Ended>;
}

const started = async (...args: ReadonlyArray<string>): Promise<Server> => {
  const child = start('adapters/cli/main.ts', ['serve', '--port', '0', ...args]);
  const end = ended(child);
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout?.once(
      'data',
      (chunk: Uint8Array) => resolve(new TextDecoder().decode(chunk).trim().replace(/\/$/, '')),
    );
    void end.then(({ stderr }) => reject(new Error(stderr)));
  });
  return { address, child, end };
};

/** Sends the signal as a supervisor would: after `child.kill`, Deno 2.9 tells of a signal whatever the child did. */
const stop = ({ child: { pid }, end }: Server): Promise<Ended> => {
  if (pid === undefined) throw new Error('the server has no process');
  process.kill(pid, 'SIGTERM');
  return end;
};

/** The memory that a server takes, in bytes; 0 where the system does not tell. */
const memoryOf = ({ child }: Server): number => {
  const file = `/proc/${child.pid}/status`;
  return existsSync(file) ? 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? 0) : 0;
};

const post = (address: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(`${address}/decide`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

/** What comes back for bytes that are sent as they are. */
const raw = (address: string, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(address);
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => (answer += String(chunk)));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });

/** What `Deno.serve` and `Bun.serve` give, as far as it is used here; which runtime it is, only the run tells. */
interface Native {
  readonly addr?: { readonly port: number };
  readonly port?: number;
  readonly shutdown?: () => Promise<void>;
  readonly stop?: (now: boolean) => Promise<void>;
}

/** The handler on the runtime's own server, as one would write it there; on Node, which has none for fetch handlers, on ours. */
const ownServer = async (fetch: Fetch): Promise<{ readonly address: string; readonly stop: () => Promise<void> }> => {
  const { Deno, Bun } = globalThis as unknown as Readonly<
    Record<'Deno' | 'Bun', { readonly serve: (options: object, handler?: Fetch) => Native } | undefined>
  >;
  if (Deno !== undefined) {
    const native = Deno.serve({ port: 0, hostname: '127.0.0.1', onListen: () => {} }, fetch);
    return { address: `http://127.0.0.1:${native.addr?.port}`, stop: async () => await native.shutdown?.() };
  }
  if (Bun !== undefined) {
    const native = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch });
    return { address: `http://127.0.0.1:${native.port}`, stop: async () => await native.stop?.(true) };
  }
  const ours = await serve((request) => fetch(request), { host: '127.0.0.1', port: 0 })();
  if (ours._tag === 'Left') throw new Error(ours.left.message);
  return ours.right;
};

/** Methods that `fetch` does not send, or sends otherwise, are no case for a client. */
const SENT = REQUESTS.filter(({ init }) => init?.method !== 'OPTIONS');

describe('tls-certificates serve', () => {
  let server: Server;

  before(async () => {
    server = await started();
  });

  after(async () => {
    assert.equal((await stop(server)).code, 0);
  });

  it('answers the table of requests as the handler does', async () => {
    const faults: Array<string> = [];
    for (const one of SENT) faults.push(...faultsOf(one, await send(fetch, server.address, one)));
    assert.deepEqual(faults, []);
  });

  it('answers the table of requests from the server of this runtime, too', async () => {
    const { address, stop } = await ownServer(httpHandler().fetch);
    try {
      const faults: Array<string> = [];
      for (const one of SENT) faults.push(...faultsOf(one, await send(fetch, address, one)));
      assert.deepEqual(faults, []);
    } finally {
      await stop();
    }
  });

  it('answers many clients at once, and keeps nothing of what they sent', async () => {
    // What the contract does not know is read and ignored.
    const body = JSON.stringify({ ...documentOf(), padding: 'x'.repeat(300_000) });
    const statuses: Array<number> = [];
    const ask = async (times: number): Promise<void> => {
      for (let i = 0; i < times; i++) {
        const response = await post(server.address, body);
        await response.arrayBuffer();
        statuses.push(response.status);
      }
    };
    const together = async (times: number): Promise<number> => {
      await Promise.all(Array.from({ length: 8 }, () => ask(times)));
      return memoryOf(server);
    };
    const before = await together(25);
    const after = await together(75);
    assert.deepEqual(statuses.filter((status) => status !== 200), []);
    assert.equal(statuses.length, 800);
    assert.ok(after < before + 150_000_000, `${before} bytes became ${after}, after 180 MB more were sent`);
  });

  it('keeps its head when a client sends no HTTP, a foreign host, or half a body', async () => {
    assert.match(await raw(server.address, 'hello\r\n\r\n'), /^HTTP\/1\.1 400 /);
    const rebound = 'GET /health HTTP/1.1\r\nhost: rebound.example\r\nconnection: close\r\n\r\n';
    assert.match(await raw(server.address, rebound), /^HTTP\/1\.1 421 [\s\S]*wrong-host/);
    const { hostname, port } = new URL(server.address);
    const socket = connect(Number(port), hostname, () => {
      socket.write(
        'POST /decide HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{',
        () => socket.destroy(),
      );
    });
    await new Promise((resolve) => socket.on('close', resolve));
    assert.equal((await fetch(`${server.address}/health`)).status, 200);
  });

  it('wants the token of its file, and tells it to nobody', async () => {
    await inFolder(async (path) => {
      const token = 'SECRET-0123456789abcdef';
      await writeFile(path('token'), `${token}\n`, { mode: 0o600 });
      const guarded = await started('--token-file', path('token'));
      assert.equal((await post(guarded.address, '{}')).status, 401);
      assert.equal((await post(guarded.address, '{}', { authorization: `Bearer ${token}` })).status, 422);
      const { code, stdout, stderr } = await stop(guarded);
      assert.equal(code, 0);
      assert.doesNotMatch(stdout + stderr, /SECRET/);
    });
  });

  it('refuses to start without what it needs, with a code and a sentence', async () => {
    await inFolder(async (path) => {
      await writeFile(path('short'), 'SECRET');
      const refused: ReadonlyArray<readonly [args: ReadonlyArray<string>, code: number, says: RegExp]> = [
        [['--port', '0', '--host', '0.0.0.0'], 2, /can be reached from other machines: give --token-file/],
        [['--port', '70000'], 2, /expected a number from 0 to 65535/],
        [['--port', '0', '--token-file', path('short')], 2, /expected a token of at least 16/],
        [['--port', '0', '--token-file', path('none')], 3, /there is no such file/],
        [['--port', new URL(server.address).port], 3, /something else listens there already/],
      ];
      for (const [args, expected, says] of refused) {
        const { code, stdout, stderr } = await command(['serve', ...args]);
        assert.deepEqual([code, stdout], [expected, ''], stderr);
        assert.match(stderr, says);
        assert.doesNotMatch(stderr, /SECRET/);
      }
    });
  });

  it('logs a line of JSON for each request', async () => {
    const logging = await started();
    await (await post(logging.address, '{"SECRET')).arrayBuffer();
    const { stderr } = await stop(logging);
    const records = stderr.trim().split('\n').map((line) => JSON.parse(line));
    assert.deepEqual(records.map(({ body }) => body), ['listening', 'request', 'stopping']);
    assert.equal(records[1].attributes['error.type'], 'not-json');
    assert.doesNotMatch(stderr, /SECRET/);
  });

  it(
    'hears of a signal that npm got',
    { skip: RUNTIME !== 'node' && 'it is run from Node', timeout: PATIENCE },
    async () => {
      const args = ['run', '-s', 'tls-certificates', '--', 'serve', '--port', '0'];
      // In a group of its own, so that nothing is left of it where the test fails.
      const npm = spawn('npm', args, { cwd: fileURLToPath(new URL('../../..', import.meta.url)), detached: true });
      const end = ended(npm);
      const giveUp = setTimeout(() => npm.pid !== undefined && process.kill(-npm.pid, 'SIGKILL'), PATIENCE - 10_000);
      await new Promise((resolve) => npm.stdout.once('data', resolve));
      npm.kill('SIGTERM');
      const { stderr } = await end;
      clearTimeout(giveUp);
      assert.match(stderr, /"stopping","attributes":\{"process.signal":"SIGTERM"/);
    },
  );
});
