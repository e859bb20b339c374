/**
 * A certificate and its key: several files, replaced in one step.
 *
 * No system replaces two files at once, but all of them replace one symbolic link. So what the configuration names are
 * links into a folder beside the certificate, which has two slots, one of them current. The key itself stays in the
 * key's own folder, which may be closed to those who read the certificate:
 *
 * ```text
 * /etc/ssl/certs/web.pem                             → .web.key.tls-certificates/current/fullChain
 * /etc/ssl/private/web.key                           → /etc/ssl/certs/.web.key.tls-certificates/current/key
 * /etc/ssl/certs/.web.key.tls-certificates/current   → a
 * /etc/ssl/certs/.web.key.tls-certificates/a/          cert, fullChain
 * /etc/ssl/certs/.web.key.tls-certificates/a/key     → /etc/ssl/private/.web.key.tls-certificates-5f0c71d2-a
 * ```
 *
 * A new pair is written to slot `b`, and then `current` is replaced by a link to `b`: at every moment, also when the
 * hook is killed or the power fails, every path shows the old pair or every path shows the new one. (Who opens one file
 * before that moment and the other after it can still have one of each; the command that runs after the change makes
 * him open both again.) Then slot `a` is emptied, and the old key is gone.
 *
 * A slot always has all there is of the certificate, so that a link from a configuration that named more files shows
 * what fits.
 *
 * Files that stood at the paths before are taken over first: they are copied to where the links will lead, and each is
 * replaced by its link, which shows what the file showed.
 *
 * @module
 */
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { digestOf } from '../../core/digest.ts';
import { type Disk, syncFolder } from '../file/disk.ts';
import { draftOf, type NewFile, removeDraft, writeNew } from '../file/replace.ts';
import type { Content, Installation } from './entry.ts';
import { fileAt, isSame, type Layout, type Placed } from './planned.ts';
import { prepareEach } from './singles.ts';
import { refuseForeignFolder } from './standing.ts';

/** The paths of a pair. */
export interface PairPaths {
  readonly key: string;
  /** One of them at least. */
  readonly cert?: string;
  readonly fullChain?: string;
}

/**
 * The pair among the files of an installation: a key and its certificate, of which neither must be replaced without the
 * other.
 */
export const pairOf = ({ key, cert, fullChain }: Installation['files']): PairPaths | null =>
  key === undefined || (cert === undefined && fullChain === undefined) ? null : {
    key,
    ...(cert === undefined ? {} : { cert }),
    ...(fullChain === undefined ? {} : { fullChain }),
  };

/** What a slot has. */
const PARTS = ['cert', 'fullChain', 'key'] as const;

const SLOTS = ['a', 'b'] as const;

type Slot = typeof SLOTS[number];

/** Whoever may come to the links may come to what they lead to; the files have modes of their own. */
const FOLDER_MODE = 0o755;

/** One of the files. */
interface Part {
  readonly content: Content;
  /** Where it is named to be; in the folder itself where it is not named. */
  readonly path: string;
  readonly isNamed: boolean;
}

/** What a path shows at present. */
interface Shown extends Part {
  readonly isLinked: boolean;
  readonly file: NewFile | null;
}

/** A content of a slot, with its file. */
type Filled = readonly [Content, NewFile];

