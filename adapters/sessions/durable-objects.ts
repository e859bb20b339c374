/**
 * Front door `./sessions/durable-objects`: sessions in a Durable Object, for workers at the edge.
 *
 * One object has all sessions of a worker, since only so can it hold to the limit on how many there are. An object is in one place only, and
 * its transactions come one after another, so its methods compare and swap.
 *
 * Source: docs/how-to/fake-provider-at-the-edge.md.
 *
 * @module
 */
import type * as E from 'fp-ts/lib/Either.js';
import { type KeepingFault, type KeepingOptions, keptIn, type KeptSessions } from '../provider/cipher.ts';
import type { Found, Life, Room, SessionStore, Vacancy } from '../provider/store.ts';
import { inParts } from './parts.ts';

export type { KeepingFault, KeepingOptions, KeptSessions } from '../provider/cipher.ts';

/** What is used of an object's storage, or of a transaction on it. */
export interface ObjectTransaction {
  /** The value of a key. */
  get<T>(key: string): Promise<T | undefined>;
  /** Puts at most 128 values. */
  put<T>(entries: Record<string, T>): Promise<void>;
  /** Deletes at most 128 keys. */
  delete(keys: Array<string>): Promise<number>;
  /** All values whose keys begin with a prefix. */
  list<T>(options: { prefix: string }): Promise<Map<string, T>>;
}

/** What is used of an object's storage. */
export interface ObjectStorage {
  /** Does everything or nothing, and nobody interrupts. */
  transaction<T>(work: (transaction: ObjectTransaction) => Promise<T>): Promise<T>;
  /** Wakes the object at a time, in milliseconds since 1970. */
  setAlarm(time: number): Promise<void>;
}

/** A binding of a worker to its Durable Objects. */
export interface ObjectNamespace {
  /** The id of the object with a name. */
  idFromName(name: string): unknown;
  /** The object with an id. */
  // deno-lint-ignore no-explicit-any -- ids are of a type that only the platform has.
  get(id: any): { fetch(url: string, init: { method: string; body: string }): Promise<Response> };
}

/** What is kept of a session, beside the parts of its text. */
interface Head extends Life {
  readonly version: string;
  readonly parts: number;
}

/** Values may have 128 KiB, or more with SQLite; a character of base64 is a byte. */
const PART = 100_000;

/** Most entries of one call. */
const AT_ONCE = 128;

const HEAD = 'head:';

const partsOf = (id: string, parts: number): ReadonlyArray<string> =>
  Array.from({ length: parts }, (_, i) => `part:${id}:${i}`);

const inTurns = async <A>(all: ReadonlyArray<A>, work: (some: Array<A>) => Promise<unknown>): Promise<void> => {
  for (let i = 0; i < all.length; i += AT_ONCE) await work(all.slice(i, i + AT_ONCE));
};

const forget = (at: ObjectTransaction, id: string, parts: number): Promise<void> =>
  inTurns([`${HEAD}${id}`, ...partsOf(id, parts)], (keys) => at.delete(keys));

const put = async (at: ObjectTransaction, id: string, value: string, life: Life): Promise<void> => {
  const texts = inParts(value, PART);
  const head: Head = { end: life.end, last: life.last, version: crypto.randomUUID(), parts: texts.length };
  await inTurns(
    partsOf(id, texts.length).map((key, i) => [key, texts[i]] as const),
    (some) => at.put(Object.fromEntries(some)),
  );
  await at.put({ [`${HEAD}${id}`]: head });
};

/** Removes what has ended; the number of the sessions that are left. */
const swept = async (at: ObjectTransaction, now: number): Promise<number> => {
  const heads = await at.list<Head>({ prefix: HEAD });
  const over = [...heads].filter(([, { end }]) => end <= now);
  for (const [key, { parts }] of over) await forget(at, key.slice(HEAD.length), parts);
  return heads.size - over.length;
};

const vacancy = async (at: ObjectTransaction, id: string, { now, most }: Room): Promise<Vacancy> => {
  const left = await swept(at, now);
  return await at.get(`${HEAD}${id}`) !== undefined ? 'taken' : left < most ? 'free' : 'full';
};

