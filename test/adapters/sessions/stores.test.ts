/**
 * Sessions in stores that servers share. Each store is held to the same: what it keeps, one history on two servers, nothing lost, limits.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { createServer } from 'node:net';
import { keptIn } from '../../../adapters/provider/cipher.ts';
import { memoryStore, type SessionStore } from '../../../adapters/provider/store.ts';
import { denoKvSessions, type KvDatabase } from '../../../adapters/sessions/deno-kv.ts';
import { durableSessions } from '../../../adapters/sessions/durable-objects.ts';
import { type RedisSessions, redisSessions, redisSessionsOf } from '../../../adapters/sessions/redis.ts';
import type { KeptSessions } from '../../../adapters/http/mod.ts';
import { PATIENCE } from '../../patience.ts';
import { fakeObjects, fakeRedis } from './fakes.ts';
import { keepsValues, KEY, limitsHold, nothingLost, oneHistory, serverOn } from './servers.ts';

const right = <L, A>(either: { _tag: 'Left'; left: L } | { _tag: 'Right'; right: A }): A =>
  either._tag === 'Right' ? either.right : assert.fail(JSON.stringify(either.left));

const keeps = async (kept: KeptSessions): Promise<void> => {
  await keepsValues(kept.store);
  await limitsHold(kept);
  const servers = [serverOn(kept), serverOn(kept)] as const;
  await oneHistory(servers);
  await nothingLost(servers);
};

/** Deno's own, where it is. */
const openKv = (globalThis as { Deno?: { openKv?: (path: string) => Promise<KvDatabase & { close(): void }> } }).Deno
  ?.openKv;

const redisServer = ['valkey-server', 'redis-server'].find((name) =>
  spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0
);

