/**
 * Files as they should be and as they are, in one shape, so that a single digest tells whether they differ.
 * @module
 */
import { digestOf } from '../../core/digest.ts';
import type { Digest } from '../../core/model/memory.ts';
import { byCodePoint } from '../../core/model/order.ts';
import type { NewFile } from '../file/replace.ts';
import type { FileContent } from './entry.ts';

/** A file and its path; null if it is missing, or not as we put it there. */
export interface Placed {
  readonly path: string;
  readonly file: NewFile | null;
}

/** A file to write. */
export interface Planned extends Placed {
  readonly file: NewFile;
}

/**
 * Files on disk that belong together, and how to replace them. Everything rejects with a `DiskFault` or an `Obstacle`.
 */
export interface Layout {
  /** What goes where; null for files that are not contents of an installation. */
  readonly places: ReadonlyArray<readonly [FileContent, string]>;
  /** Removes what a killed hook left half-done, possibly a key. Nobody else sees a difference. */
  readonly settle: () => Promise<void>;
  /** The present files. */
  readonly observe: () => Promise<ReadonlyArray<Placed>>;
  /** Rejects if something is in the way of the files; creates missing folders if it may. */
  readonly prepare: (files: ReadonlyArray<Planned>) => Promise<void>;
  /** Writes the files; call after `prepare`. */
  readonly replace: (files: ReadonlyArray<Planned>) => Promise<void>;
}

/** Bytes as text without losing any difference: certificates and keys are ASCII. */
const textOf = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

/**
 * Distinguishes files by path, content, mode and owner. It reveals nothing about a key, which cannot be guessed.
 */
export const digestOfFiles = (files: ReadonlyArray<Placed>): Digest =>
  digestOf(
    [...files].sort((a, b) => byCodePoint(a.path, b.path)).flatMap(({ path, file }) =>
      file === null ? [path, ''] : [path, textOf(file.bytes), ...[file.mode, file.uid, file.gid].map(String)]
    ),
  );

/** Whether two files are equal apart from their path. */
export const isSame = (a: NewFile, b: NewFile): boolean =>
  digestOfFiles([{ path: '', file: a }]) === digestOfFiles([{ path: '', file: b }]);

const ownOf = ({ places }: Layout, files: ReadonlyArray<Planned>): ReadonlyArray<Planned> => {
  const own = new Set(places.map(([, path]) => path));
  return files.filter(({ path }) => own.has(path));
};

/** Two layouts as one; the first is replaced before the second. */
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
