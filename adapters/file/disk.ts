/**
 * The file system as a port: the few operations of which replacing and installing are made, each of which can fail or
 * be the last that a killed program did.
 *
 * A failed operation rejects with a {@link DiskFault}, which says for people what failed and where. Tests put a disk in
 * between that fails or ends at any operation.
 *
 * @module
 */
import { lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs';
import { chmod, mkdir, open, readFile, rename, rmdir, symlink, unlink } from 'node:fs/promises';
import type { HostError } from '../host.ts';
import { codeOf, fileError } from './error.ts';

/** What stands at a path; a link is not followed. */
export interface Look {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  /** Permission bits, set-id bits included. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** How many names (hard links) it has. */
  readonly names: number;
}

/** A new file that is being written. */
export interface Draft {
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** Gives it away, where it is not theirs already. */
  readonly chown: (uid: number, gid: number) => Promise<void>;
  readonly chmod: (mode: number) => Promise<void>;
  /** Waits until it would survive a power cut. */
  readonly sync: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** An open folder. */
export interface Folder {
  /** Waits until its names would survive a power cut. */
  readonly sync: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The port. Paths are absolute or relative to the working folder. */
export interface Disk {
  /** Null where there is nothing, or where a folder above is missing. */
  readonly look: (path: string) => Promise<Look | null>;
  /** What a symbolic link says, as it stands there. */
  readonly target: (link: string) => Promise<string>;
  readonly read: (path: string) => Promise<Uint8Array>;
  /** The names in a folder; none where there is no folder. */
  readonly list: (folder: string) => Promise<ReadonlyArray<string>>;
  /** A file that must not be there yet, with mode 0600. */
  readonly create: (path: string) => Promise<Draft>;
  readonly makeFolder: (path: string) => Promise<void>;
  readonly chmodFolder: (path: string, mode: number) => Promise<void>;
  readonly link: (target: string, path: string) => Promise<void>;
  readonly rename: (from: string, to: string) => Promise<void>;
  /** Does nothing where there is nothing. */
  readonly remove: (path: string) => Promise<void>;
  readonly removeFolder: (path: string) => Promise<void>;
  readonly openFolder: (path: string) => Promise<Folder>;
}

/** An operation that failed. */
export class DiskFault extends Error {
  readonly problem: HostError;
  /** The file system's own, e.g. `ENOSPC`. */
  readonly code: string;

  constructor(action: string, path: string, cause: unknown) {
    const problem = fileError(action, path)(cause);
    super(problem.message);
    this.problem = problem;
    this.code = codeOf(cause);
  }
}

const attempt = async <A>(action: string, path: string, work: () => A | Promise<A>): Promise<A> => {
  try {
    return await work();
  } catch (error) {
    throw new DiskFault(action, path, error);
  }
};

/** Codes that mean that nothing is there; the second one, that a part of the path is a file. */
const ABSENCE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR']);

/** The same, where nothing being there is an ordinary answer. */
const unlessAbsent = async <A>(
  action: string,
  path: string,
  absent: A,
  work: () => A | Promise<A>,
): Promise<A> => {
  try {
    return await work();
  } catch (error) {
    if (ABSENCE.has(codeOf(error))) return absent;
    throw new DiskFault(action, path, error);
  }
};

const kindOf = (stats: Stats): Look['kind'] =>
  stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : 'other';

const PERMISSIONS = 0o7777;

/** The file system of this machine. Looking is done in place: it takes less time than handing it to another thread. */
export const nodeDisk: Disk = {
  look: (path) =>
    unlessAbsent<Look | null>('look at', path, null, () => {
      const stats = lstatSync(path);
      const { mode, uid, gid, nlink } = stats;
      return { kind: kindOf(stats), mode: mode & PERMISSIONS, uid, gid, names: nlink };
    }),
  target: (link) => attempt('read', link, () => readlinkSync(link)),
  read: (path) => attempt('read', path, () => readFile(path)),
  list: (folder) => unlessAbsent<ReadonlyArray<string>>('list', folder, [], () => readdirSync(folder)),
  create: (path) =>
    attempt('make', path, async () => {
      const file = await open(path, 'wx', 0o600);
      return {
        write: (bytes) => attempt('write', path, () => file.writeFile(bytes)),
        chown: (uid, gid) =>
          attempt('change the owner of', path, async () => {
            const made = await file.stat();
            if (made.uid !== uid || made.gid !== gid) await file.chown(uid, gid);
          }),
        chmod: (mode) => attempt('change the mode of', path, () => file.chmod(mode)),
        sync: () => attempt('write', path, () => file.sync()),
        close: () => attempt('write', path, () => file.close()),
      };
    }),
  makeFolder: (path) => attempt('make', path, async () => void (await mkdir(path, 0o755))),
  chmodFolder: (path, mode) => attempt('change the mode of', path, () => chmod(path, mode)),
  link: (target, path) => attempt('make', path, () => symlink(target, path)),
  rename: (from, to) => attempt('write', to, () => rename(from, to)),
  remove: (path) => unlessAbsent('remove', path, undefined, () => unlink(path)),
  removeFolder: (path) => unlessAbsent('remove', path, undefined, () => rmdir(path)),
  openFolder: (path) =>
    attempt('write to', path, async () => {
      const folder = await open(path, 'r');
      return {
        sync: () => attempt('write to', path, () => folder.sync()),
        close: () => attempt('write to', path, () => folder.close()),
      };
    }),
};

/** Waits until the names in a folder would survive a power cut. */
export const syncFolder = async (disk: Disk, path: string): Promise<void> => {
  const folder = await disk.openFolder(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};
