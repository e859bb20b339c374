/**
 * Files as they are to be, and as they are: the same shape, so that one digest tells whether they differ.
 *
 * @module
 */
import { digestOf } from '../../core/digest.ts';
import type { Digest } from '../../core/model/memory.ts';
import { byCodePoint } from '../../core/model/order.ts';
import type { NewFile } from '../file/replace.ts';
import type { FileContent } from './entry.ts';

/** A file, and where it is; null where it is not, or not as we put it. */
export interface Placed {
  readonly path: string;
  readonly file: NewFile | null;
}

/** A file that is to be. */
export interface Planned extends Placed {
  readonly file: NewFile;
}

/**
 * Files on disk that belong together, and how they are replaced. Everything rejects with a `DiskFault` or an
 * `Obstacle`.
 */
export interface Layout {
  /** What goes where; nothing for files that are not contents of an installation. */
  readonly places: ReadonlyArray<readonly [FileContent, string]>;
  /** Removes what a killed hook left half-done, a key maybe. Nobody else sees a difference. */
  readonly settle: () => Promise<void>;
  /** The files as they are. */
  readonly observe: () => Promise<ReadonlyArray<Placed>>;
  /** Rejects where something is in the way of the files, and makes missing folders where it may. */
  readonly prepare: (files: ReadonlyArray<Planned>) => Promise<void>;
  /** Makes them so; comes after `prepare`. */
  readonly replace: (files: ReadonlyArray<Planned>) => Promise<void>;
}

/** Bytes as text of which nothing is lost that makes a difference: certificates and keys are ASCII. */
const textOf = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

/**
 * Tells files from others by path, content, mode and owner. Nothing can be learnt from it of a key, which cannot be
 * guessed.
 */
export const digestOfFiles = (files: ReadonlyArray<Placed>): Digest =>
  digestOf(
    [...files].sort((a, b) => byCodePoint(a.path, b.path)).flatMap(({ path, file }) =>
      file === null ? [path, ''] : [path, textOf(file.bytes), ...[file.mode, file.uid, file.gid].map(String)]
    ),
  );

/** Whether two files are the same but for their place. */
export const isSame = (a: NewFile, b: NewFile): boolean =>
  digestOfFiles([{ path: '', file: a }]) === digestOfFiles([{ path: '', file: b }]);

const ownOf = ({ places }: Layout, files: ReadonlyArray<Planned>): ReadonlyArray<Planned> => {
  const own = new Set(places.map(([, path]) => path));
  return files.filter(({ path }) => own.has(path));
};

/** Two layouts as one, the first replaced before the second. */
export const both = (first: Layout, second: Layout): Layout => ({
  places: [...first.places, ...second.places],
  settle: async () => {
    await first.settle();
    await second.settle();
  },
  observe: async () => [...await first.observe(), ...await second.observe()],
  prepare: async (files) => {
    for (const layout of [first, second]) await layout.prepare(ownOf(layout, files));
  },
  replace: async (files) => {
    for (const layout of [first, second]) await layout.replace(ownOf(layout, files));
  },
});
