/**
 * Front door `./sessions/deno-kv`: sessions in Deno KV, for servers on Deno and Deno Deploy. On a machine of one's own, Deno needs
 * `--unstable-kv` for it.
 *
 * A value may have 64 KiB, so the text of a session is kept in parts. The parts of a new text are written first, under a name of their own;
 * then one atomic step lets the session's head point to them if it still has the version that the change began with.
 *
 * Source: docs/http.md, Several servers.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { decodeWith } from '../../core/model/input-error.ts';
import { type Decoder, numberIn, object, required, text } from '../../core/model/codec.ts';
import { type KeepingFault, type KeepingOptions, keptIn, type KeptSessions } from '../provider/cipher.ts';
import type { Life, Room, SessionStore, Vacancy } from '../provider/store.ts';
import { inParts } from './parts.ts';

export type { KeepingFault, KeepingOptions, KeptSessions } from '../provider/cipher.ts';

/** A key: what it belongs to, from the whole to the part. */
export type KvName = ReadonlyArray<string | number>;

/** An entry; the stamp is null if there is none. */
export interface KvFound {
  /** What was set; null if nothing was. */
  readonly value: unknown;
  /** Another one after each change. */
  readonly versionstamp: string | null;
}

/** How long an entry is kept. */
export interface KvExpiry {
  /** Milliseconds after which it may be removed. */
  readonly expireIn: number;
}

/** What is used of an atomic operation. */
export interface KvAtomic {
  /** It only happens if an entry has this stamp. */
  check(entry: { key: KvName; versionstamp: string | null }): KvAtomic;
  /** Sets a value. */
  set(key: KvName, value: unknown, options?: KvExpiry): KvAtomic;
  /** Deletes an entry. */
  delete(key: KvName): KvAtomic;
  /** Carries it out. */
  commit(): Promise<{ readonly ok: boolean }>;
}

/** What is used of `Deno.Kv`. */
export interface KvDatabase {
  /** An entry. */
  get(key: KvName): Promise<KvFound>;
  /** Sets a value. */
  set(key: KvName, value: unknown, options?: KvExpiry): Promise<unknown>;
  /** Deletes an entry. */
  delete(key: KvName): Promise<void>;
  /** Entries whose keys begin like this. */
  list(selector: { prefix: KvName }): AsyncIterable<KvFound & { readonly key: ReadonlyArray<unknown> }>;
  /** Begins an atomic operation. */
  atomic(): KvAtomic;
}

/** What is kept of a session, beside its end and the parts of its text. */
interface Head {
  /** The name of the parts. */
  readonly text: string;
  readonly parts: number;
  readonly last: number;
}

const Head: Decoder<Head> = object<Head>('open', {
  text: required(text()),
  parts: required(numberIn('a number of parts', { whole: true, from: 1 })),
  last: required(numberIn('a moment', {})),
});

/** A character of base64 is a byte; the rest is for what Deno writes around a text. */
const PART = 60_000;

/** Entries outlive their sessions a little: servers' clocks differ, and what has ended is said by its end. */
const GRACE = 60_000;

/** Under which everything is. */
const ROOT = 'interface-tls-certificates/sessions';

const headOf = (id: string): KvName => [ROOT, 'head', id];
const endOf = (id: string): KvName => [ROOT, 'end', id];
const partOf = (id: string, of: string, i: number): KvName => [ROOT, 'part', id, of, i];
/** Changes with every session that is added, so that two servers do not add the last one both. */
const ADDED: KvName = [ROOT, 'added'];

