/**
 * A lock beside a file: of two programs that read, decide and write, one waits for the other.
 *
 * The lock is a symbolic link whose target names its holder: it appears in one step together with its content, never half-written. A holder
 * that is killed leaves it behind. Whoever finds the holder dead may remove the lock, but only while holding the lock on removing exactly
 * that lock (the same algorithm with another name). So no two can both remove it, and nobody removes the lock of a living successor.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import { readlinkSync, symlinkSync, unlinkSync } from 'node:fs';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from './error.ts';
import { reaching } from './reach.ts';

/** Milliseconds to wait for another holder before giving up: an apply takes far less, even of 100 MB. */
export const PATIENCE = 30_000;

/** Most milliseconds between two looks at a lock that is held. */
const LONGEST_PAUSE = 50;

/** The content of a link or file of /proc, or '' if there is no /proc or we may not read it. */
const fromProc = async (read: () => Promise<string>): Promise<string> => {
  try {
    return await read();
  } catch {
    // Not knowing is an ordinary case here, and Deno reports it with an error of its own.
    return '';
  }
};

/** When a process started, in ticks since boot, or '' if unknown: distinguishes it from an older process with the same number. */
const startOf = (pid: number): Promise<string> =>
  fromProc(async () => {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses and may hold anything; the 22nd is the start time.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  });

/** The PID namespace of this process, or '' if unknown: a container has its own. */
const numbering = (): Promise<string> => fromProc(async () => (await readlink('/proc/self/ns/pid')).replace(/\D/g, ''));

/** The text that names this process as a holder: `<uuid>:<pid>:<start>:<numbering>:<host>`. */
const signature = async (): Promise<string> =>
  [randomUUID(), process.pid, await startOf(process.pid), await numbering(), hostname()].join(':');

const SIGNATURE = /^[0-9a-f-]{36}:(\d+):(\d*):(\d*):(.*)$/;

const bothKnown = (a: string, b: string): boolean => a !== '' && b !== '';

/**
 * Whether the holder is certainly dead: its process is gone, or another process has its number. If that is unknown, as for a holder on
 * another machine or in another container, it counts as alive.
 */
const isDead = async (holder: string): Promise<boolean> => {
  const [, pid = '', start = '', space = '', host = ''] = SIGNATURE.exec(holder) ?? [];
  if (pid === '' || host !== hostname()) return false;
  const here = await numbering();
  if (bothKnown(space, here) && space !== here) return false;
  const now = await startOf(Number(pid));
  if (bothKnown(start, now)) return start !== now;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    // Any other error, such as a missing permission, proves nothing.
    return codeOf(error) === 'ESRCH';
  }
};

/** The holder of a lock, or null if nobody holds it. */
const holderOf = (lock: string): string | null => {
  try {
    return reaching(lock, (at) => readlinkSync(at));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
};

/** Takes a lock that nobody holds; null if somebody does. */
const take = async (lock: string): Promise<string | null> => {
  const mine = await signature();
  try {
    reaching(lock, (at) => symlinkSync(mine, at));
    return mine;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return null;
    throw error;
  }
};

/** Releases a lock, unless somebody removed it and perhaps took it since. */
const release = (lock: string, mine: string): void => {
  if (holderOf(lock) === mine) reaching(lock, (at) => unlinkSync(at));
};

/** The same for a process that is about to exit, as on Ctrl-C, and has no time to wait. */
const releaseAtExit = (lock: string, mine: string) => (): void => {
  try {
    release(lock, mine);
  } catch {
    // What stays behind is a dead holder's lock, which the next one removes.
  }
};

/** Removes what a dead holder left, unless somebody else was faster. */
const clear = (lock: string, dead: string, deadline: number): Promise<void> =>
  holding(`${lock}.${dead.slice(0, 8)}`, deadline, () => Promise.resolve(release(lock, dead)));

/** Whether the lock still belongs to its holder; it does not if a person removed it. */
export type IsHeld = () => Promise<boolean>;

/** Somebody else holds the lock, and keeps holding it. */
export class LockHeld extends Error {
  readonly code = 'ELOCKED';
  readonly lock: string;

  constructor(lock: string) {
    super(lock);
    this.lock = lock;
  }
}

const holding = async <A>(lock: string, deadline: number, work: (isHeld: IsHeld) => Promise<A>): Promise<A> => {
  let mine = await take(lock);
  for (let pause = 1; mine === null; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    const holder = holderOf(lock);
    if (holder !== null && (await isDead(holder))) {
      await clear(lock, holder, deadline);
    } else {
      if (performance.now() >= deadline) throw new LockHeld(lock);
      // Spread out, so that those who wait do not all look at the same moments.
      await sleep(pause * (0.5 + Math.random()));
    }
    mine = await take(lock);
  }
  const holder = mine;
  const atExit = releaseAtExit(lock, holder);
  process.once('exit', atExit);
  try {
    return await work(() => new Promise((resolve) => resolve(holderOf(lock) === holder)));
  } finally {
    process.removeListener('exit', atExit);
    release(lock, holder);
  }
};

/**
 * Does the work while holding the lock, and waits for it up to `patience` milliseconds. Throws {@link LockHeld} if somebody else keeps
 * holding it, and the file system's errors unchanged.
 */
export const withLock = <A>(
  lock: string,
  work: (isHeld: IsHeld) => Promise<A>,
  patience: number = PATIENCE,
): Promise<A> => holding(lock, performance.now() + patience, work);
