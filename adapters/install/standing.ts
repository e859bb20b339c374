/**
 * What may be replaced: nothing that somebody else would miss.
 *
 * @module
 */
import { dirname } from 'node:path';
import { type Disk, syncFolder } from '../file/disk.ts';
import { Obstacle } from './fault.ts';
import { ownLinkAt } from './store.ts';

/**
 * Rejects if something at the path must not be replaced. This is reported before anything is changed; whatever is put there in the meantime
 * is replaced anyway, and never followed.
 */
export const refuseForeign = async (disk: Disk, path: string, uid: number): Promise<void> => {
  const look = await disk.look(path);
  if (look === null) return;
  switch (look.kind) {
    case 'file':
      if (look.names > 1) {
        throw new Obstacle(
          path,
          `the file has ${look.names} names (hard links), and the others would keep the old content; remove them`,
        );
      }
      return;
    case 'link':
      if ((await ownLinkAt(disk, path, uid)) === null) {
        throw new Obstacle(
          path,
          'a symbolic link of somebody else is there; name the file that it points to, or remove it',
        );
      }
      return;
    case 'folder':
      throw new Obstacle(path, 'a folder is there; name a file in it');
    case 'other':
      throw new Obstacle(path, 'something is there that is no file: a device, pipe or socket');
  }
};

/** Rejects if something else is at the path of a folder of our own, which only the user `uid` may change. */
export const refuseForeignFolder = async (disk: Disk, path: string, uid: number): Promise<void> => {
  const look = await disk.look(path);
  if (look === null) return;
  if (look.kind !== 'folder') {
    const what = look.kind === 'link' ? 'a symbolic link' : 'something that is no folder';
    throw new Obstacle(path, `${what} is there, where the folder of the certificate and its key is to be; remove it`);
  }
  if (look.uid !== uid) {
    throw new Obstacle(path, `the folder belongs to user ${look.uid}, not to ${uid}, who installs; remove it`);
  }
};

/**
 * Makes sure that the folder of a file exists: creates it and those above it if wanted, and otherwise rejects if it is missing.
 */
export const ensureFolderOf = async (disk: Disk, path: string, mayMake: boolean): Promise<void> => {
  const folder = dirname(path);
  const look = await disk.look(folder);
  // Whether a link leads to a folder, and may be followed, shows when it is used.
  if (look?.kind === 'folder' || look?.kind === 'link') return;
  if (look !== null) throw new Obstacle(path, `${folder} is no folder`);
  if (!mayMake) {
    throw new Obstacle(path, `there is no folder ${folder}; make it, or set makeFolders: true`, 'not-found');
  }
  await ensureFolderOf(disk, folder, mayMake);
  await disk.makeFolder(folder);
  await syncFolder(disk, dirname(folder));
};
