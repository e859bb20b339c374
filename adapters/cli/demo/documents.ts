/**
 * The input documents that a demonstration leaves behind when it is asked to: real ones, for `plan`, `inspect` and `apply`.
 *
 * They hold private keys of the demonstration: the folder is 0700, each file 0600.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SideName } from '../../../core/csr/decide.ts';
import { inputError } from '../../../core/model/input-error.ts';
import type { Memory } from '../../../core/model/memory.ts';
import type { Snapshot } from '../../../core/model/snapshot.ts';
import { codeOf, fileError } from '../../file/error.ts';
import type { Problem } from '../../host.ts';

/** What a unit saw in a hook, as an input document has it. */
export interface Seen {
  readonly side: SideName;
  readonly snapshot: Snapshot;
  readonly intent: object;
  readonly memory: Memory;
}

/** A file to be written. */
export interface StoryDocument {
  readonly name: string;
  readonly seen: Seen;
}

/** The documents of some units, in the order of their names. */
export const documentsOf = (suffix: string, seen: ReadonlyMap<string, Seen>): ReadonlyArray<StoryDocument> =>
  [...seen]
    .map(([unit, document]) => ({ name: `${unit.replace('/', '_')}-${suffix}.json`, seen: document }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

/** Makes a folder for documents, or takes one that is empty; anything else is the caller's mistake. */
export const makeFolder = (folder: string): TE.TaskEither<Problem, void> =>
  pipe(
    TE.tryCatch(async () => {
      try {
        await mkdir(folder, { mode: 0o700 });
        return true;
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
        return (await readdir(folder)).length === 0;
      }
    }, fileError('make', folder)),
    TE.filterOrElseW(
      (isEmpty) => isEmpty,
      () =>
        inputError([{
          path: '--out',
          message: `${folder} is not empty: name a folder that is, or that is not there yet`,
        }]),
    ),
    TE.map(() => undefined),
  );

/** Writes documents into a folder that was made for them. */
export const writeDocuments = (folder: string, documents: ReadonlyArray<StoryDocument>): TE.TaskEither<Problem, void> =>
  TE.tryCatch(async () => {
    for (const { name, seen } of documents) {
      await writeFile(join(folder, name), `${JSON.stringify(seen, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    }
  }, fileError('write', folder));
