/**
 * Two ways to open nested folders: through handles if the system has `/proc/self/fd`, otherwise by name.
 *
 * @module
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

/** Opens a folder only to reach what is in it, which needs no permission to list it (open(2)). */
export const O_PATH = 0o10000000;
const ONLY_FOLDERS = O_PATH | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0);

/** How to open nested folders: through the system's own handles, or by name if it has none. */
export interface Way<Place> {
  readonly root: () => Place;
  /** Opens a folder, never through a link. */
  readonly enter: (place: Place, name: string) => Place;
  readonly stat: (place: Place) => Stats;
  readonly at: (place: Place, name: string) => string;
  readonly self: (place: Place) => string;
  readonly leave: (place: Place) => void;
}

/** Through the system's own handles: nobody can redirect it. */
export const byHandle: Way<number> = {
  root: () => openSync('/', ONLY_FOLDERS),
  enter: (handle, name) => openSync(`/proc/self/fd/${handle}/${name}`, ONLY_FOLDERS),
  stat: (handle) => fstatSync(handle),
  at: (handle, name) => `/proc/self/fd/${handle}/${name}`,
  self: (handle) => `/proc/self/fd/${handle}`,
  leave: closeSync,
};

/** As the system reports something that is not a folder. */
class NoFolder extends Error {
  readonly code = 'ENOTDIR';
}

/** By name: what is found can be replaced before it is used. */
export const byName: Way<string> = {
  root: () => '/',
  enter: (place, name) => {
    const path = join(place, name);
    if (!lstatSync(path).isDirectory()) throw new NoFolder(path);
    return path;
  },
  stat: (place) => lstatSync(place),
  at: join,
  self: (place) => place,
  leave: () => {},
};

let handles: boolean | null = null;

/** Whether folders can be reached through handles. */
export const hasHandles = (): boolean => {
  if (handles !== null) return handles;
  if (process.platform !== 'linux') return handles = false;
  try {
    const root = byHandle.root();
    try {
      // Something is always here to open, if opening works at all.
      byHandle.leave(byHandle.enter(root, '.'));
      return handles = true;
    } finally {
      byHandle.leave(root);
    }
  } catch {
    // No /proc, or no permission for it: by name, then.
    return handles = false;
  }
};