const freePort = (): Promise<number> =>
  new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => found(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

describe('sessions in a store that servers share', () => {
  it('are kept in memory', { timeout: PATIENCE }, async () => {
    await keeps(right(keptIn(memoryStore(), { key: KEY })));
  });

  it('are kept in a Durable Object, of which workerd.test.ts has a real one', { timeout: PATIENCE }, async () => {
    const { namespace, kept } = fakeObjects();
    await keeps(right(durableSessions(namespace, { key: KEY })));
    assert.deepEqual([...kept.keys()], [], 'what is removed leaves nothing');
  });

  it('leave a Durable Object when they end, if nobody comes', async () => {
    const { namespace, kept, object } = fakeObjects();
    const { store } = right(durableSessions(namespace, { key: KEY }));
    const now = Date.now();
    await store.add('over', 'x', { end: now - 1, last: now }, { now: now - 10, most: 9 });
    await store.add('left', 'x', { end: now + 60_000, last: now + 60_000 }, { now: now - 10, most: 9 });
    await object.alarm();
    assert.deepEqual([...kept.keys()], ['part:left:0', 'head:left']);
  });

  it('are kept in Deno KV', {
    skip: openKv === undefined && 'Deno KV is in Deno alone, with --unstable-kv',
    timeout: PATIENCE,
  }, async () => {
    const kv = await (openKv ?? assert.fail())(':memory:');
    try {
      await keeps(right(denoKvSessions(kv, { key: KEY })));
      const left: Array<string> = [];
      for await (const { key } of kv.list({ prefix: [] })) left.push(key.slice(1).join(' '));
      assert.deepEqual(left, ['added'], 'what is removed leaves nothing');
    } finally {
      kv.close();
    }
  });

  it('get a name in Deno KV again of which Deno has removed the end and not yet the rest', {
    skip: openKv === undefined && 'Deno KV is in Deno alone, with --unstable-kv',
    timeout: PATIENCE,
  }, async () => {
    const kv = await (openKv ?? assert.fail())(':memory:');
    try {
      const { store } = right(denoKvSessions(kv, { key: KEY }));
      const now = Date.now();
      const [life, room] = [{ end: now + 60_000, last: now + 60_000 }, { now, most: 9 }];
      assert.equal(await store.add('again', 'old', life, room), 'free');
      for await (const { key } of kv.list({ prefix: ['interface-tls-certificates/sessions', 'end'] })) {
        // The key of an entry names it.
        await kv.delete(key as Parameters<typeof kv.delete>[0]);
      }
      assert.equal(await store.add('again', 'new', life, room), 'free');
      assert.equal((await store.read('again'))?.value, 'new');
      assert.equal(await store.add('again', 'newer', life, room), 'taken');
    } finally {
      kv.close();
    }
  });

  it('are kept by the scripts of Redis, as a client of it sees them', { timeout: PATIENCE }, async () => {
    // What has ended is removed by Redis itself, at the time that each script gives it.
    await keeps(right(redisSessionsOf(fakeRedis(), { key: KEY })));
  });

  it('are kept in Redis or Valkey', {
    skip: redisServer === undefined && 'neither valkey-server nor redis-server is on this machine',
    timeout: PATIENCE,
  }, async () => {
    const port = await freePort();
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const server = spawn(redisServer ?? assert.fail(), args, { stdio: 'ignore' });
    try {
      let connected = await redisSessions(`redis://127.0.0.1:${port}`, { key: KEY });
      while (connected._tag === 'Left') {
        await new Promise((later) => setTimeout(later, 50));
        connected = await redisSessions(`redis://127.0.0.1:${port}`, { key: KEY });
      }
      const kept: RedisSessions = connected.right;
      await keeps(kept);
      await kept.close();
    } finally {
      server.kill();
    }
  });

  it('say so if Redis does not answer, and repeat no password', { timeout: PATIENCE }, async () => {
    const port = await freePort();
    const kept = await redisSessions(`redis://somebody:sesame@127.0.0.1:${port}`, { key: KEY });
    assert.ok(kept._tag === 'Left' && kept.left.kind === 'no-connection');
    assert.doesNotMatch(JSON.stringify(kept.left), /sesame/);
  });

  it('are refused without a key, or with one that is none', async () => {
    for (
      const key of [undefined, '', 'short', 'x'.repeat(44), '!'.repeat(44), btoa('0'.repeat(31)), btoa('0'.repeat(33))]
    ) {
      const told = [
        keptIn(memoryStore(), { key }),
        durableSessions(fakeObjects().namespace, { key }),
        redisSessionsOf(fakeRedis(), { key }),
        await redisSessions('redis://127.0.0.1:1', { key }),
      ];
      for (const kept of told) {
        assert.ok(kept._tag === 'Left' && kept.left.kind === (key === undefined || key === '' ? 'no-key' : 'bad-key'));
        assert.match(kept.left.detail, /openssl rand -base64 32/);
        assert.ok(!key || !kept.left.detail.includes(key));
      }
    }
  });

  it('are secret to the store, and cannot be passed off as another', async () => {
    const values = new Map<string, string>();
    const inner = memoryStore<string>();
    const store: SessionStore = {
      ...inner,
      add: (id, value, life, room) => {
        values.set(id, value);
        return inner.add(id, value, life, room);
      },
    };
    const send = serverOn(right(keptIn(store, { key: KEY })));
    await send('POST', '/provider', { id: 'one', ca: { commonName: 'Sesame CA' } });
    await send('POST', '/provider', { id: 'two' });
    const value = values.get('one') ?? '';
    assert.ok(value.length > 1_000);
    assert.doesNotMatch(atob(value), /PRIVATE KEY|CERTIFICATE|Sesame|one/);

    const other = serverOn(right(keptIn(store, { key: btoa('f'.repeat(32)) })));
    const refused = await other('GET', '/provider/one');
    assert.deepEqual([refused.status, refused.body.type], [503, '/docs#no-store']);
    assert.equal((await send('GET', '/provider/one')).status, 200);

    const version = (await inner.read('two'))?.version ?? '';
    await inner.swap('two', version, value, Date.now());
    assert.equal((await send('GET', '/provider/two')).body.type, '/docs#no-store');
    assert.equal((await other('DELETE', '/provider/two')).status, 204, 'it can be deleted');
  });

  it('end in a problem if the store fails, which repeats nothing that it says', async () => {
    class Unplugged extends Error {}
    const fail = () => Promise.reject(new Unplugged('sesame'));
    const store: SessionStore = { read: fail, look: fail, add: fail, swap: fail, extend: fail, remove: fail };
    const send = serverOn(right(keptIn(store, { key: KEY })));
    for (const [method, path] of [['POST', ''], ['GET', '/x'], ['POST', '/x/rotate'], ['DELETE', '/x']] as const) {
      const { status, body } = await send(method, `/provider${path}`, path === '' ? {} : undefined);
      assert.deepEqual([status, body.type], [503, '/docs#no-store'], path);
      assert.match(body.detail, /Unplugged/);
      assert.doesNotMatch(body.detail, /sesame/);
    }
  });
});
