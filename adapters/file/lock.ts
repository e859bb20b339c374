/**
 * A lock beside a file, so that of two programs that read, decide and write, one waits for the other.
 *
 * The lock is a symbolic link whose target names its holder: it is made in one step together with its content, never half there.
 * A holder that was killed leaves it behind. Whoever finds that the holder is dead may remove it, but only while holding the
 * lock on removing that very lock (the same algorithm on another name); so no two can both remove it, and nobody removes
 * the lock of a living successor.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import { readFile, readlink, symlink, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from './error.ts';

/** Milliseconds to wait for another holder before giving up: an apply takes far less, even of 100 MB. */
export const PATIENCE = 30_000;

/** Milliseconds between two looks at a lock that is held, at most. */
const LONGEST_PAUSE = 50;

/** When a process began, in ticks since boot, or '' where there is no /proc: tells a reused process number from the old one. */
const startOf = async (pid: number): Promise<string | null> => {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses and may hold anything; the 22nd is the start time.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch (error) {
    if (codeOf(error) === 'ENOENT' && process.platform === 'linux') return null;
    return '';
  }
};

/** The text that names this process as a holder: `<uuid>:<pid>:<start>:<host>`. */
const signature = async (): Promise<string> =>
  `${randomUUID()}:${process.pid}:${(await startOf(process.pid)) ?? ''}:${hostname()}`;

const SIGNATURE = /^[0-9a-f-]{36}:(\d+):(\d*):(.*)$/;

/** Whether the holder is certainly dead: on this host, and its process is gone or is another one by now. */
const isDead = async (holder: string): Promise<boolean> => {
  const [, pid, start, host] = SIGNATURE.exec(holder) ?? [];
  if (pid === undefined || host !== hostname()) return false;
  const now = await startOf(Number(pid));
  if (now === null) return true;
  if (now !== '') return now !== start;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
};

/** The holder of a lock, or null where nobody holds it. */
const holderOf = async (lock: string): Promise<string | null> => {
  try {
    return await readlink(lock);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
};

const take = async (lock: string): Promise<boolean> => {
  try {
    await symlink(await signature(), lock);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
};

/** Removes what a dead holder left, unless somebody else did so first. */
const clear = (lock: string, dead: string, deadline: number): Promise<void> =>
  holding(`${lock}.${dead.slice(0, 8)}`, deadline, async () => {
    if ((await holderOf(lock)) === dead) await unlink(lock);
  });

/** Somebody else holds the lock, and goes on holding it. */
export class LockHeld extends Error {
  readonly code = 'ELOCKED';
  readonly lock: string;

  constructor(lock: string) {
    super(lock);
    this.lock = lock;
  }
}

const holding = async <A>(lock: string, deadline: number, work: () => Promise<A>): Promise<A> => {
  for (let pause = 1; !(await take(lock)); pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    const holder = await holderOf(lock);
    if (holder !== null && (await isDead(holder))) {
      await clear(lock, holder, deadline);
      continue;
    }
    if (Date.now() >= deadline) throw new LockHeld(lock);
    // Spread out, lest all who wait look at the same moments.
    await sleep(pause * (0.5 + Math.random()));
  }
  try {
    return await work();
  } finally {
    await unlink(lock);
  }
};

/**
 * Does the work while holding the lock, and waits for it up to `patience` milliseconds. Throws {@link LockHeld} when somebody
 * else holds on to it, and the file system's errors as they are.
 */
export const withLock = <A>(lock: string, work: () => Promise<A>, patience: number = PATIENCE): Promise<A> =>
  holding(lock, Date.now() + patience, work);
