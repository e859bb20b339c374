/**
 * The folder beside a certificate in which its files lie: two slots, one of them current (see pair.ts). What is its
 * own, and what it shows.
 *
 * Others may write to the folder that it is in, so whatever is done in it goes through a disk that fails where the
 * store, or a slot, is not ours. What links say is compared, and they are not followed: a slot is found by its name,
 * and a key by the name that it has to have.
 *
 * @module
 */
import { basename, dirname, isAbsolute, join, normalize } from 'node:path';
import { digestOf } from '../../core/digest.ts';
import type { Disk } from '../file/disk.ts';
import type { NewFile } from '../file/replace.ts';

/** What a slot has. */
export const PARTS = ['cert', 'fullChain', 'key'] as const;

/** One of them. */
export type PartName = typeof PARTS[number];

/** The slots of a store. */
export const SLOTS = ['a', 'b'] as const;

/** One of them. */
export type Slot = typeof SLOTS[number];

const SUFFIX = '.tls-certificates';

/** The folder that belongs to a pair: beside its certificate, called after its key. */
export const storeFolder = (folder: string, key: string): string => join(folder, `.${basename(key)}${SUFFIX}`);

/**
 * The name of the key of a slot, which lies elsewhere. The mark tells it from that of another certificate that had this
 * key's path before.
 */
export const keyName = (store: string, slot: Slot): string =>
  `${basename(store)}-${digestOf([store]).slice(0, 8)}-${slot}`;

/** A store. */
export interface Store {
  readonly folder: string;
  /** The disk for what is in it. */
  readonly disk: Disk;
  /** Null where there is none, or something else than a link of ours to a slot. */
  readonly current: () => Promise<Slot | null>;
  /** Where the key of a slot is; null where the slot has none, or leads to something that is no key of the slot. */
  readonly keyAt: (slot: Slot) => Promise<string | null>;
  /** What the current slot has; null where it has none. */
  readonly shows: (part: PartName) => Promise<NewFile | null>;
}

/** The store in a folder, which has to belong to the user `uid`. */
export const storeAt = (machineDisk: Disk, folder: string, uid: number): Store => {
  const disk = machineDisk.owned(folder, uid);
  const targetOf = async (path: string): Promise<string | null> =>
    (await disk.look(path))?.kind === 'link' ? await disk.target(path) : null;
  const current = async (): Promise<Slot | null> => {
    const target = await targetOf(join(folder, 'current'));
    return SLOTS.find((slot) => slot === target) ?? null;
  };
  const keyAt = async (slot: Slot): Promise<string | null> => {
    const target = await targetOf(join(folder, slot, 'key'));
    return target !== null && isPlain(target) && basename(target) === keyName(folder, slot) ? target : null;
  };
  return {
    folder,
    disk,
    current,
    keyAt,
    shows: async (part) => {
      const slot = await current();
      if (slot === null) return null;
      if (part !== 'key') return await disk.read(join(folder, slot, part));
      const key = await keyAt(slot);
      return key === null ? null : await machineDisk.read(key);
    },
  };
};

/** An absolute path that goes nowhere but down. */
const isPlain = (path: string): boolean => isAbsolute(path) && normalize(path) === path;

/** What a link of an installation leads to. */
export interface Leads {
  readonly store: string;
  readonly part: PartName;
  /** Whether the link is where nobody else can have put it; elsewhere it may be one of ours in another's place. */
  readonly isSheltered: boolean;
}

/** What a link says if it is one of an installation, of this one or of an earlier one; null where it is not. */
const leadsTo = (path: string, target: string): Omit<Leads, 'isSheltered'> | null => {
  const [, above = '', name = '', part] = /^(.*\/)?(\.[^/]+)\/current\/([a-zA-Z]+)$/.exec(target) ?? [];
  const known = PARTS.find((one) => one === part);
  if (known === undefined || !name.endsWith(SUFFIX)) return null;
  if (above === '') return { store: join(dirname(path), name), part: known };
  return isPlain(target) ? { store: join(above, name), part: known } : null;
};

/**
 * What the link at a path leads to, if it is exactly one of our own: made by this user, with one name, and saying what
 * our links say; null where something else is there.
 */
export const ownLinkAt = async (disk: Disk, path: string, uid: number): Promise<Leads | null> => {
  const look = await disk.look(path);
  if (look?.kind !== 'link' || look.uid !== uid || look.names > 1) return null;
  const leads = leadsTo(path, await disk.target(path));
  return leads === null ? null : { ...leads, isSheltered: look.isSheltered };
};
