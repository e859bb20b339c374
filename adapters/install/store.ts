/**
 * The folder beside a certificate that holds its files: two slots, one of them current (see pair.ts). It knows what belongs to it, and what
 * it shows.
 *
 * Others may write to the folder above it, so everything in it is done through a disk that fails if the store, or a slot, is not ours. The
 * targets of links are compared, but links are not followed: a slot is found by its name, and a key by the name it must have.
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

/** The folder that belongs to a pair: beside its certificate, named after its key. */
export const storeFolder = (folder: string, key: string): string => join(folder, `.${basename(key)}${SUFFIX}`);

/**
 * The name of a slot's key, which is in another folder. The mark distinguishes it from the key of another certificate that used this path
 * before.
 */
export const keyName = (store: string, slot: Slot): string =>
  `${basename(store)}-${digestOf([store]).slice(0, 8)}-${slot}`;

/** A store. */
export interface Store {
  readonly folder: string;
  /** The disk for what is in it. */
  readonly disk: Disk;
  /** Null if there is none, or something other than a link of ours to a slot. */
  readonly current: () => Promise<Slot | null>;
  /** The path of a slot's key; null if the slot has none, or leads to something that is not a key of the slot. */
  readonly keyAt: (slot: Slot) => Promise<string | null>;
  /** What the current slot has; null if it does not have that. */
  readonly shows: (part: PartName) => Promise<NewFile | null>;
}

/** The store in a folder, which must belong to the user `uid`. */
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

/** An absolute path that only goes down. */
const isPlain = (path: string): boolean => isAbsolute(path) && normalize(path) === path;

/** The target of an installation's link. */
export interface Leads {
  readonly store: string;
  readonly part: PartName;
  /** Whether nobody else can have put the link there; elsewhere, it may be one of ours moved from another place. */
  readonly isSheltered: boolean;
}

/** The target of a link that belongs to an installation, this one or an earlier one; null if it does not. */
const leadsTo = (path: string, target: string): Omit<Leads, 'isSheltered'> | null => {
  const [, above = '', name = '', part] = /^(.*\/)?(\.[^/]+)\/current\/([a-zA-Z]+)$/.exec(target) ?? [];
  const known = PARTS.find((one) => one === part);
  if (known === undefined || !name.endsWith(SUFFIX)) return null;
  if (above === '') return { store: join(dirname(path), name), part: known };
  return isPlain(target) ? { store: join(above, name), part: known } : null;
};

/**
 * The target of the link at a path if it is exactly one of ours: made by this user, with one name, and with a target like ours; null for
 * anything else.
 */
export const ownLinkAt = async (disk: Disk, path: string, uid: number): Promise<Leads | null> => {
  const look = await disk.look(path);
  if (look?.kind !== 'link' || look.uid !== uid || look.names > 1) return null;
  const leads = leadsTo(path, await disk.target(path));
  return leads === null ? null : { ...leads, isSheltered: look.isSheltered };
};
