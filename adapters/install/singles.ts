/**
 * Independent files, such as a CA: regular files, each replaced in one step.
 *
 * @module
 */
import { dirname } from 'node:path';
import { type Disk, syncFolder } from '../file/disk.ts';
import { removeDraft, replaceFile } from '../file/replace.ts';
import { type Installation, pathsOf } from './entry.ts';
import { isSame, type Layout, type Placed, type Planned } from './planned.ts';
import { ensureFolderOf, refuseForeign } from './standing.ts';

/** Rejects if something is in the way of the files, before any of them is replaced; `uid` is who installs. */
export const prepareEach = async (
  disk: Disk,
  files: ReadonlyArray<Pick<Planned, 'path'>>,
  mayMakeFolders: boolean,
  uid: number,
): Promise<void> => {
  for (const { path } of files) {
    await refuseForeign(disk, path, uid);
    await ensureFolderOf(disk, path, mayMakeFolders);
  }
};

/** Replaces the files that differ. */
export const replaceEach = async (disk: Disk, files: ReadonlyArray<Planned>): Promise<void> => {
  for (const { path, file } of files) {
    const before = await disk.read(path);
    if (before === null || !isSame(before, file)) await replaceFile(disk, path, file);
  }
};

/** The layout of an installation without a pair. */
export const singles = (
  disk: Disk,
  files: Installation['files'],
  mayMakeFolders: boolean,
  uid: number,
): Layout => {
  const places = pathsOf(files);
  return {
    places,
    settle: async () => {
      for (const [, path] of places) await removeDraft(path, disk);
    },
    observe: async () => {
      const placed: Array<Placed> = [];
      for (const [, path] of places) placed.push({ path, file: await disk.read(path) });
      return placed;
    },
    prepare: (planned) => prepareEach(disk, planned, mayMakeFolders, uid),
    replace: (planned) => replaceEach(disk, planned),
  };
};

/** The same for files that are removed when they should no longer be there. */
export const removable = (disk: Disk, layout: Layout): Layout => ({
  ...layout,
  replace: async (planned) => {
    await layout.replace(planned);
    const kept = new Set(planned.map(({ path }) => path));
    for (const [, path] of layout.places) {
      if (kept.has(path) || (await disk.read(path)) === null) continue;
      await disk.remove(path);
      await syncFolder(disk, dirname(path));
    }
  },
});
