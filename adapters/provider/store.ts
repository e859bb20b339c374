/**
 * The port to where sessions are kept. A store knows nothing of sessions: it keeps a value by name until a moment, and puts another in its
 * place if nobody came first.
 *
 * Two servers may use one store at the same time, so `add` and `swap` are each one step that nobody interrupts.
 *
 * @module
 */

/** How long a session is kept, in milliseconds since 1970 by the servers' clock. */
export interface Life {
  /** When it expires if nobody uses it. */
  readonly end: number;
  /** When it expires in any case: `end` is never moved beyond it. */
  readonly last: number;
}

/** What is kept under a name. */
export interface Found<V> extends Life {
  /** As it was added or put in the place of another. */
  readonly value: V;
  /** Another one after each `swap`, and never the same again, even if the session is removed and another gets its name. */
  readonly version: string;
}

/** How much room there is. */
export interface Room {
  /** The present, in milliseconds since 1970. What ended before is not there any more. */
  readonly now: number;
  /** How many sessions there may be at once. */
  readonly most: number;
}

/** Whether a session can have a name: it is free, or taken, or the store is full. */
export type Vacancy = 'free' | 'taken' | 'full';

/** A store of sessions. Its promises reject if it cannot be reached; nothing has changed then, as far as it knows. */
export interface Store<V> {
  /** What is kept under a name; null if there is nothing. It may have ended already. */
  readonly read: (id: string) => Promise<Found<V> | null>;
  /** Whether there is room for a session of this name. */
  readonly look: (id: string, room: Room) => Promise<Vacancy>;
  /** Adds a session if the answer is `free`. */
  readonly add: (id: string, value: V, life: Life, room: Room) => Promise<Vacancy>;
  /** Puts a value in the place of the one with this version; false if that is not there any more. */
  readonly swap: (id: string, version: string, value: V, now: number) => Promise<boolean>;
  /** Moves the end of a session, and leaves its version as it is. */
  readonly extend: (id: string, end: number, now: number) => Promise<void>;
  /** Removes a session; false if there is none. */
  readonly remove: (id: string) => Promise<boolean>;
}

/** A store outside the server's process. It keeps encrypted text, and learns nothing from it but its length. */
export type SessionStore = Store<string>;

/** A store in the memory of this process. */
export const memoryStore = <V>(): Store<V> => {
  const held = new Map<string, Found<V>>();
  let changes = 0;
  const nextVersion = (): string => String(++changes);

  const vacancy = (id: string, { now, most }: Room): Vacancy => {
    for (const [name, { end }] of held) if (end <= now) held.delete(name);
    return held.has(id) ? 'taken' : held.size < most ? 'free' : 'full';
  };

  return {
    read: (id) => Promise.resolve(held.get(id) ?? null),
    look: (id, room) => Promise.resolve(vacancy(id, room)),
    add: (id, value, life, room) => {
      const found = vacancy(id, room);
      if (found === 'free') held.set(id, { ...life, value, version: nextVersion() });
      return Promise.resolve(found);
    },
    swap: (id, version, value) => {
      const present = held.get(id);
      const isSame = present?.version === version;
      if (isSame) held.set(id, { ...present, value, version: nextVersion() });
      return Promise.resolve(isSame);
    },
    extend: (id, end) => {
      const present = held.get(id);
      if (present !== undefined) held.set(id, { ...present, end });
      return Promise.resolve();
    },
    remove: (id) => Promise.resolve(held.delete(id)),
  };
};
