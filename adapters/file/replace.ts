/**
 * Replaces a file's content in one step: whoever reads it, and whenever anything is killed, there is either the old content or the new.
 *
 * It may contain private keys: nobody else can read the new file until it has its final mode and owner.
 *
 * @module
 */
import { basename, dirname, join } from 'node:path';
import { type Disk, DiskFault, nodeDisk } from './disk.ts';

/** A file to write. */
export interface NewFile {
  readonly bytes: Uint8Array;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Where the new content is written first. One name, since there is only one writer at a time: leftovers are cleared. */
export const draftOf = (path: string): string => join(dirname(path), `.${basename(path)}.new`);

/**
 * Removes what a killed writer left behind, which has the content of the file. Nobody else writes the file in the meantime.
 */
export const removeDraft = (path: string, disk: Disk = nodeDisk): Promise<void> => disk.remove(draftOf(path));

/** Writes a new file completely and durably; only its name is not durable yet. */
export const writeNew = async (disk: Disk, path: string, { bytes, mode, uid, gid }: NewFile): Promise<void> => {
  const file = await disk.create(path);
  try {
    await file.write(bytes);
    await file.chown(uid, gid);
    // After chown, which removes the set-id bits.
    await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
};

/**
 * Puts a file at a path in place of what is there. Rejects with the file system's fault; the path is then unchanged.
 */
export const replaceFile = async (disk: Disk, path: string, file: NewFile): Promise<void> => {
  const draft = draftOf(path);
  // Opened first, so that a folder that cannot be synced is reported while the file is still unchanged.
  const folder = await disk.openFolder(dirname(path));
  try {
    await disk.remove(draft);
    await writeNew(disk, draft, file);
    await disk.rename(draft, path);
    // Makes the rename itself survive a power cut.
    await folder.sync();
  } catch (error) {
    // Reports the first fault; the next writer removes a draft that stays.
    await disk.remove(draft).catch(() => {});
    throw error;
  } finally {
    await folder.close();
  }
};

/** Permission bits without those that make a program run as somebody else: no document needs them. */
const HARMLESS = 0o777;

/**
 * Replaces the content of an existing file; its mode and owner stay. The caller holds the lock of the file, and has followed the links that
 * lead to it. Rejects with the file system's fault; the file is then unchanged.
 */
export const replaceContent = async (path: string, content: string): Promise<void> => {
  const look = await nodeDisk.look(path);
  if (look?.kind !== 'file') throw new DiskFault('write', path, { code: look === null ? 'ENOENT' : 'ELOOP' });
  const { mode, uid, gid } = look;
  await replaceFile(nodeDisk, path, { bytes: new TextEncoder().encode(content), mode: mode & HARMLESS, uid, gid });
};
