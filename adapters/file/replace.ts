/**
 * Replacing a file's content in one step: whoever reads it, and whatever is killed when, there is the old content or
 * the new.
 *
 * Private keys may be in it: the new file is nobody else's to read until it has the mode and owner that it is to have.
 *
 * @module
 */
import { basename, dirname, join } from 'node:path';
import { type Disk, DiskFault, nodeDisk } from './disk.ts';

/** A file as it is to be. */
export interface NewFile {
  readonly bytes: Uint8Array;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Where the new content is written first. One name, since only one writes at a time: leftovers are cleared. */
export const draftOf = (path: string): string => join(dirname(path), `.${basename(path)}.new`);

/**
 * Removes what a killed writer left behind: it holds what the file was to hold. Nobody else writes the file meanwhile.
 */
export const removeDraft = (path: string, disk: Disk = nodeDisk): Promise<void> => disk.remove(draftOf(path));

/** Writes a file that is not there yet, wholly and durably; only its name is not yet durable. */
export const writeNew = async (disk: Disk, path: string, { bytes, mode, uid, gid }: NewFile): Promise<void> => {
  const file = await disk.create(path);
  try {
    await file.write(bytes);
    await file.chown(uid, gid);
    // After chown, which takes the set-id bits away.
    await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
};

/**
 * Puts a file at a path, in place of what is there. Rejects with the file system's fault; the path is then as it was.
 */
export const replaceFile = async (disk: Disk, path: string, file: NewFile): Promise<void> => {
  const draft = draftOf(path);
  // Opened first, so that a folder that cannot be synced is told of while the file is as it was.
  const folder = await disk.openFolder(dirname(path));
  try {
    await disk.remove(draft);
    await writeNew(disk, draft, file);
    await disk.rename(draft, path);
    // Makes the rename itself survive a power cut.
    await folder.sync();
  } catch (error) {
    // What went wrong first is told; a draft that stays is removed by the next writer.
    await disk.remove(draft).catch(() => {});
    throw error;
  } finally {
    await folder.close();
  }
};

/** Permission bits without those that make a program run as somebody else: no document needs them. */
const HARMLESS = 0o777;

/**
 * Replaces the content of a file that exists; its mode and owner stay. The caller holds the lock that belongs to the
 * file, and has followed the links that lead to it. Rejects with the file system's fault; the file is then as it was.
 */
export const replaceContent = async (path: string, content: string): Promise<void> => {
  const look = await nodeDisk.look(path);
  if (look?.kind !== 'file') throw new DiskFault('write', path, { code: look === null ? 'ENOENT' : 'ELOOP' });
  const { mode, uid, gid } = look;
  await replaceFile(nodeDisk, path, { bytes: new TextEncoder().encode(content), mode: mode & HARMLESS, uid, gid });
};
