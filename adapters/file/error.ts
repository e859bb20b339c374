/**
 * What the file system's errors mean for people: the one table that turns them into a {@link HostError}.
 *
 * @module
 */
import type { HostError, HostErrorReason } from '../host.ts';

const TABLE: Readonly<Record<string, readonly [HostErrorReason, string]>> = {
  ENOENT: ['not-found', 'there is no such file or folder'],
  EEXIST: ['failed', 'something is there already'],
  ENOTDIR: ['not-found', 'a part of the path is not a folder'],
  EISDIR: ['not-found', 'this is a folder, not a file'],
  ELOOP: ['not-found', 'the symbolic links go in a circle'],
  ENAMETOOLONG: ['not-found', 'the path is too long'],
  EACCES: ['not-permitted', 'permission denied: check the owner and mode of the file and of its folder'],
  EPERM: ['not-permitted', 'not permitted: check the owner and mode of the file and of its folder'],
  EROFS: ['not-permitted', 'the file system is read-only'],
  NotCapable: ['not-permitted', 'the runtime was not given the permission: run with --allow-read and --allow-write'],
  ENOSPC: ['no-space', 'no space is left on the device'],
  EDQUOT: ['no-space', 'the disk quota is used up'],
  RangeError: ['failed', 'the document is larger or nested more deeply than the runtime can write'],
  ERR_FS_FILE_TOO_LARGE: ['failed', 'the file is larger than the runtime can hold'],
  ERR_STRING_TOO_LONG: ['failed', 'the file is larger than the runtime can hold'],
};

const property = (error: unknown, name: 'code' | 'name'): string => {
  const value = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' ? value : '';
};

/** The error's code, e.g. `ENOENT`; Deno's permission errors only have a name. */
export const codeOf = (error: unknown): string => property(error, 'code') || property(error, 'name');

/** Something that the system would do but we refuse, in our own words: it is not where, or does not belong to whom, it must. */
export class PathRefused extends Error {
  readonly code = 'PathRefused';
}

/** A failure of the file system at a path. */
export const fileError = (action: string, path: string) => (error: unknown): HostError => {
  if (error instanceof PathRefused) {
    return { _tag: 'HostError', reason: 'not-permitted', message: `cannot ${action} ${path}: ${error.message}` };
  }
  const code = codeOf(error);
  const [reason, sentence] = (Object.hasOwn(TABLE, code) ? TABLE[code] : undefined) ??
    (['failed', code === '' ? 'the file system failed' : `the file system failed with ${code}`] as const);
  return { _tag: 'HostError', reason, message: `cannot ${action} ${path}: ${sentence}` };
};
