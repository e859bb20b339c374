/**
 * A note on disk that files were changed, or are about to be, and that the command that follows has not succeeded yet.
 *
 * It is written before the first change and removed after the command. If a hook is killed in between, or its memory is lost, the next hook
 * runs the command. It is an empty file beside what was installed, owned by whoever installs; anything that somebody else puts there does
 * not count.
 *
 * @module
 */
import { basename, dirname, join } from 'node:path';
import { type Disk, syncFolder } from '../file/disk.ts';
import { ensureFolderOf } from './standing.ts';

/** A note. */
export interface Due {
  readonly isSet: () => Promise<boolean>;
  readonly set: () => Promise<void>;
  readonly clear: () => Promise<void>;
}

/** The note that belongs to what the user `uid` installs at a path. */
export const dueAt = (
  disk: Disk,
  path: string,
  what: 'run' | 'update',
  mayMakeFolders: boolean,
  uid: number,
): Due => {
  const note = join(dirname(path), `.${basename(path)}.${what}-due`);
  const isSet = async (): Promise<boolean> => {
    const look = await disk.look(note);
    return look?.kind === 'file' && look.uid === uid;
  };
  return {
    isSet,
    set: async () => {
      if (await isSet()) return;
      await ensureFolderOf(disk, path, mayMakeFolders);
      if ((await disk.look(note)) !== null) await disk.remove(note);
      await (await disk.create(note)).close();
      await syncFolder(disk, dirname(note));
    },
    clear: async () => {
      await disk.remove(note);
      await syncFolder(disk, dirname(note));
    },
  };
};
