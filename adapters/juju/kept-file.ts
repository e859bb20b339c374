/**
 * Where Juju's state is not to be had (before 2.8, or where it is full): one file in the charm's folder, replaced in one step.
 *
 * It is not undone when a hook fails. That is harmless: what it says of changes is true whatever becomes of the writes, and writes are
 * decided on what is published.
 *
 * @module
 */
import * as TE from 'fp-ts/lib/TaskEither.js';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, fileError } from '../file/error.ts';
import type { HostError } from '../host.ts';

/** The file that stands in for the state of an endpoint. */
export interface KeptFile {
  /** Its text, or null where there is none. */
  readonly read: TE.TaskEither<HostError, string | null>;
  readonly write: (content: string) => TE.TaskEither<HostError, void>;
  readonly remove: TE.TaskEither<HostError, void>;
}

/** The name under which the CA of an endpoint is kept. */
export const authorityFile = (endpoint: string): string => `${endpoint}-authority`;

/** Where it lies in the charm's folder. */
export const keptPath = (folder: string, endpoint: string): string =>
  join(folder, `.tls-certificates-${endpoint}.json`);

/** What is written before it takes the place of the file. */
export const draftOf = (path: string): string => `${path}.new`;

const syncFolder = (folder: string): void => {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};

/** All of it or an error: one system call writes only a part where the disk fills up. */
const writeDraft = (path: string, content: string): void => {
  const handle = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(handle, content);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};

/** The file in the charm's folder. */
export const keptFileIn = (folder: string, endpoint: string): KeptFile => {
  const path = keptPath(folder, endpoint);
  const draft = draftOf(path);
  const attempt = <A>(action: string, work: () => A): TE.TaskEither<HostError, A> =>
    TE.tryCatch(() => Promise.resolve().then(work), fileError(action, path));
  return {
    read: attempt('read', () => {
      try {
        return readFileSync(path, 'utf8');
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return null;
        throw error;
      }
    }),
    write: (content) =>
      attempt('write', () => {
        rmSync(draft, { force: true });
        try {
          writeDraft(draft, content);
          renameSync(draft, path);
        } catch (error) {
          rmSync(draft, { force: true });
          throw error;
        }
        syncFolder(folder);
      }),
    remove: attempt('remove', () => rmSync(path, { force: true })),
  };
};
