/**
 * Files that each stand for themselves, such as a CA: regular files, each replaced in one step.
 *
 * @module
 */
import type { Disk } from '../file/disk.ts';
import { removeDraft, replaceFile } from '../file/replace.ts';
import { fileAt, isSame, type Layout, type Placed } from './planned.ts';
import { ensureFolderOf, refuseForeign } from './standing.ts';

/** The layout of files at these paths. */
export const singles = (disk: Disk, paths: ReadonlyArray<string>, mayMakeFolders: boolean): Layout => ({
  settle: async () => {
    for (const path of paths) await removeDraft(path, disk);
  },
  observe: async () => {
    const files: Array<Placed> = [];
    for (const path of paths) files.push({ path, file: await fileAt(disk, path) });
    return files;
  },
  replace: async (files) => {
    for (const { path } of files) {
      await refuseForeign(disk, path);
      await ensureFolderOf(disk, path, mayMakeFolders);
    }
    for (const { path, file } of files) {
      const before = await fileAt(disk, path);
      if (before === null || !isSame(before, file)) await replaceFile(disk, path, file);
    }
  },
});
