/**
 * Replacing a file's content in one step: whoever reads it, and whatever is killed when, there is the old content or the new.
 *
 * Private keys may be in it: the new file is nobody else's to read until it has the old one's mode.
 *
 * @module
 */
import { open, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf } from './error.ts';

const ignoringAbsence = async (work: Promise<void>): Promise<void> => {
  try {
    await work;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
};

/** Where the new content is written first. One name, since only the holder of the file's lock writes: leftovers are cleared. */
const draftOf = (path: string): string => join(dirname(path), `.${basename(path)}.new`);

/** Removes what a killed writer left behind: it holds what the file was to hold. The caller holds the lock. */
export const removeDraft = (path: string): Promise<void> => ignoringAbsence(unlink(draftOf(path)));

/**
 * Replaces the content of a file that exists; its mode and owner stay. The caller holds the lock that belongs to the file.
 * Throws the file system's errors; the file is then as it was.
 */
export const replaceContent = async (path: string, content: string): Promise<void> => {
  const draft = draftOf(path);
  const { mode, uid, gid } = await stat(path);
  // Opened first, so that a folder that cannot be synced is told of while the file is as it was.
  const folder = await open(dirname(path), 'r');
  try {
    await removeDraft(path);
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(content, 'utf8');
      const made = await file.stat();
      if (made.uid !== uid || made.gid !== gid) await file.chown(uid, gid);
      // After chown, which takes the set-id bits away.
      await file.chmod(mode & 0o7777);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
    // Makes the rename itself survive a power cut.
    await folder.sync();
  } catch (error) {
    await removeDraft(path);
    throw error;
  } finally {
    await folder.close();
  }
};
