/**
 * A certificate and its key: several files, replaced in one step.
 *
 * No system replaces two files at once, but all of them replace one symbolic link. So the configured paths are links into a folder beside
 * the certificate, which has two slots, one of them current. The key itself stays in the key's own folder, which may be closed to users who
 * can read the certificate:
 *
 * ```text
 * /etc/ssl/certs/web.pem                             → .web.key.tls-certificates/current/fullChain
 * /etc/ssl/private/web.key                           → /etc/ssl/certs/.web.key.tls-certificates/current/key
 * /etc/ssl/certs/.web.key.tls-certificates/current   → a
 * /etc/ssl/certs/.web.key.tls-certificates/a/          cert, fullChain
 * /etc/ssl/certs/.web.key.tls-certificates/a/key     → /etc/ssl/private/.web.key.tls-certificates-5f0c71d2-a
 * ```
 *
 * A new pair is written to slot `b`, and then `current` is replaced by a link to `b`. At every moment, even if the hook is killed or the
 * power fails, every path shows the old pair or every path shows the new one. (A program that opens one file before that moment and the
 * other after it can still get one of each; the command that runs after the change makes it open both again.) Then slot `a` is emptied, and
 * the old key is gone.
 *
 * A slot always has everything that belongs to the certificate, so a link from a configuration that named more files shows matching
 * content.
 *
 * Files that were at the paths before are taken over first: they are copied to where the links will lead, and each is replaced by its link,
 * which shows the same content.
 *
 * @module
 */
import { basename, dirname, join } from 'node:path';
import { type Disk, syncFolder } from '../file/disk.ts';
import { draftOf, type NewFile, removeDraft, writeNew } from '../file/replace.ts';
import type { Installation } from './entry.ts';
import { isSame, type Layout, type Placed } from './planned.ts';
import { prepareEach } from './singles.ts';
import { refuseForeignFolder } from './standing.ts';
import { keyName, ownLinkAt, type PartName, PARTS, type Slot, SLOTS, storeAt, storeFolder } from './store.ts';

/** The paths of a pair. */
export interface PairPaths {
  readonly key: string;
  /** At least one of them. */
  readonly cert?: string;
  readonly fullChain?: string;
}

/**
 * The pair among the files of an installation: a key and its certificate, neither of which may be replaced without the other.
 */
export const pairOf = ({ key, cert, fullChain }: Installation['files']): PairPaths | null =>
  key === undefined || (cert === undefined && fullChain === undefined) ? null : {
    key,
    ...(cert === undefined ? {} : { cert }),
    ...(fullChain === undefined ? {} : { fullChain }),
  };

/** Whoever can reach the links may reach their targets; the files have modes of their own. */
const FOLDER_MODE = 0o755;

/** One of the files. */
interface Part {
  readonly content: PartName;
  /** Its configured path; inside the folder itself if none is configured. */
  readonly path: string;
  readonly isNamed: boolean;
}

/** What a path shows now. */
interface Shown extends Part {
  readonly isLinked: boolean;
  readonly file: NewFile | null;
}

/** One content of a slot, with its file. */
type Filled = readonly [PartName, NewFile];

