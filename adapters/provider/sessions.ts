/**
 * The sessions of a server, in memory: how many there may be, how long each lives, and how it changes.
 *
 * Nothing runs by itself: what has expired is swept away when somebody comes. Nobody waits for anybody either, which workerd would not
 * allow: a change is made from what is there and put in its place if that is there still, and made again if it is not.
 *
 * @module
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import * as E from 'fp-ts/lib/Either.js';
import type { Timestamp } from '../../core/model/snapshot.ts';
import type { Provider } from './provider.ts';

/** What happened in a session. It names units and findings, and quotes nothing. */
export interface SessionEntry {
  /** By the session's clock. */
  readonly at: Timestamp;
  /** What was called. */
  readonly did: 'created' | 'databag' | 'depart' | 'rotate' | 'advance' | 'faults';
  /** The unit that it was about. */
  readonly unit?: string;
  /** The codes of what the provider noticed. */
  readonly findings: ReadonlyArray<string>;
}

/** A session at a moment. */
export interface Session {
  readonly id: string;
  readonly provider: Provider;
  /** Milliseconds by which its clock is ahead of the server's. */
  readonly ahead: number;
  readonly log: ReadonlyArray<SessionEntry>;
}

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
  readonly kind: 'no-session' | 'session-exists' | 'too-many-sessions' | 'busy';
  readonly detail: string;
}

/** The result of a change; `F` is how the work itself can fail. */
export type SessionChange<F> = (session: Session) => Promise<E.Either<F, Session>>;

/** The sessions of a server. */
export interface Sessions {
  readonly create: <F>(
    id: string | null,
    make: (id: string) => Promise<E.Either<F, Session>>,
  ) => Promise<E.Either<F | SessionFault, Session>>;
  readonly read: (id: string) => E.Either<SessionFault, Session>;
  readonly change: <F>(id: string, change: SessionChange<F>) => Promise<E.Either<F | SessionFault, Session>>;
  readonly remove: (id: string) => E.Either<SessionFault, void>;
  /** When a session expires if nobody uses it; null if there is none. */
  readonly expiryOf: (id: string) => Date | null;
}

/** Most entries of a log; older ones are dropped. */
const MAX_LOG = 200;

/** A session with one more entry in its log. */
export const noted = (session: Session, entry: SessionEntry): Session => ({
  ...session,
  log: [...session.log, entry].slice(-MAX_LOG),
});

/** How often a change is made again because another one came first. */
const ATTEMPTS = 64;

/** Random bytes in a session's name that nobody chose. */
const ID_BYTES = 16;

interface Held {
  readonly session: Session;
  readonly born: number;
  readonly touched: number;
}

/** Sessions within these limits, by this clock. */
export const sessionsOf = (
  { sessions, sessionIdle, sessionLife }: SessionLimits,
  now: () => Date,
  random: (length: number) => Uint8Array,
): Sessions => {
  const held = new Map<string, Held>();
  const endOf = ({ born, touched }: Held): number => Math.min(born + sessionLife, touched + sessionIdle);

  const sweep = (): number => {
    const time = now().getTime();
    for (const [id, one] of held) if (endOf(one) <= time) held.delete(id);
    return time;
  };

  const missing = (): E.Either<SessionFault, never> =>
    E.left({ kind: 'no-session', detail: 'it has expired, was deleted, or never was: POST /provider begins one' });

  const room = (id: string | null): E.Either<SessionFault, void> => {
    if (id !== null && held.has(id)) {
      return E.left({ kind: 'session-exists', detail: 'delete it first, or choose another id' });
    }
    if (held.size < sessions) return E.right(undefined);
    const detail = `there are ${sessions} sessions: delete one, or wait until one expires`;
    return E.left({ kind: 'too-many-sessions', detail });
  };

  const take = (id: string): Held | null => {
    const time = sweep();
    const one = held.get(id);
    if (one === undefined) return null;
    const touched = { ...one, touched: time };
    held.set(id, touched);
    return touched;
  };

  return {
    create: async (chosen, make) => {
      sweep();
      const before = room(chosen);
      if (E.isLeft(before)) return before;
      const id = chosen ?? bytesToHex(random(ID_BYTES));
      const made = await make(id);
      if (E.isLeft(made)) return made;
      // Others may have come while it was made.
      const after = room(id);
      if (E.isLeft(after)) return after;
      const time = now().getTime();
      held.set(id, { session: made.right, born: time, touched: time });
      return made;
    },
    read: (id) => {
      const one = take(id);
      return one === null ? missing() : E.right(one.session);
    },
    change: async (id, change) => {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const before = take(id);
        if (before === null) return missing();
        const after = await change(before.session);
        if (E.isLeft(after)) return after;
        const present = held.get(id);
        if (present?.session !== before.session) continue;
        held.set(id, { ...present, session: after.right });
        return after;
      }
      return E.left({ kind: 'busy', detail: 'others change this session all the time: try again' });
    },
    remove: (id) => {
      sweep();
      return held.delete(id) ? E.right(undefined) : missing();
    },
    expiryOf: (id) => {
      const one = held.get(id);
      return one === undefined ? null : new Date(endOf(one));
    },
  };
};
