/**
 * A certificate and its key, and what is installed with them: several files, replaced in one step.
 *
 * No system replaces two files at once, but all of them replace one symbolic link. So the files themselves lie in a folder beside the
 * key, and what the configuration names are links into it:
 *
 * ```text
 * /etc/web/tls.crt                          → .tls.key.tls-certificates/current/cert
 * /etc/web/tls.key                          → .tls.key.tls-certificates/current/key
 * /etc/web/.tls.key.tls-certificates/current → a
 * /etc/web/.tls.key.tls-certificates/a/{cert,key}
 * ```
 *
 * A new pair is written to `b`, and then `current` is replaced by a link to `b`: at every moment, also when the hook is killed or the power
 * fails, every path shows the old pair or every path shows the new one. (Who opens one file before that moment and the other after it
 * can still have one of each; the command that runs after the change makes him open both again.) Then `a` is removed, with the old key.
 *
 * The folder always has all there is of the certificate, so that a link from a configuration that named more files shows what fits.
 *
 * Files that stood at the paths before are taken over first: they are copied to where the links will lead, and each is replaced by
 * its link, which shows what the file showed.
 *
 * @module
 */
import { basename, dirname, join, resolve } from 'node:path';
import { type Disk, syncFolder } from '../file/disk.ts';
import { draftOf, type NewFile, removeDraft, writeNew } from '../file/replace.ts';
import { type Content, CONTENTS, type Installation } from './entry.ts';
import { fileAt, isSame, type Layout, type Placed } from './planned.ts';
import { ensureFolderOf, refuseForeign } from './standing.ts';

/** The two folders of which one is current. */
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

/** Whether an installation has a pair, of which one file must not be replaced without the other. */
export const hasPair = ({ key, cert, fullChain }: Installation['files']): boolean =>
  key !== undefined && (cert !== undefined || fullChain !== undefined);

/** The layout of an installation with a key at `key` and other files. */
export const pair = (disk: Disk, key: string, files: Installation['files'], mayMakeFolders: boolean): Layout => {
  const store = join(dirname(key), `.${basename(key)}.tls-certificates`);
  const [current, next] = [join(store, 'current'), join(store, 'next')];
  const parts = CONTENTS.map((content): Part => {
    const path = files[content];
    return { content, path: path ?? join(current, content), isNamed: path !== undefined };
  });
  const named = parts.filter(({ isNamed }) => isNamed);

  const targetOf = ({ content, path }: Part): string => {
    const target = join(store, 'current', content);
    return dirname(path) === dirname(key) ? target.slice(dirname(store).length).replace(/^\/+/, '') : target;
  };

  const isLinked = async (part: Part): Promise<boolean> =>
    !part.isNamed ||
    ((await disk.look(part.path))?.kind === 'link' && (await disk.target(part.path)) === targetOf(part));

  const currentSlot = async (): Promise<Slot | null> => {
    if ((await disk.look(current))?.kind !== 'link') return null;
    const target = await disk.target(current);
    return SLOTS.find((slot) => slot === target) ?? null;
  };

  const clear = async (slot: Slot): Promise<void> => {
    for (const name of await disk.list(join(store, slot))) await disk.remove(join(store, slot, name));
    await disk.removeFolder(join(store, slot));
  };

  const makeFolder = async (path: string): Promise<void> => {
    const look = await disk.look(path);
    if (look === null) await disk.makeFolder(path);
    // What is made is narrowed by the umask.
    if ((await disk.look(path))?.mode !== FOLDER_MODE) await disk.chmodFolder(path, FOLDER_MODE);
  };

  /** Writes the files to the slot that is not current, and makes it so: the one step. */
  const swapTo = async (contents: ReadonlyArray<readonly [Content, NewFile]>): Promise<void> => {
    const before = await currentSlot();
    const slot = before === 'a' ? 'b' : 'a';
    try {
      await clear(slot);
      await makeFolder(join(store, slot));
      for (const [content, file] of contents) await writeNew(disk, join(store, slot, content), file);
      await syncFolder(disk, join(store, slot));
      await disk.remove(next);
      await disk.link(slot, next);
      await syncFolder(disk, store);
      await disk.rename(next, current);
      await syncFolder(disk, store);
    } catch (error) {
      // A key must not stay where nothing leads to it. What cannot be removed now, the next hook removes; the first fault is told.
      if ((await currentSlot().catch(() => slot)) !== slot) await clear(slot).catch(() => {});
      throw error;
    }
    if (before !== null) await clear(before);
  };

  const shownAt = async (part: Part): Promise<Shown> => {
    if (await isLinked(part)) return { ...part, isLinked: true, file: await fileAt(disk, join(current, part.content)) };
    // A link from another installation that had this path is followed: what it shows is to be shown on.
    const look = await disk.look(part.path);
    const source = look?.kind === 'link' ? resolve(dirname(part.path), await disk.target(part.path)) : part.path;
    return { ...part, isLinked: false, file: await fileAt(disk, source) };
  };

  /** Makes links of all paths, without any of them showing something else than before. */
  const takeOver = async (): Promise<void> => {
    const shown: Array<Shown> = [];
    for (const part of parts) shown.push(await shownAt(part));
    const strangers = shown.filter((part) => !part.isLinked);
    if (strangers.length === 0) return;
    let isShownAlready = true;
    for (const { content, file } of strangers) {
      const behind = await fileAt(disk, join(current, content));
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
      for (const { path } of named) await removeDraft(path, disk);
      const names = await disk.list(store);
      if (names.length === 0) return;
      const slot = await currentSlot();
      for (const other of SLOTS) if (other !== slot && names.includes(other)) await clear(other);
      if (names.includes('next')) await disk.remove(next);
    },
    observe: async () => {
      const placed: Array<Placed> = [];
      for (const part of parts) {
        const file = (await isLinked(part)) ? await fileAt(disk, join(current, part.content)) : null;
        if (part.isNamed || file !== null) placed.push({ path: part.path, file });
      }
      return placed;
    },
    replace: async (planned) => {
      for (const { path } of named) {
        await refuseForeign(disk, path);
        await ensureFolderOf(disk, path, mayMakeFolders);
      }
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
