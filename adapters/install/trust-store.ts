/**
 * CAs in the system's trust store, as on Debian and Ubuntu: one file for each in a folder, and a program that gathers them.
 *
 * Each unit has files of its own, so it only removes what it put there. Source: update-ca-certificates(8): it takes files that end in
 * `.crt` and hold one certificate each.
 *
 * @module
 */
import { join } from 'node:path';
import { munge, type UnitName } from '../../core/model/names.ts';
import { type Disk, syncFolder } from '../file/disk.ts';
import { removeDraft } from '../file/replace.ts';
import type { Argv } from './entry.ts';
import { Obstacle } from './fault.ts';
import type { Layout, Placed } from './planned.ts';
import { prepareEach, replaceEach } from './singles.ts';

/** Where the trust store is, and the program that gathers it. */
export interface TrustStore {
  readonly folder: string;
  readonly update: Argv;
  /** Seconds after which that program is stopped. */
  readonly timeout: number;
}

/** The trust store of Debian and Ubuntu. */
export const DEBIAN_TRUST_STORE: TrustStore = {
  folder: '/usr/local/share/ca-certificates',
  update: ['update-ca-certificates'],
  timeout: 120,
};

/** The prefix of the names of a unit's files for an endpoint. */
export const ownPrefix = (unit: UnitName, endpoint: string): string => `juju-${munge(unit)}-${endpoint}`;

/** The path of the n-th CA, counted from 0. Endpoint names contain no dot, so none is mistaken for another. */
export const trustedPath = ({ folder }: TrustStore, prefix: string, index: number): string =>
  join(folder, `${prefix}${index === 0 ? '' : `.${index + 1}`}.crt`);

/** The layout of a unit's files, installed by the user `uid`; files that should not be there are removed. */
export const trusted = (disk: Disk, store: TrustStore, prefix: string, uid: number): Layout => {
  const isOwn = (name: string): boolean =>
    name.startsWith(prefix) && /^(?:\.[1-9]\d*)?\.crt$/.test(name.slice(prefix.length));
  const own = async (): Promise<ReadonlyArray<string>> =>
    (await disk.list(store.folder)).filter(isOwn).map((name) => join(store.folder, name));
  return {
    places: [],
    settle: async () => {
      for (const name of await disk.list(store.folder)) {
        const drafted = /^\.(.*)\.new$/.exec(name)?.[1];
        if (drafted !== undefined && isOwn(drafted)) await removeDraft(join(store.folder, drafted), disk);
      }
    },
    observe: async () => {
      const placed: Array<Placed> = [];
      for (const path of await own()) placed.push({ path, file: await disk.read(path) });
      return placed;
    },
    prepare: async (files) => {
      if ((await disk.look(store.folder)) === null) {
        const sentence = `there is no folder ${store.folder}; install the package ca-certificates`;
        throw new Obstacle(trustedPath(store, prefix, 0), sentence, 'not-found');
      }
      await prepareEach(disk, files, false, uid);
    },
    replace: async (files) => {
      await replaceEach(disk, files);
      const kept = new Set(files.map(({ path }) => path));
      const gone = (await own()).filter((path) => !kept.has(path));
      for (const path of gone) await disk.remove(path);
      if (gone.length > 0) await syncFolder(disk, store.folder);
    },
  };
};
