/**
 * What can prevent an installation: failures of the file system, and things that somebody else put where a file should be.
 *
 * @module
 */
import { DiskFault } from '../file/disk.ts';
import { fileError } from '../file/error.ts';
import type { HostError, HostErrorReason } from '../host.ts';

/** An obstacle, with a description. */
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
