/**
 * Reaches a folder so that nobody can redirect the way to it, for a program that runs as root where others may write.
 *
 * A path is walked from `/`, one folder at a time, each opened inside the previous one and never through a link. Whatever is then done to a
 * name in the last folder goes through the open folder (`/proc/self/fd/N/NAME`, which is what `openat(2)` does), so it stays in that folder
 * whatever is renamed or exchanged in the meantime.
 *
 * A symbolic link above the last name is followed only if nobody but root or this process's user can have put it there: the folder that
 * holds it, and every folder on the way, belongs to one of them, and nobody else may write to it. (A folder such as `/tmp`, in which others
 * may not rename what is not theirs, may be on the way, but no link in it is followed.) Any other link is an error.
 *
 * If the system has no `/proc`, or Deno may not use it, which takes `--allow-all`, the same rule is checked by name, and a fast attacker
 * can still redirect what follows (SECURITY.md).
 *
 * @module
 */
import { readlinkSync, type Stats } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { codeOf, PathRefused } from './error.ts';
import { byHandle, byName, hasHandles, type Way } from './way.ts';

/** A folder of our own: it and all folders in it must belong to a user, and nobody else may write to them. */
export interface Own {
  readonly folder: string;
  readonly uid: number;
}

/** A folder that was reached. */
export interface Reached {
  /** A path for a name in it that nobody can redirect; the caller must not follow the name itself. */
  readonly at: (name: string) => string;
  /** A path of the folder itself. */
  readonly self: string;
  /** Whether nobody but root and this user can have put its content there. */
  readonly isClosed: boolean;
  readonly close: () => void;
}

/** More links than this on one way are a loop. */
const MAX_LINKS = 40;

/** Write permission of the group and of others. */
const BY_OTHERS = 0o022;
const STICKY = 0o1000;

const isOurs = ({ uid }: Stats): boolean => uid === 0 || uid === process.getuid?.();

/** Whether nobody but root and this user can have put a folder's content there. */
const isClosed = (stats: Stats): boolean => isOurs(stats) && (stats.mode & BY_OTHERS) === 0;

/** A step of the way; `isOwn` if it leads into a folder of our own. */
interface Step {
  readonly name: string;
  readonly isOwn: boolean;
}

const stepsOf = (path: string, own: Own | null): ReadonlyArray<Step> => {
  const inside = own === null ? null : resolve(own.folder);
  let walked = '/';
  return path.split('/').filter((name) => name !== '' && name !== '.').map((name) => {
    walked = join(walked, name);
    return { name, isOwn: inside !== null && (walked === inside || walked.startsWith(`${inside}/`)) };
  });
};

const judgeOwn = (path: string, { uid, mode }: Stats, own: Own): void => {
  if (uid !== own.uid) {
    throw new PathRefused(`${path} belongs to user ${uid}, not to ${own.uid}; remove it`);
  }
  if ((mode & BY_OTHERS) !== 0) {
    throw new PathRefused(`others than its owner may write to ${path}; remove it`);
  }
};

const walk = <Place>(way: Way<Place>, path: string, own: Own | null): Reached => {
  let place = way.root();
  // Whether only root and this user can have led the way here.
  let isTrusted = isOurs(way.stat(place));
  let links = 0;
  const go = (next: Place): void => {
    way.leave(place);
    place = next;
  };
  try {
    const steps = [...stepsOf(path, own)].reverse();
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      const { name, isOwn } = step;
      const holder = way.stat(place);
      let next: Place;
      try {
        next = way.enter(place, name);
      } catch (error) {
        const target = targetOf(way.at(place, name));
        // Not a link either: it is missing, or not a folder.
        if (target === null) throw error;
        if (isOwn || !isTrusted || !isClosed(holder)) {
          const sentence = `${name}, above it, is a symbolic link that somebody else may have made; ` +
            'name the folder that it leads to, or remove it';
          throw new PathRefused(sentence);
        }
        if (++links > MAX_LINKS) throw Object.assign(new Error('a circle'), { code: 'ELOOP' });
        if (target.startsWith('/')) {
          go(way.root());
          isTrusted = isOurs(way.stat(place));
        }
        steps.push(...[...stepsOf(target, null)].reverse());
        continue;
      }
      go(next);
      const stats = way.stat(place);
      isTrusted &&= isOurs(stats) && (isClosed(holder) || (isOurs(holder) && (holder.mode & STICKY) !== 0));
      if (isOwn && own !== null) judgeOwn(name, stats, own);
    }
  } catch (error) {
    way.leave(place);
    throw error;
  }
  const reached = place;
  return {
    isClosed: isTrusted && isClosed(way.stat(reached)),
    at: (name) => way.at(reached, name),
    self: way.self(reached),
    close: () => way.leave(reached),
  };
};

/** The target of a symbolic link; null if there is none. */
const targetOf = (path: string): string | null => {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (['EINVAL', 'ENOENT', 'ENOTDIR'].includes(codeOf(error))) return null;
    throw error;
  }
};

/** Reaches a folder; throws the system's error or a {@link PathRefused}. The caller closes it. */
export const reach = (folder: string, own: Own | null = null): Reached => {
  const path = resolve(folder);
  // Windows has no owners and modes to check.
  if (process.platform === 'win32') {
    return { at: (name) => join(path, name), self: path, isClosed: true, close: () => {} };
  }
  return hasHandles() ? walk(byHandle, path, own) : walk(byName, path, own);
};

/** Does something synchronous to a name in a path's last folder: `at` is a path that nobody can redirect. */
export const reaching = <A>(path: string, work: (at: string, folder: Reached) => A, own: Own | null = null): A => {
  const absolute = resolve(path);
  const folder = reach(dirname(absolute), own);
  try {
    return work(folder.at(basename(absolute)), folder);
  } finally {
    folder.close();
  }
};

/** The same for asynchronous operations. */
export const reachingLong = async <A>(
  path: string,
  work: (at: string) => Promise<A>,
  own: Own | null = null,
): Promise<A> => {
  const absolute = resolve(path);
  const folder = reach(dirname(absolute), own);
  try {
    return await work(folder.at(basename(absolute)));
  } finally {
    folder.close();
  }
};
