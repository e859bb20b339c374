/**
 * What stands in the way of an installation: failures of the file system, and what somebody else put where a file is to
 * be.
 *
 * @module
 */
import { DiskFault } from '../file/disk.ts';
import { fileError } from '../file/error.ts';
import type { HostError, HostErrorReason } from '../host.ts';

/** Something in the way, with the words for it. */
export class Obstacle extends Error {
  readonly problem: HostError;

  constructor(path: string, sentence: string, reason: HostErrorReason = 'failed') {
    super(sentence);
    this.problem = { _tag: 'HostError', reason, message: `cannot install ${path}: ${sentence}` };
  }
}

/** The problem that made an operation fail, in words. */
export const problemOf = (error: unknown): HostError =>
  error instanceof DiskFault || error instanceof Obstacle ? error.problem : fileError('install', 'the files')(error);