/** What each method of the store does in a transaction. */
const DEEDS = {
  read: async (at: ObjectTransaction, id: string): Promise<Found<string> | null> => {
    const head = await at.get<Head>(`${HEAD}${id}`);
    if (head === undefined) return null;
    const texts: Array<string> = [];
    for (const key of partsOf(id, head.parts)) texts.push(await at.get<string>(key) ?? '');
    return { end: head.end, last: head.last, version: head.version, value: texts.join('') };
  },
  look: vacancy,
  add: async (at: ObjectTransaction, id: string, value: string, life: Life, room: Room): Promise<Vacancy> => {
    const found = await vacancy(at, id, room);
    if (found === 'free') await put(at, id, value, life);
    return found;
  },
  swap: async (at: ObjectTransaction, id: string, version: string, value: string): Promise<boolean> => {
    const head = await at.get<Head>(`${HEAD}${id}`);
    if (head?.version !== version) return false;
    await forget(at, id, head.parts);
    await put(at, id, value, head);
    return true;
  },
  extend: async (at: ObjectTransaction, id: string, end: number): Promise<void> => {
    const head = await at.get<Head>(`${HEAD}${id}`);
    if (head !== undefined) await at.put({ [`${HEAD}${id}`]: { ...head, end } });
  },
  remove: async (at: ObjectTransaction, id: string): Promise<boolean> => {
    const head = await at.get<Head>(`${HEAD}${id}`);
    if (head !== undefined) await forget(at, id, head.parts);
    return head !== undefined;
  },
};

/** A call of a method, as the worker sends it to its object. */
type Call = { [K in keyof SessionStore]: { readonly method: K; readonly args: Parameters<SessionStore[K]> } }[
  keyof SessionStore
];

/**
 * The class of the object, for a worker to export. Only the worker itself can reach it, through its binding.
 *
 * @example
 * ```ts
 * // In the worker's main module: export { SessionObject } from 'interface-tls-certificates/sessions/durable-objects';
 * import assert from 'node:assert/strict';
 * import { SessionObject } from 'interface-tls-certificates/sessions/durable-objects';
 * assert.equal(SessionObject.name, 'SessionObject'); // as `class_name` has it in wrangler.toml
 * ```
 */
export class SessionObject {
  readonly #storage: ObjectStorage;

  /** As the platform makes it. */
  constructor({ storage }: { readonly storage: ObjectStorage }) {
    this.#storage = storage;
  }

  /** Carries out one call of a store's method. */
  async fetch(request: Request): Promise<Response> {
    // Only `durableSessions` sends requests: nobody else has the binding.
    const call = (await request.json()) as Call;
    const result = await this.#storage.transaction((at): Promise<unknown> => {
      switch (call.method) {
        case 'read':
          return DEEDS.read(at, ...call.args);
        case 'look':
          return DEEDS.look(at, ...call.args);
        case 'add':
          return DEEDS.add(at, ...call.args);
        case 'swap': {
          const [id, version, value] = call.args;
          return DEEDS.swap(at, id, version, value);
        }
        case 'extend': {
          const [id, end] = call.args;
          return DEEDS.extend(at, id, end);
        }
        case 'remove':
          return DEEDS.remove(at, ...call.args);
      }
    });
    // What nobody asks for again is removed when it must have ended.
    if (call.method === 'add') await this.#storage.setAlarm(call.args[2].last);
    return Response.json(result ?? null);
  }

  /** Removes what has ended. */
  async alarm(): Promise<void> {
    const now = Date.now();
    const next = await this.#storage.transaction(async (at) => {
      await swept(at, now);
      const left = [...(await at.list<Head>({ prefix: HEAD })).values()];
      return left.length === 0 ? null : Math.max(...left.map(({ last }) => last));
    });
    if (next !== null) await this.#storage.setAlarm(next);
  }
}

/**
 * Sessions in the Durable Object of a binding, whose class is {@link SessionObject}; `Left` without a good key.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { durableSessions } from 'interface-tls-certificates/sessions/durable-objects';
 * // In a worker, both come from its environment: a binding and a secret.
 * const env = { SESSIONS: { idFromName: String, get: () => ({ fetch: () => Promise.reject() }) }, SESSION_KEY: undefined };
 * const kept = durableSessions(env.SESSIONS, { key: env.SESSION_KEY });
 * assert.ok(kept._tag === 'Left' && kept.left.kind === 'no-key');
 * ```
 */
export const durableSessions = (
  namespace: ObjectNamespace,
  options: KeepingOptions,
): E.Either<KeepingFault, KeptSessions> => {
  const ask = async <A>(call: Call): Promise<A> => {
    // A stub belongs to the request that is at work, so each call gets its own.
    const object = namespace.get(namespace.idFromName('sessions'));
    const response = await object.fetch('https://sessions.invalid/', { method: 'POST', body: JSON.stringify(call) });
    if (!response.ok) throw new Error(`the object of sessions answers ${response.status}`);
    // What `fetch` above sends.
    return (await response.json()) as A;
  };
  return keptIn({
    read: (...args) => ask({ method: 'read', args }),
    look: (...args) => ask({ method: 'look', args }),
    add: (...args) => ask({ method: 'add', args }),
    swap: (...args) => ask({ method: 'swap', args }),
    extend: (...args) => ask({ method: 'extend', args }),
    remove: (...args) => ask({ method: 'remove', args }),
  }, options);
};
