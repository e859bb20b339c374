/**
 * The sessions of a server: how many there may be, how long each lives, and how it changes.
 *
 * Nothing runs by itself: what has expired is swept away when a session is added. Nobody waits for anybody either, which workerd would not
 * allow: a change is made from what is there and put in its place if that is there still, and made again if it is not.
 *
 * @module
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import * as E from 'fp-ts/lib/Either.js';
import type { KeptSessions } from './cipher.ts';
import type { Session } from './session.ts';
import { readSession, writeSession } from './session-text.ts';
import { type Found, memoryStore, type Store, type Vacancy } from './store.ts';

/** The limits of sessions. */
export interface SessionLimits {
  /** How many sessions there may be at once. */
  readonly sessions: number;
  /** Milliseconds after which an unused session expires. */
  readonly sessionIdle: number;
  /** Milliseconds after which a session expires in any case. */
  readonly sessionLife: number;
}

/** Why a session is not available or cannot change, and what to do about it. */
export interface SessionFault {
  readonly kind: 'no-session' | 'session-exists' | 'too-many-sessions' | 'busy' | 'no-store';
  readonly detail: string;
}

/** A session, and when it expires if nobody uses it. */
export interface Lasting {
  readonly session: Session;
  readonly expires: Date;
}

/** The result of a change; `F` is how the work itself can fail. */
export type SessionChange<F> = (session: Session) => Promise<E.Either<F, Session>>;

/** The sessions of a server. */
export interface Sessions {
  readonly create: <F>(
    id: string | null,
    make: (id: string) => Promise<E.Either<F, Session>>,
  ) => Promise<E.Either<F | SessionFault, Lasting>>;
  readonly read: (id: string) => Promise<E.Either<SessionFault, Lasting>>;
  readonly change: <F>(id: string, change: SessionChange<F>) => Promise<E.Either<F | SessionFault, Lasting>>;
  readonly remove: (id: string) => Promise<E.Either<SessionFault, void>>;
}

/** A store, and how sessions become what it keeps. */
interface Keeping<V> {
  readonly store: Store<V>;
  readonly write: (session: Session) => Promise<V>;
  /** Null if it is no session. */
  readonly read: (id: string, value: V) => Promise<Session | null>;
}

/** How often a change is made again because another one came first. */
const ATTEMPTS = 64;

/** Random bytes in a session's name that nobody chose. */
const ID_BYTES = 16;

const MISSING: SessionFault = {
  kind: 'no-session',
  detail: 'it has expired, was deleted, or never was: POST /provider begins one',
};

const UNREADABLE: SessionFault = {
  kind: 'no-store',
  detail: 'what the store has of this session cannot be read: give all servers the same key and version, or delete it',
};

/** What a store says, or that it says nothing. Errors of clients may quote what was sent, so only their name is told. */
const asked = async <A>(work: () => Promise<A>): Promise<E.Either<SessionFault, A>> => {
  try {
    return E.right(await work());
  } catch (thrown) {
    const name = thrown instanceof Error ? thrown.constructor.name : typeof thrown;
    return E.left({
      kind: 'no-store',
      detail: `the store of sessions fails with ${name}: see that it runs, try again`,
    });
  }
};

const sessionsIn = <V>(
  { store, write, read }: Keeping<V>,
  { sessions: most, sessionIdle, sessionLife }: SessionLimits,
  now: () => Date,
  random: (length: number) => Uint8Array,
): Sessions => {
  const time = (): number => now().getTime();
  const room = () => ({ now: time(), most });
  const endFrom = (present: number, last: number): number => Math.min(last, present + sessionIdle);

  const vacant = (vacancy: Vacancy): E.Either<SessionFault, void> =>
    vacancy === 'taken'
      ? E.left({ kind: 'session-exists', detail: 'delete it first, or choose another id' })
      : vacancy === 'full'
      ? E.left({
        kind: 'too-many-sessions',
        detail: `there are ${most} sessions: delete one, or wait until one expires`,
      })
      : E.right(undefined);

  /** What is there, used now. */
  const take = async (id: string): Promise<E.Either<SessionFault, Lasting & Pick<Found<V>, 'version'>>> => {
    const found = await asked(() => store.read(id));
    if (E.isLeft(found)) return found;
    if (found.right === null) return E.left(MISSING);
    const { value, version, end, last } = found.right;
    const present = time();
    // It is swept away when one is added: by now, another may have its name.
    if (end <= present) return E.left(MISSING);
    const session = await read(id, value);
    if (session === null) return E.left(UNREADABLE);
    const later = endFrom(present, last);
    const extended = later === end ? E.right(undefined) : await asked(() => store.extend(id, later, present));
    return E.map(() => ({ session, version, expires: new Date(later) }))(extended);
  };

  return {
    create: async (chosen, make) => {
      const id = chosen ?? bytesToHex(random(ID_BYTES));
      const before = E.flatMap(vacant)(await asked(() => store.look(id, room())));
      if (E.isLeft(before)) return before;
      const made = await make(id);
      if (E.isLeft(made)) return made;
      const value = await write(made.right);
      const last = time() + sessionLife;
      const end = endFrom(time(), last);
      // Others may have come while it was made.
      const after = E.flatMap(vacant)(await asked(() => store.add(id, value, { end, last }, room())));
      return E.map((): Lasting => ({ session: made.right, expires: new Date(end) }))(after);
    },
    read: take,
    change: async (id, change) => {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const before = await take(id);
        if (E.isLeft(before)) return before;
        const { session, version, expires } = before.right;
        const after = await change(session);
        if (E.isLeft(after)) return after;
        const value = await write(after.right);
        const swapped = await asked(() => store.swap(id, version, value, time()));
        if (E.isLeft(swapped)) return swapped;
        if (swapped.right) return E.right({ session: after.right, expires });
      }
      return E.left({ kind: 'busy', detail: 'others change this session all the time: try again' });
    },
    remove: async (id) => {
      const found = await asked(() => store.read(id));
      if (E.isLeft(found)) return found;
      if (found.right === null || found.right.end <= time()) return E.left(MISSING);
      const removed = await asked(() => store.remove(id));
      return E.flatMap((was: boolean): E.Either<SessionFault, void> => was ? E.right(undefined) : E.left(MISSING))(
        removed,
      );
    },
  };
};

/** Sessions within these limits, by this clock, in the memory of this process. */
export const sessionsOf = (
  limits: SessionLimits,
  now: () => Date,
  random: (length: number) => Uint8Array,
): Sessions =>
  sessionsIn<Session>(
    {
      store: memoryStore(),
      write: (session) => Promise.resolve(session),
      read: (_id, session) => Promise.resolve(session),
    },
    limits,
    now,
    random,
  );

/** The same in a store that servers share. */
export const sharedSessionsOf = (
  { store, cipher }: KeptSessions,
  limits: SessionLimits,
  now: () => Date,
  random: (length: number) => Uint8Array,
): Sessions =>
  sessionsIn<string>(
    {
      store,
      write: (session) => cipher.seal(session.id, writeSession(session)),
      read: async (id, sealed) => {
        const json = await cipher.open(id, sealed);
        const session = json === null ? null : await readSession(json);
        return session?.id === id ? session : null;
      },
    },
    limits,
    now,
    random,
  );
