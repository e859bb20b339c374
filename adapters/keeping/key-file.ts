/**
 * Where private keys are kept before Juju 3, which has no secrets: one file of mode 0600 in the charm's folder, replaced in one step.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { PrivateKey } from '../../core/model/certificate.ts';
import { isObject } from '../../core/model/codec.ts';
import type { Bag } from '../../core/model/outcome.ts';
import type { HostError } from '../host.ts';
import { keptFileIn, keptPath, keysFile } from './kept-file.ts';

/** The keys in the file. */
type InFile = { readonly [B in Bag]?: PrivateKey };

/** The file with the keys of an endpoint. */
export interface KeyFile {
  readonly path: string;
  /** Null where there is none. */
  readonly read: (owner: Bag) => TE.TaskEither<HostError, PrivateKey | null>;
  readonly write: (owner: Bag, key: PrivateKey) => TE.TaskEither<HostError, void>;
  readonly remove: (owner: Bag) => TE.TaskEither<HostError, void>;
}

/** Null where the text is none of ours. */
const decoded = (content: string): InFile | null => {
  try {
    const value: unknown = JSON.parse(content);
    if (!isObject(value)) return null;
    const { unit, application } = value;
    const isKey = (u: unknown): u is PrivateKey | undefined => u === undefined || typeof u === 'string';
    if (!isKey(unit) || !isKey(application)) return null;
    return { ...(unit === undefined ? {} : { unit }), ...(application === undefined ? {} : { application }) };
  } catch {
    // The engine's message would quote the keys.
    return null;
  }
};

/** The file in a charm's folder. */
export const keyFileIn = (folder: string, endpoint: string): KeyFile => {
  const file = keptFileIn(folder, keysFile(endpoint));
  const path = keptPath(folder, keysFile(endpoint));
  const damaged: HostError = {
    _tag: 'HostError',
    reason: 'failed',
    message: `${path} is damaged, which has private keys: put back what was there, ` +
      'or remove it to have new keys and new certificates',
  };
  const all: TE.TaskEither<HostError, InFile> = pipe(
    file.read,
    TE.chainEitherK((content) => {
      const keys = content === null ? {} : decoded(content);
      return keys === null ? E.left(damaged) : E.right(keys);
    }),
  );
  return {
    path,
    read: (owner) => pipe(all, TE.map((keys) => keys[owner] ?? null)),
    write: (owner, key) => pipe(all, TE.chain((keys) => file.write(JSON.stringify({ ...keys, [owner]: key })))),
    remove: (owner) =>
      pipe(
        all,
        TE.chain(({ [owner]: _gone, ...others }) =>
          Object.keys(others).length === 0 ? file.remove : file.write(JSON.stringify(others))
        ),
      ),
  };
};