const storeIn = (kv: KvDatabase): SessionStore => {
  const headAt = async (id: string): Promise<{ readonly head: Head; readonly version: string } | null> => {
    const { value, versionstamp } = await kv.get(headOf(id));
    if (versionstamp === null) return null;
    const head = decodeWith(Head)(value);
    return E.isLeft(head) ? null : { head: head.right, version: versionstamp };
  };

  const writeParts = async (id: string, value: string, expireIn: number): Promise<Omit<Head, 'last'>> => {
    const of = crypto.randomUUID();
    const texts = inParts(value, PART);
    for (const [i, part] of texts.entries()) await kv.set(partOf(id, of, i), part, { expireIn });
    return { text: of, parts: texts.length };
  };

  const deleteParts = async (id: string, { text: of, parts }: Omit<Head, 'last'>): Promise<void> => {
    for (let i = 0; i < parts; i++) await kv.delete(partOf(id, of, i));
  };

  const remove = async (id: string): Promise<boolean> => {
    const found = await headAt(id);
    await kv.delete(headOf(id));
    await kv.delete(endOf(id));
    if (found !== null) await deleteParts(id, found.head);
    return found !== null;
  };

  /** Removes what has ended, unless another session has got its name since its end was read. */
  const sweep = async (id: string, endStamp: string | null): Promise<void> => {
    const found = await headAt(id);
    const { ok } = await kv.atomic()
      .check({ key: endOf(id), versionstamp: endStamp })
      .check({ key: headOf(id), versionstamp: found?.version ?? null })
      .delete(headOf(id))
      .delete(endOf(id))
      .commit();
    if (ok && found !== null) await deleteParts(id, found.head);
  };

  const look = async (id: string, { now, most }: Room): Promise<Vacancy> => {
    let [isTaken, left] = [false, 0];
    for await (const { key, value, versionstamp } of kv.list({ prefix: [ROOT, 'end'] })) {
      const name = String(key.at(-1));
      if (typeof value !== 'number' || value <= now) await sweep(name, versionstamp);
      else {
        left += 1;
        isTaken ||= name === id;
      }
    }
    return isTaken ? 'taken' : left < most ? 'free' : 'full';
  };

  const add = async (id: string, value: string, { end, last }: Life, room: Room): Promise<Vacancy> => {
    const written = await writeParts(id, value, last - room.now + GRACE);
    while (true) {
      const added = await kv.get(ADDED);
      const found = await look(id, room);
      if (found !== 'free') {
        await deleteParts(id, written);
        return found;
      }
      // Deno removes the end of a session before its head, which may still be there.
      await sweep(id, null);
      const { ok } = await kv.atomic()
        .check({ key: ADDED, versionstamp: added.versionstamp })
        .check({ key: headOf(id), versionstamp: null })
        .set(ADDED, true)
        .set(headOf(id), { ...written, last }, { expireIn: last - room.now + GRACE })
        .set(endOf(id), end, { expireIn: end - room.now + GRACE })
        .commit();
      if (ok) return 'free';
    }
  };

  return {
    look,
    add,
    remove,
    read: async (id) => {
      while (true) {
        const found = await headAt(id);
        const end = (await kv.get(endOf(id))).value;
        if (found === null || typeof end !== 'number') return null;
        const { head: { text: of, parts, last }, version } = found;
        const texts = await Promise.all(Array.from({ length: parts }, (_, i) => kv.get(partOf(id, of, i))));
        const value = texts.map((part) => part.value);
        if (value.every((part) => typeof part === 'string')) return { end, last, version, value: value.join('') };
        // They are gone because another text took their place; if the head is still the same, they are lost.
        if ((await headAt(id))?.version === version) return null;
      }
    },
    swap: async (id, version, value, now) => {
      const before = await headAt(id);
      if (before?.version !== version) return false;
      const { last } = before.head;
      const expireIn = last - now + GRACE;
      const written = await writeParts(id, value, expireIn);
      const { ok } = await kv.atomic()
        .check({ key: headOf(id), versionstamp: version })
        .set(headOf(id), { ...written, last }, { expireIn })
        .commit();
      await deleteParts(id, ok ? before.head : written);
      return ok;
    },
    extend: async (id, end, now) => {
      const before = await kv.get(endOf(id));
      if (before.versionstamp === null) return;
      // If it fails, another server has extended or removed it just now.
      await kv.atomic()
        .check({ key: endOf(id), versionstamp: before.versionstamp })
        .set(endOf(id), end, { expireIn: end - now + GRACE })
        .commit();
    },
  };
};

/**
 * Sessions in a database of Deno KV; `Left` without a good key.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { httpHandler } from 'interface-tls-certificates/http';
 * import { denoKvSessions } from 'interface-tls-certificates/sessions/deno-kv';
 * const kept = denoKvSessions(await Deno.openKv(':memory:'), { key: btoa('0'.repeat(32)) }); // of your own: from a secret
 * if (kept._tag === 'Left') throw new Error(kept.left.detail);
 * const { fetch } = httpHandler({ sessions: kept.right });
 * const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
 * assert.equal((await fetch(new Request('http://localhost/provider', init))).status, 201);
 * ```
 */
export const denoKvSessions = (kv: KvDatabase, options: KeepingOptions): E.Either<KeepingFault, KeptSessions> =>
  keptIn(storeIn(kv), options);
