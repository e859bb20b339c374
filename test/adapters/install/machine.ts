/**
 * Machines to install on: a real folder, with commands that are only noted, and a disk that can fail or end at any
 * operation.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Installation } from '../../../adapters/install/entry.ts';
import type { Circumstances } from '../../../adapters/install/install.ts';
import type { Machine } from '../../../adapters/install/machine.ts';
import { nodeAccounts } from '../../../adapters/install/accounts.ts';
import { emptyRecord, type InstallRecord } from '../../../adapters/install/record.ts';
import { type Disk, DiskFault, type Draft, type Folder, nodeDisk } from '../../../adapters/file/disk.ts';
import type { UnitName } from '../../../core/model/names.ts';
import { NOW } from './authority.ts';

/** An installation of a server certificate that a test changes in one thing. */
export const installation = (change: Partial<Installation>): Installation => ({
  name: 'install[0]',
  wanted: { certType: 'server', commonName: 'web.example', sans: ['web.example'] },
  files: {},
  trustStore: false,
  owner: null,
  group: null,
  keyMode: 0o600,
  makeFolders: false,
  run: ['reload'],
  timeout: 10,
  ...change,
});

/** The unit `web/0`, at the present of these tests. */
export const circumstances = (record: InstallRecord = emptyRecord): Circumstances => ({
  unit: 'web/0' as UnitName,
  endpoint: 'certificates',
  now: NOW,
  record,
});

/** What comes between a program and its disk. */
export interface Interference {
  /** Before an operation; what it throws happens instead of it. */
  readonly before?: (operation: string) => void;
  /** Amid writing: whether the program ends there. */
  readonly amid?: (operation: string) => boolean;
}

/** A disk whose operations can be interfered with. Nothing waits for real durability, which a test cannot see. */
export const interfered = (disk: Disk, { before, amid }: Interference): Disk => {
  const around = async <A>(operation: string, work: () => Promise<A>): Promise<A> => {
    before?.(operation);
    return await work();
  };
  const draft = (path: string, file: Draft): Draft => ({
    write: (bytes) =>
      around(`write ${path}`, async () => {
        if (amid?.(`write ${path}`)) {
          await file.write(bytes.slice(0, bytes.length / 2));
          throw new Killed();
        }
        await file.write(bytes);
      }),
    chown: (uid, gid) => around(`chown ${path}`, () => file.chown(uid, gid)),
    chmod: (mode) => around(`chmod ${path}`, () => file.chmod(mode)),
    sync: () => around(`sync ${path}`, () => Promise.resolve()),
    // A system closes the files of a killed program.
    close: () => file.close(),
  });
  const folder = (path: string, opened: Folder): Folder => ({
    sync: () => around(`sync ${path}`, () => Promise.resolve()),
    close: () => opened.close(),
  });
  return {
    look: (path) => around(`look ${path}`, () => disk.look(path)),
    target: (path) => around(`target ${path}`, () => disk.target(path)),
    read: (path) => around(`read ${path}`, () => disk.read(path)),
    list: (path) => around(`list ${path}`, () => disk.list(path)),
    create: (path) => around(`create ${path}`, async () => draft(path, await disk.create(path))),
    makeFolder: (path) => around(`makeFolder ${path}`, () => disk.makeFolder(path)),
    chmodFolder: (path, mode) => around(`chmodFolder ${path}`, () => disk.chmodFolder(path, mode)),
    link: (target, path) => around(`link ${path}`, () => disk.link(target, path)),
    rename: (from, to) => around(`rename ${to}`, () => disk.rename(from, to)),
    remove: (path) => around(`remove ${path}`, () => disk.remove(path)),
    removeFolder: (path) => around(`removeFolder ${path}`, () => disk.removeFolder(path)),
    openFolder: (path) => around(`openFolder ${path}`, async () => folder(path, await disk.openFolder(path))),
    owned: (path, uid) => interfered(disk.owned(path, uid), { ...(before && { before }), ...(amid && { amid }) }),
  };
};

/** The hook was killed: nothing more is done. */
export class Killed extends Error {}

/** Operations that leave everything as it is: being killed there is being killed before the next that does not. */
const isReading = (operation: string): boolean => /^(?:look|target|read|list|openFolder) /.test(operation);

/**
 * Where a hook is killed: before the n-th operation that changes something, which is after the one before it; or amid
 * it, if it writes.
 */
export interface Kill {
  readonly at: number;
  readonly when: 'before' | 'amid';
}

/** What happened so far. */
export interface Course {
  /** The operations that change something, in order. */
  readonly operations: ReadonlyArray<string>;
}

/** Interference that kills. */
export const killing = (kill: Kill | null): Interference & Course => {
  const operations: Array<string> = [];
  let isDead = false;
  return {
    operations,
    before: (operation) => {
      isDead ||= kill?.when === 'before' && kill.at === operations.length && !isReading(operation);
      if (isDead) throw new Killed();
      if (!isReading(operation)) operations.push(operation);
    },
    amid: () => {
      isDead ||= kill?.when === 'amid' && kill.at === operations.length - 1;
      return isDead;
    },
  };
};

/** Interference that makes the n-th operation that changes something fail, and no other. */
export const failing = (at: number, code: string): Interference & Course => {
  const operations: Array<string> = [];
  return {
    operations,
    before: (operation) => {
      if (isReading(operation)) return;
      operations.push(operation);
      if (operations.length - 1 === at) {
        throw new DiskFault('change', operation.slice(operation.indexOf(' ') + 1), { code });
      }
    },
  };
};

/** A machine on a disk, in a folder; commands are told to `run`. */
export const machineOn = (
  folder: string,
  disk: Disk = nodeDisk,
  run: (argv: ReadonlyArray<string>) => string | null = () => null,
): Machine => ({
  disk,
  accounts: nodeAccounts,
  commands: (argv) => {
    const failure = run(argv);
    return Promise.resolve(failure === null ? E.right(undefined) : E.left(failure));
  },
  trustStore: { folder: join(folder, 'trust'), update: ['update-ca-certificates'], timeout: 10 },
});

/** The paths of all that is in a folder. Links are not followed, which runtimes do differently. */
const namesIn = (folder: string, below = ''): ReadonlyArray<string> =>
  readdirSync(join(folder, below)).sort().flatMap((name) => {
    const path = join(below, name);
    return lstatSync(join(folder, path)).isDirectory() ? [path, ...namesIn(folder, path)] : [path];
  });

/** Folders of tests have names of their own, and so the marks made of them. */
export const unmarked = (folder: string, text: string): string =>
  text.replaceAll(folder, '…').replace(/tls-certificates-[0-9a-f]{8}-/, 'tls-certificates-…-');

/** All that is in a folder, by path: what it is, its mode, and what is in it or where it leads. */
export const treeOf = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    namesIn(folder).map((name) => {
      const path = join(folder, name);
      const stats = lstatSync(path);
      const mode = (stats.mode & 0o7777).toString(8);
      const shown = unmarked(folder, name);
      if (stats.isSymbolicLink()) return [shown, `link to ${unmarked(folder, readlinkSync(path))}`];
      if (stats.isDirectory()) return [shown, `folder ${mode}`];
      // A pipe cannot be read: whoever opens it waits for a writer.
      return [shown, stats.isFile() ? `file ${mode} ${readFileSync(path, 'utf8')}` : `other ${mode}`];
    }),
  );

/** What a path shows to whoever opens it; null where there is nothing. */
export const shownAt = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};