/** The layout of a pair; `uid` is the user that this runs as, who owns its folders. */
export const pair = (disk: Disk, paths: PairPaths, mayMakeFolders: boolean, uid: number): Layout => {
  const folder = storeFolder(dirname(paths.fullChain ?? paths.cert ?? paths.key), paths.key);
  const store = storeAt(disk, folder, uid);
  const [current, next] = [join(folder, 'current'), join(folder, 'next')];
  const parts = PARTS.map((content): Part => ({
    content,
    path: paths[content] ?? join(current, content),
    isNamed: paths[content] !== undefined,
  }));
  const named = parts.filter(({ isNamed }) => isNamed);

  const keyOf = (slot: Slot): string => join(dirname(paths.key), keyName(folder, slot));

  const targetOf = ({ content, path }: Part): string =>
    dirname(path) === dirname(folder) ? join(basename(folder), 'current', content) : join(current, content);

  const isLinked = async (part: Part): Promise<boolean> =>
    !part.isNamed ||
    ((await ownLinkAt(disk, part.path, uid)) !== null && (await disk.target(part.path)) === targetOf(part));

  /**
   * What a path shows: a file, or the target of a link of ours, possibly from an earlier configuration. If others can have put the link
   * there, it leads no further than this pair's own store and one beside the link.
   */
  const shownBy = async ({ content, path, isNamed }: Part): Promise<NewFile | null> => {
    if (!isNamed) return await store.shows(content);
    const own = await ownLinkAt(disk, path, uid);
    if (own === null) return await disk.read(path);
    const isNear = own.store === folder || dirname(own.store) === dirname(path);
    if (!(isNear || own.isSheltered) || (own.part === 'key') !== (content === 'key')) return null;
    return await storeAt(disk, own.store, uid).shows(own.part);
  };

  const refuseForeignStore = async (...slots: ReadonlyArray<Slot>): Promise<void> => {
    await refuseForeignFolder(disk, folder, uid);
    for (const slot of slots) await refuseForeignFolder(store.disk, join(folder, slot), uid);
  };

  const clear = async (slot: Slot): Promise<void> => {
    await refuseForeignStore(slot);
    // The key goes first: as long as the slot is there, something leads to it. It may belong to an earlier configuration with the key in
    // another folder; but the name is ours, and nothing with another name is removed.
    const key = await store.keyAt(slot);
    if (key !== null) await disk.remove(key);
    await disk.remove(keyOf(slot));
    for (const name of await store.disk.list(join(folder, slot))) await store.disk.remove(join(folder, slot, name));
    await store.disk.removeFolder(join(folder, slot));
  };

  const makeFolder = async (path: string): Promise<void> => {
    await refuseForeignFolder(disk, path, uid);
    if ((await store.disk.look(path)) === null) await store.disk.makeFolder(path);
    // The umask narrows the mode of what is created.
    if ((await store.disk.look(path))?.mode !== FOLDER_MODE) await store.disk.chmodFolder(path, FOLDER_MODE);
  };

  const fill = async (slot: Slot, contents: ReadonlyArray<Filled>): Promise<void> => {
    const inside = join(folder, slot);
    await makeFolder(inside);
    for (const [content, file] of contents) {
      if (content === 'key') {
        await store.disk.link(keyOf(slot), join(inside, content));
        await writeNew(disk, keyOf(slot), file);
      } else {
        await writeNew(store.disk, join(inside, content), file);
      }
    }
    await syncFolder(store.disk, inside);
    await syncFolder(disk, dirname(paths.key));
  };

  /** Fills the slot that is not current, and makes it current: the one step. */
  const swapTo = async (contents: ReadonlyArray<Filled>): Promise<void> => {
    const before = await store.current();
    const slot = before === 'a' ? 'b' : 'a';
    try {
      await clear(slot);
      await fill(slot, contents);
      await store.disk.remove(next);
      await store.disk.link(slot, next);
      await syncFolder(store.disk, folder);
      await store.disk.rename(next, current);
      await syncFolder(store.disk, folder);
    } catch (error) {
      // A key must not stay where nothing leads to it. The next hook removes what cannot be removed now; the first fault is reported.
      if ((await store.current().catch(() => slot)) !== slot) await clear(slot).catch(() => {});
      throw error;
    }
    if (before !== null) await clear(before);
  };

  /** Turns all paths into links, without any of them showing anything else than before. */
  const takeOver = async (): Promise<void> => {
    const shown: Array<Shown> = [];
    for (const part of parts) {
      shown.push({ ...part, isLinked: await isLinked(part), file: await shownBy(part) });
    }
    const strangers = shown.filter((part) => !part.isLinked);
    if (strangers.length === 0) return;
    let isShownAlready = true;
    for (const { content, file } of strangers) {
      const behind = await store.shows(content);
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
      await refuseForeignStore(...SLOTS);
      for (const { path } of named) await removeDraft(path, disk);
      const names = await store.disk.list(folder);
      const slot = await store.current();
      for (const other of SLOTS) {
        if (other === slot) continue;
        // If somebody removed the folder, the key is all that is left.
        await (names.includes(other) ? clear(other) : disk.remove(keyOf(other)));
      }
      if (names.includes('next')) await store.disk.remove(next);
    },
    observe: async () => {
      const placed: Array<Placed> = [];
      for (const part of parts) {
        placed.push({ path: part.path, file: (await isLinked(part)) ? await store.shows(part.content) : null });
      }
      return placed;
    },
    prepare: () => prepareEach(disk, named, mayMakeFolders, uid),
    replace: async (planned) => {
      await makeFolder(folder);
      await takeOver();
      await swapTo(
        parts.flatMap(({ content, path }) =>
          planned.filter((file) => file.path === path).map(({ file }) => [content, file] as const)
        ),
      );
    },
  };
};
