/**
 * Reads a file where somebody else may put things: what is judged is what was opened, not what a name led to.
 *
 * @module
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, type Stats } from 'node:fs';
import { codeOf } from './error.ts';
import { type Own, reaching } from './reach.ts';
import { hasHandles, O_PATH } from './way.ts';

/** A regular file that was opened, and what it is. */
export interface Opened {
  readonly handle: number;
  readonly stats: Stats;
}

const isOneFile = (stats: Stats): boolean => stats.isFile() && stats.nlink === 1;

/** Looks at it before really opening it: opening a device may have effects. */
const openLooked = (at: string): Opened | null => {
  const looked = openSync(at, O_PATH | constants.O_NOFOLLOW);
  try {
    if (!isOneFile(fstatSync(looked))) return null;
    const handle = openSync(`/proc/self/fd/${looked}`, constants.O_RDONLY | constants.O_NONBLOCK);
    return { handle, stats: fstatSync(handle) };
  } finally {
    closeSync(looked);
  }
};

const openNamed = (at: string): Opened | null => {
  if (!isOneFile(lstatSync(at))) return null;
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const handle = openSync(at, flags);
  const stats = fstatSync(handle);
  if (isOneFile(stats)) return { handle, stats };
  closeSync(handle);
  return null;
};

/**
 * Opens a regular file for reading; null if nothing is there, or something else: links are not followed, pipes and devices not opened. What
 * is judged is what was opened. A file with several names (hard links) is null too, since it may be anybody's. The caller closes the
 * handle.
 */
export const openFile = (path: string, own: Own | null = null): Opened | null => {
  try {
    return reaching(path, (at) => hasHandles() ? openLooked(at) : openNamed(at), own);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO'].includes(codeOf(error))) return null;
    throw error;
  }
};