/** The layout of a pair; `uid` is the user that this runs as, to whom its folders belong. */
export const pair = (disk: Disk, paths: PairPaths, mayMakeFolders: boolean, uid: number): Layout => {
  const store = join(
    dirname(paths.fullChain ?? paths.cert ?? paths.key),
    `.${basename(paths.key)}.tls-certificates`,
  );
  const [current, next] = [join(store, 'current'), join(store, 'next')];
  const parts = PARTS.map((content): Part => ({
    content,
    path: paths[content] ?? join(current, content),
    isNamed: paths[content] !== undefined,
  }));
  const named = parts.filter(({ isNamed }) => isNamed);

  /** Where the key of a slot is. The mark tells it from that of another certificate that had this key's path before. */
  const mark = digestOf([store]).slice(0, 8);
  const keyOf = (slot: Slot): string =>
    join(dirname(paths.key), `.${basename(paths.key)}.tls-certificates-${mark}-${slot}`);

  const targetOf = ({ content, path }: Part): string =>
    dirname(path) === dirname(store) ? join(basename(store), 'current', content) : join(current, content);

  const isLinked = async (part: Part): Promise<boolean> =>
    !part.isNamed ||
    ((await disk.look(part.path))?.kind === 'link' && (await disk.target(part.path)) === targetOf(part));

  const currentSlot = async (): Promise<Slot | null> => {
    if ((await disk.look(current))?.kind !== 'link') return null;
    const target = await disk.target(current);
    return SLOTS.find((slot) => slot === target) ?? null;
  };

  /** The file that a path shows, through links of ours: at most that of the path and that of the key in its slot. */
  const fileBehind = async (path: string, links = 2): Promise<NewFile | null> => {
    if (links === 0 || (await disk.look(path))?.kind !== 'link') return await fileAt(disk, path);
    return await fileBehind(resolve(dirname(path), await disk.target(path)), links - 1);
  };

  const clear = async (slot: Slot): Promise<void> => {
    const [folder, key] = [join(store, slot), join(store, slot, 'key')];
    await refuseForeignFolder(disk, store, uid);
    await refuseForeignFolder(disk, folder, uid);
    // The key first: while the slot is there, something leads to it. It may be one of an earlier configuration, which
    // had the key in another folder; but the name is ours, and nothing of another name is removed.
    if ((await disk.look(key))?.kind === 'link') {
      const target = await disk.target(key);
      if (isAbsolute(target) && basename(target) === basename(keyOf(slot))) await disk.remove(target);
    }
    await disk.remove(keyOf(slot));
    for (const name of await disk.list(folder)) await disk.remove(join(folder, name));
    await disk.removeFolder(folder);
  };

  const makeFolder = async (path: string): Promise<void> => {
    await refuseForeignFolder(disk, path, uid);
    if ((await disk.look(path)) === null) await disk.makeFolder(path);
    // What is made is narrowed by the umask.
    if ((await disk.look(path))?.mode !== FOLDER_MODE) await disk.chmodFolder(path, FOLDER_MODE);
  };

  const fill = async (slot: Slot, contents: ReadonlyArray<Filled>): Promise<void> => {
    const folder = join(store, slot);
    await makeFolder(folder);
    for (const [content, file] of contents) {
      if (content === 'key') await disk.link(keyOf(slot), join(folder, content));
      await writeNew(disk, content === 'key' ? keyOf(slot) : join(folder, content), file);
    }
    await syncFolder(disk, folder);
    await syncFolder(disk, dirname(paths.key));
  };

  /** Fills the slot that is not current, and makes it so: the one step. */
  const swapTo = async (contents: ReadonlyArray<Filled>): Promise<void> => {
    const before = await currentSlot();
    const slot = before === 'a' ? 'b' : 'a';
    try {
      await clear(slot);
      await fill(slot, contents);
      await disk.remove(next);
      await disk.link(slot, next);
      await syncFolder(disk, store);
      await disk.rename(next, current);
      await syncFolder(disk, store);
    } catch (error) {
      // A key must not stay where nothing leads to it. What cannot be removed now, the next hook removes; the first
      // fault is told.
      if ((await currentSlot().catch(() => slot)) !== slot) await clear(slot).catch(() => {});
      throw error;
    }
    if (before !== null) await clear(before);
  };

  /** Makes links of all paths, without any of them showing something else than before. */
  const takeOver = async (): Promise<void> => {
    const shown: Array<Shown> = [];
    for (const part of parts) {
      shown.push({ ...part, isLinked: await isLinked(part), file: await fileBehind(part.path) });
    }
    const strangers = shown.filter((part) => !part.isLinked);
    if (strangers.length === 0) return;
    let isShownAlready = true;
    for (const { content, file } of strangers) {
      const behind = await fileBehind(join(current, content));
      if (file !== null && (behind === null || !isSame(file, behind))) isShownAlready = false;
    }
    if (!isShownAlready) {
      await swapTo(shown.flatMap(({ content, file }) => (file === null ? [] : [[content, file] as const])));
    }
    for (const part of strangers) {
      const draft = draftOf(part.path);
      await disk.remove(draft);
      await disk.link(targetOf(part), draft);
      await disk.rename(draft, part.path);
      // Before the swap: a link that is lost in a power cut would leave an old file beside new ones.
      await syncFolder(disk, dirname(part.path));
    }
  };

  return {
    places: parts.map(({ content, path }) => [content, path]),
    settle: async () => {
      for (const folder of [store, ...SLOTS.map((slot) => join(store, slot))]) {
        await refuseForeignFolder(disk, folder, uid);
      }
      for (const { path } of named) await removeDraft(path, disk);
      const names = await disk.list(store);
      const slot = await currentSlot();
      for (const other of SLOTS) {
        if (other === slot) continue;
        // Where somebody removed the folder, the key is all there is.
        await (names.includes(other) ? clear(other) : disk.remove(keyOf(other)));
      }
      if (names.includes('next')) await disk.remove(next);
    },
    observe: async () => {
      const placed: Array<Placed> = [];
      for (const part of parts) {
        placed.push({ path: part.path, file: (await isLinked(part)) ? await fileBehind(part.path) : null });
      }
      return placed;
    },
    prepare: () => prepareEach(disk, named, mayMakeFolders),
    replace: async (planned) => {
      await makeFolder(store);
      await takeOver();
      await swapTo(
        parts.flatMap(({ content, path }) =>
          planned.filter((file) => file.path === path).map(({ file }) => [content, file] as const)
        ),
      );
    },
  };
};
