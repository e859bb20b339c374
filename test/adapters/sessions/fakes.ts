/**
 * What the stores of sessions stand on, in memory: an object's storage, and a Redis that knows the scripts by what they do.
 *
 * @module
 */
import assert from 'node:assert/strict';
import {
  type ObjectNamespace,
  type ObjectStorage,
  type ObjectTransaction,
  SessionObject,
} from '../../../adapters/sessions/durable-objects.ts';
import { type RedisClient, SCRIPTS } from '../../../adapters/sessions/redis.ts';

/** A binding with one object, whose transactions come one after another. */
export const fakeObjects = (): {
  readonly namespace: ObjectNamespace;
  readonly kept: Map<string, unknown>;
  readonly object: SessionObject;
} => {
  const kept = new Map<string, unknown>();
  const at: ObjectTransaction = {
    // What was put is what is got.
    get: <T>(key: string) => Promise.resolve(structuredClone(kept.get(key)) as T | undefined),
    put: (entries) => {
      assert.ok(Object.keys(entries).length <= 128);
      for (const [key, value] of Object.entries(entries)) {
        assert.ok(JSON.stringify(value).length <= 128 * 1024, 'the platform takes no longer values');
        kept.set(key, structuredClone(value));
      }
      return Promise.resolve();
    },
    delete: (keys) => Promise.resolve(keys.filter((key) => kept.delete(key)).length),
    list: <T>({ prefix }: { prefix: string }) =>
      Promise.resolve(new Map([...kept].filter(([key]) => key.startsWith(prefix)) as Array<[string, T]>)),
  };
  let before: Promise<unknown> = Promise.resolve();
  const storage: ObjectStorage = {
    transaction: (work) => {
      const done = before.then(() => work(at));
      before = done.catch(() => {});
      return done;
    },
    setAlarm: () => Promise.resolve(),
  };
  const object = new SessionObject({ storage });
  return {
    kept,
    object,
    namespace: {
      idFromName: (name) => name,
      get: () => ({ fetch: (url, init) => object.fetch(new Request(url, init)) }),
    },
  };
};

/** A Redis whose scripts are those of the store, written again in TypeScript. */
export const fakeRedis = (): RedisClient & { readonly hashes: Map<string, Record<string, string>> } => {
  const hashes = new Map<string, Record<string, string>>();
  const ends = new Map<string, number>();
  const look = (id: string, now: string, most: string): string => {
    for (const [name, end] of ends) if (end <= Number(now)) ends.delete(name);
    return ends.has(id) ? 'taken' : ends.size >= Number(most) ? 'full' : 'free';
  };
  const by: Record<string, (hash: string, args: ReadonlyArray<string>) => unknown> = {
    [SCRIPTS.look]: (_hash, [id = '', now = '', most = '']) => look(id, now, most),
    [SCRIPTS.add]: (hash, [id = '', now = '', most = '', version = '', value = '', end = '', last = '', keep]) => {
      const found = look(id, now, most);
      assert.ok(Number(keep) > 0);
      if (found !== 'free') return found;
      hashes.set(hash, { version, value, end, last });
      ends.set(id, Number(end));
      return found;
    },
    [SCRIPTS.swap]: (hash, [version, next = '', value = '']) => {
      const present = hashes.get(hash);
      if (present?.['version'] !== version) return 0;
      hashes.set(hash, { ...present, version: next, value });
      return 1;
    },
    [SCRIPTS.extend]: (hash, [id = '', end = '', keep]) => {
      const present = hashes.get(hash);
      assert.ok(Number(keep) > 0);
      if (present === undefined) return 0;
      hashes.set(hash, { ...present, end });
      ends.set(id, Number(end));
      return 1;
    },
    [SCRIPTS.remove]: (hash, [id = '']) => {
      ends.delete(id);
      return hashes.delete(hash) ? 1 : 0;
    },
  };
  return {
    hashes,
    // As over a network: the answer comes later.
    eval: async (script, { keys: [hash = ''], arguments: args }) => {
      await new Promise((later) => setTimeout(later, 0));
      return (by[script] ?? assert.fail('a script that the store does not have'))(hash, args);
    },
    hGetAll: async (key) => {
      await new Promise((later) => setTimeout(later, 0));
      return { ...hashes.get(key) };
    },
  };
};
