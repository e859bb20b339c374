/**
 * The file system as a port: the few operations that replacing and installing consist of. Each can fail, or be the last that a killed
 * program performed.
 *
 * A failed operation rejects with a {@link DiskFault}, which tells people what failed and where. Tests insert a disk that fails or stops at
 * any operation.
 *
 * @module
 */
import {
  closeSync,
  constants,
  fchmodSync,
  fsync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  renameSync,
  rmdirSync,
  type Stats,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { HostError } from '../host.ts';
import { codeOf, fileError, PathRefused } from './error.ts';
import { type Opened, openFile } from './opened.ts';
import { type Own, reach, reaching, reachingLong } from './reach.ts';

/** What is at a path; links are not followed. */
export interface Look {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  /** Permission bits, including the set-id bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Its number of names (hard links). */
  readonly names: number;
  /** Whether only root and this process's user can have put it there: the folders above it are closed to others. */
  readonly isSheltered: boolean;
}

/** A file as it was when it was opened. */
export interface FileRead {
  readonly bytes: Uint8Array;
  /** Permission bits, including the set-id bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** A new file that is being written. */
export interface Draft {
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** Changes its owner if it is not theirs already. */
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

/**
 * The port. Paths are absolute or relative to the working folder. No operation follows a link at the end of a path, nor one above it that
 * somebody else may have made.
 */
export interface Disk {
  /** Null if nothing is there, or a folder above is missing. */
  readonly look: (path: string) => Promise<Look | null>;
  /** The target of a symbolic link, as written. */
  readonly target: (link: string) => Promise<string>;
  /**
   * A regular file with one name, judged after opening it; null if there is nothing or anything else, which is not opened. Links are not
   * followed.
   */
  readonly read: (path: string) => Promise<FileRead | null>;
  /** The names in a folder; empty if there is no folder. */
  readonly list: (folder: string) => Promise<ReadonlyArray<string>>;
  /** A file that must not exist yet, with mode 0600. */
  readonly create: (path: string) => Promise<Draft>;
  readonly makeFolder: (path: string) => Promise<void>;
  readonly chmodFolder: (path: string, mode: number) => Promise<void>;
  readonly link: (target: string, path: string) => Promise<void>;
  readonly rename: (from: string, to: string) => Promise<void>;
  /** Does nothing if nothing is there. */
  readonly remove: (path: string) => Promise<void>;
  readonly removeFolder: (path: string) => Promise<void>;
  readonly openFolder: (path: string) => Promise<Folder>;
  /**
   * The same disk for one folder of our own: every operation inside it fails if the folder, or one within it, does not belong to the user
   * or is writable for others, at the very moment of the operation.
   */
  readonly owned: (folder: string, uid: number) => Disk;
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

/** Codes that mean that nothing is there; the second one means that a part of the path is a file. */
const ABSENCE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR']);

/** The same, when a missing file is an ordinary result. */
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

/** Larger than any certificate, key or bundle; larger files are not read into memory. */
const MAX_BYTES = 2 ** 24;

/** The content of an opened file. If it grows in the meantime, reading ends where it ended before. */
const contentOf = ({ handle, stats }: Opened): FileRead => {
  try {
    if (stats.size > MAX_BYTES) throw new PathRefused('the file is larger than 16 MB; remove it');
    const bytes = new Uint8Array(stats.size);
    let length = 0;
    for (let more = -1; more !== 0 && length < bytes.length; length += more) {
      more = readSync(handle, bytes, length, bytes.length - length, null);
    }
    return { bytes: bytes.subarray(0, length), mode: stats.mode & PERMISSIONS, uid: stats.uid, gid: stats.gid };
  } finally {
    closeSync(handle);
  }
};

const lookOf = (stats: Stats, isSheltered: boolean): Look => {
  const { mode, uid, gid, nlink } = stats;
  return { kind: kindOf(stats), mode: mode & PERMISSIONS, uid, gid, names: nlink, isSheltered };
};

const draftWith = (path: string, file: FileHandle): Draft => ({
  write: (bytes) => attempt('write', path, () => file.writeFile(bytes)),
  chown: (uid, gid) =>
    attempt('change the owner of', path, async () => {
      const made = await file.stat();
      if (made.uid !== uid || made.gid !== gid) await file.chown(uid, gid);
    }),
  chmod: (mode) => attempt('change the mode of', path, () => file.chmod(mode)),
  sync: () => attempt('write', path, () => file.sync()),
  close: () => attempt('write', path, () => file.close()),
});

/** An open folder, as a handle for operations on the folder itself. */
const folderHandle = (path: string, own: Own | null): number => {
  const folder = reach(path, own);
  try {
    return openSync(folder.self, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0));
  } finally {
    folder.close();
  }
};

/**
 * The disk, with or without folders of our own. Each operation walks to its folder again and acts in the folder that it reached, so a
 * folder that was replaced in between is judged again. Everything except writing is synchronous, which takes less time than handing it to
 * another thread.
 */
const diskWith = (own: Own | null): Disk => ({
  look: (path) =>
    unlessAbsent<Look | null>(
      'look at',
      path,
      null,
      () => reaching(path, (at, { isClosed }) => lookOf(lstatSync(at), isClosed), own),
    ),
  target: (link) => attempt('read', link, () => reaching(link, (at) => readlinkSync(at), own)),
  read: (path) =>
    attempt('read', path, () => {
      const opened = openFile(path, own);
      return opened === null ? null : contentOf(opened);
    }),
  list: (folder) =>
    unlessAbsent<ReadonlyArray<string>>('list', folder, [], () => {
      const reached = reach(folder, own);
      try {
        return readdirSync(reached.self);
      } finally {
        reached.close();
      }
    }),
  create: (path) =>
    // With `x`, an existing file is never opened, nor is a link.
    attempt('make', path, () => reachingLong(path, async (at) => draftWith(path, await open(at, 'wx', 0o600)), own)),
  makeFolder: (path) => attempt('make', path, () => reaching(path, (at) => mkdirSync(at, 0o755), own)),
  chmodFolder: (path, mode) =>
    attempt('change the mode of', path, () => {
      const handle = folderHandle(path, own);
      try {
        fchmodSync(handle, mode);
      } finally {
        closeSync(handle);
      }
    }),
  link: (target, path) => attempt('make', path, () => reaching(path, (at) => symlinkSync(target, at), own)),
  rename: (from, to) =>
    attempt('write', to, () => reaching(from, (old) => reaching(to, (at) => renameSync(old, at), own), own)),
  remove: (path) => unlessAbsent('remove', path, undefined, () => reaching(path, (at) => unlinkSync(at), own)),
  removeFolder: (path) => unlessAbsent('remove', path, undefined, () => reaching(path, (at) => rmdirSync(at), own)),
  openFolder: (path) =>
    attempt('write to', path, () => {
      const handle = folderHandle(path, own);
      return {
        sync: () => attempt('write to', path, () => syncing(handle)),
        close: () => attempt('write to', path, () => closeSync(handle)),
      };
    }),
  owned: (folder, uid) => diskWith({ folder, uid }),
});

const syncing = (handle: number): Promise<void> =>
  new Promise((resolve, reject) => fsync(handle, (error) => (error === null ? resolve() : reject(error))));

/** The file system of this machine. */
export const nodeDisk: Disk = diskWith(null);

/** Waits until the names in a folder would survive a power cut. */
export const syncFolder = async (disk: Disk, path: string): Promise<void> => {
  const folder = await disk.openFolder(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};
