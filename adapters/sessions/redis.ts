/**
 * Front door `./sessions/redis`: sessions in Redis or Valkey, for several servers on Node and Bun. The package redis is an optional peer
 * dependency, and is loaded at the first use.
 *
 * Each method that changes something is one Lua script, which the server runs without interruption (docs/http.md, Several servers).
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import {
  type KeepingFault,
  type KeepingOptions,
  keptIn,
  type KeptSessions,
  sessionCipher,
} from '../provider/cipher.ts';
import type { SessionStore, Vacancy } from '../provider/store.ts';

export type { KeepingFault, KeepingOptions, KeptSessions } from '../provider/cipher.ts';

/** What is used of a client of the package redis. */
export interface RedisClient {
  /** Runs a script. */
  eval(script: string, options: { keys: Array<string>; arguments: Array<string> }): Promise<unknown>;
  /** All fields of a hash; none if there is no such key. */
  hGetAll(key: string): Promise<Readonly<Record<string, string>>>;
}

/** Whether there is room, after what has ended was removed. KEYS: hash, set of ends. ARGV: id, now, most. */
const LOOK = `
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[2])
if redis.call('ZSCORE', KEYS[2], ARGV[1]) then return 'taken' end
if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[3]) then return 'full' end`;

/** The scripts. Every key of sessions begins with the same tag in braces, so that a cluster has them in one place. */
export const SCRIPTS: Readonly<Record<'look' | 'add' | 'swap' | 'extend' | 'remove', string>> = {
  look: `${LOOK}
return 'free'`,
  // Further ARGV: version, value, end, last, milliseconds to keep it.
  add: `${LOOK}
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'version', ARGV[4], 'value', ARGV[5], 'end', ARGV[6], 'last', ARGV[7])
redis.call('PEXPIRE', KEYS[1], ARGV[8])
redis.call('ZADD', KEYS[2], ARGV[6], ARGV[1])
return 'free'`,
  // KEYS: hash. ARGV: version, next version, value.
  swap: `
if redis.call('HGET', KEYS[1], 'version') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'value', ARGV[3])
return 1`,
  // KEYS: hash, set of ends. ARGV: id, end, milliseconds to keep it.
  extend: `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'end', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
return 1`,
  // KEYS: hash, set of ends. ARGV: id.
  remove: `
redis.call('ZREM', KEYS[2], ARGV[1])
return redis.call('DEL', KEYS[1])`,
};

/** What Redis has outlives its session a little: servers' clocks differ, and what has ended is said by its end. */
const GRACE = 60_000;

const ENDS = '{interface-tls-certificates}:ends';
const hashOf = (id: string): string => `{interface-tls-certificates}:session:${id}`;

const vacancyOf = (reply: unknown): Vacancy => {
  if (reply === 'free' || reply === 'taken' || reply === 'full') return reply;
  throw new TypeError('Redis answers something else than its script does');
};

const storeIn = (client: RedisClient): SessionStore => {
  const run = (script: string, keys: Array<string>, ...args: ReadonlyArray<string | number>): Promise<unknown> =>
    client.eval(script, { keys, arguments: args.map(String) });
  return {
    read: async (id) => {
      const { version, value, end, last } = await client.hGetAll(hashOf(id));
      return version === undefined || value === undefined
        ? null
        : { version, value, end: Number(end), last: Number(last) };
    },
    look: async (id, { now, most }) => vacancyOf(await run(SCRIPTS.look, [hashOf(id), ENDS], id, now, most)),
    add: async (id, value, { end, last }, { now, most }) =>
      vacancyOf(
        await run(
          SCRIPTS.add,
          [hashOf(id), ENDS],
          ...[id, now, most, crypto.randomUUID(), value, end, last, end - now + GRACE],
        ),
      ),
    swap: async (id, version, value) =>
      await run(SCRIPTS.swap, [hashOf(id)], version, crypto.randomUUID(), value) === 1,
    extend: async (id, end, now) => void (await run(SCRIPTS.extend, [hashOf(id), ENDS], id, end, end - now + GRACE)),
    remove: async (id) => await run(SCRIPTS.remove, [hashOf(id), ENDS], id) === 1,
  };
};

/**
 * Sessions in the Redis or Valkey of a client that is connected already; `Left` without a good key.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { redisSessionsOf } from 'interface-tls-certificates/sessions/redis';
 * // Of your own: createClient({ url }) of the package redis, connected.
 * const client = { eval: () => Promise.resolve(0), hGetAll: () => Promise.resolve({}) };
 * const kept = redisSessionsOf(client, { key: btoa('0'.repeat(32)) });
 * assert.ok(kept._tag === 'Right' && await kept.right.store.read('my-test') === null);
 * ```
 */
export const redisSessionsOf = (client: RedisClient, options: KeepingOptions): E.Either<KeepingFault, KeptSessions> =>
  keptIn(storeIn(client), options);

/** Sessions in Redis, and how to leave it. */
export interface RedisSessions extends KeptSessions {
  /** Closes the connection. */
  readonly close: () => Promise<void>;
}

const loaded = async (): Promise<E.Either<KeepingFault, Pick<typeof import('redis'), 'createClient'>>> => {
  try {
    return E.right(await import('redis'));
  } catch {
    // Resolving it is all that can fail.
    return E.left({ kind: 'no-client', detail: 'the package redis is not installed. Type: npm install redis@6.3.1' });
  }
};

/** Milliseconds to wait for a connection, at most, and between two attempts to make it again. */
const [CONNECTING, AGAIN] = [5_000, 1_000];

/**
 * Connects to Redis or Valkey; `Left` without a good key, without the package redis, or if nobody answers at the address. A connection that is
 * lost is made again; until then requests about sessions end in the problem `no-store`.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { redisSessions } from 'interface-tls-certificates/sessions/redis';
 * const kept = await redisSessions('redis://localhost:6379', { key: undefined }); // of your own: process.env.SESSION_KEY
 * assert.ok(kept._tag === 'Left' && kept.left.detail.includes('openssl rand -base64 32'));
 * ```
 */
export const redisSessions = async (
  url: string,
  options: KeepingOptions,
): Promise<E.Either<KeepingFault, RedisSessions>> => {
  const cipher = sessionCipher(options.key);
  // Nobody connects for a key that is not good.
  if (E.isLeft(cipher)) return cipher;
  const redis = await loaded();
  if (E.isLeft(redis)) return redis;
  let hasConnected = false;
  const client = redis.right.createClient({
    url,
    // Requests are answered while there is no connection, rather than kept waiting for one.
    disableOfflineQueue: true,
    socket: { connectTimeout: CONNECTING, reconnectStrategy: () => hasConnected ? AGAIN : false },
  });
  // The client wants to be heard. Whoever sends a command meanwhile gets the error, too.
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (thrown) {
    const name = thrown instanceof Error ? thrown.constructor.name : typeof thrown;
    // An address may have a password, so it is not repeated.
    const detail = `Redis does not answer at its address (${name}): see that it runs, with redis-cli -u … ping`;
    return E.left({ kind: 'no-connection', detail });
  }
  hasConnected = true;
  return E.right({ store: storeIn(client), cipher: cipher.right, close: () => client.close() });
};
