/**
 * How far the hooks of an endpoint have got, in a small file in the charm's folder. Juju undoes its own state when a hook fails, but not
 * this file: from both together a hook knows whether the previous one has failed and had seen something that was not kept.
 *
 * Most of the time there is no such file: a hook with nothing to keep removes it. It does not need to survive a loss of power, after which
 * Juju runs the same hook again.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Decoder, numberIn, object, oneOf, required } from '../../core/model/codec.ts';
import { openFile } from '../file/opened.ts';
import { removeAt } from './private-file.ts';

/** How far a hook has got. */
export interface Begun {
  /** `begun`: it has not ended. `kept`: it has, and waits for Juju to accept what it keeps. */
  readonly stage: 'begun' | 'kept';
  /** The serial of what is kept: as the hook found it, or as Juju should accept it. */
  readonly serial: number;
  /** Bytes of the whole state that Juju should accept; 0 while unknown. */
  readonly size: number;
}

const whole: Decoder<number> = numberIn('a whole number', { from: 0, upTo: Number.MAX_SAFE_INTEGER, whole: true });

const Begun: Decoder<Begun> = object<Begun>('open', {
  stage: required(oneOf('begun', 'kept')),
  serial: required(whole),
  size: required(whole),
});

/** The file of an endpoint. */
export interface BegunFile {
  /** Null if there is none: the last hook ended well and had nothing to keep. An unreadable file means that a hook has not ended. */
  readonly read: () => Begun | null;
  readonly write: (begun: Begun) => void;
  readonly remove: () => void;
}

const pathOf = (folder: string, endpoint: string): string => join(folder, `.tls-certificates-${endpoint}.begun`);

/** The result for a hook of which nothing can be read. */
const UNREADABLE: Begun = { stage: 'begun', serial: 0, size: 0 };

/** The file in the charm's folder, which only root can access. */
export const begunIn = (folder: string, endpoint: string): BegunFile => {
  const path = pathOf(folder, endpoint);
  return {
    read: () => {
      try {
        const opened = openFile(path);
        if (opened === null) return null;
        try {
          const read = Begun.decode(JSON.parse(readFileSync(opened.handle, 'utf8')));
          return E.isRight(read) ? read.right : UNREADABLE;
        } finally {
          closeSync(opened.handle);
        }
      } catch {
        // Damaged or out of reach: everything is read again.
        return UNREADABLE;
      }
    },
    write: (begun) => {
      try {
        removeAt(path);
        const handle = openSync(path, 'wx', 0o600);
        try {
          writeFileSync(handle, JSON.stringify(begun));
        } finally {
          closeSync(handle);
        }
      } catch {
        // A full disk must not fail a hook for this: only the fact that a hook has failed is lost, and Juju runs that hook again.
      }
    },
    remove: () => {
      try {
        removeAt(path);
      } catch {
        // It stays, and the next hook reads everything again.
      }
    },
  };
};
