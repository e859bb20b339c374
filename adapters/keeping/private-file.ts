/**
 * Where data goes if Juju's state is not available (before 2.8, or when it is full): one file in the charm's folder, replaced in one step.
 *
 * It is not undone when a hook fails. That does no harm: what it says about changes is true whatever happens to the writes, and writes are
 * decided from what is published.
 *
 * @module
 */
import * as TE from 'fp-ts/lib/TaskEither.js';
import { closeSync, fsyncSync, lstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';
import { codeOf, fileError, PathRefused } from '../file/error.ts';
import { openFile } from '../file/opened.ts';
import { reach, reaching } from '../file/reach.ts';
import type { HostError } from '../host.ts';

/** The file that replaces the state of an endpoint. */
export interface PrivateFile {
  /** Its text, or null if there is none. */
  readonly read: TE.TaskEither<HostError, string | null>;
  readonly write: (content: string) => TE.TaskEither<HostError, void>;
  readonly remove: TE.TaskEither<HostError, void>;
}

/** The name under which the CA of an endpoint is kept. */
export const authorityFile = (endpoint: string): string => `${endpoint}-authority`;

/** The name under which the private keys of an endpoint are kept. */
export const keysFile = (endpoint: string): string => `${endpoint}-keys`;

/** The name under which the private keys of a bridge are kept. */
export const bridgeFile = (endpoint: string): string => `${endpoint}-bridge`;

/** Its path in the charm's folder. */
export const privatePath = (folder: string, endpoint: string): string =>
  join(folder, `.tls-certificates-${endpoint}.json`);

/** What is written before it replaces the file. */
export const draftOf = (path: string): string => `${path}.new`;

const syncing = (path: string, flags: 'r' | 'wx', write: (handle: number) => void = () => {}): void => {
  const handle = openSync(path, flags, 0o600);
  try {
    write(handle);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};

/**
 * Whether nothing has this name, which is the case for most files in most hooks: then there is no path to walk, and nothing is done to it.
 * False if that cannot be determined.
 */
const isAbsent = (path: string): boolean => {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    // The careful way reports what is wrong.
    return false;
  }
};

/** Whether a name exists in a folder. */
const isThere = (path: string): boolean => {
  try {
    reaching(path, (at) => lstatSync(at));
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
};

/** The text of a file of ours; null if it does not exist. A file that is not ours is an error: it must not count as missing. */
const readOwn = (path: string): string | null => {
  if (isAbsent(path)) return null;
  const opened = openFile(path);
  if (opened === null) {
    if (isThere(path)) throw new PathRefused('it is no regular file with one name; remove it, or put back the file');
    return null;
  }
  const { handle, stats: { uid } } = opened;
  try {
    if (uid !== 0 && uid !== process.getuid?.() && process.platform !== 'win32') {
      throw new PathRefused(
        `it belongs to user ${uid}, who may have put anything in it; give it to the user of the hook`,
      );
    }
    return readFileSync(handle, 'utf8');
  } finally {
    closeSync(handle);
  }
};

/** Replaces a file completely or fails: a single system call only writes a part when the disk fills up. */
const replaceIn = (folder: string, path: string, content: string): void => {
  const reached = reach(folder);
  const [at, draft] = [reached.at(basename(path)), reached.at(basename(draftOf(path)))];
  try {
    rmSync(draft, { force: true });
    try {
      syncing(draft, 'wx', (handle) => writeFileSync(handle, content));
      renameSync(draft, at);
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
    syncing(reached.self, 'r');
  } finally {
    reached.close();
  }
};

/** Removes a file if it exists; a link is removed, but not its target. */
export const removeAt = (path: string): void => {
  if (isAbsent(path)) return;
  try {
    reaching(path, (at) => rmSync(at, { force: true }));
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
};

/** The file in the charm's folder. */
export const privateFileIn = (folder: string, endpoint: string): PrivateFile => {
  const path = privatePath(folder, endpoint);
  const attempt = <A>(action: string, work: () => A): TE.TaskEither<HostError, A> =>
    TE.tryCatch(() => Promise.resolve().then(work), fileError(action, path));
  return {
    read: attempt('read', () => readOwn(path)),
    write: (content) => attempt('write', () => replaceIn(folder, path, content)),
    remove: attempt('remove', () => removeAt(path)),
  };
};
