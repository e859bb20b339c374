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
import { keysFile, privateFileIn, privatePath } from './private-file.ts';

/** What is kept for an owner. */
export interface OwnedKeys {
  /** The key in force. */
  readonly key: PrivateKey;
  /** The key before it, as long as certificates of it still serve; null: there is none. */
  readonly former: PrivateKey | null;
}

/** The names of an owner's keys in the file. */
const NAMES: { readonly [B in Bag]: { readonly [K in keyof OwnedKeys]: string } } = {
  unit: { key: 'unit', former: 'former-unit' },
  application: { key: 'application', former: 'former-application' },
};

/** The keys in the file, by name. */
type InFile = Readonly<Record<string, PrivateKey>>;

/** The file with the keys of an endpoint. */
export interface KeyFile {
  readonly path: string;
  /** Null if there is none. */
  readonly read: (owner: Bag) => TE.TaskEither<HostError, OwnedKeys | null>;
  /** Keeps both of an owner's keys in one step. */
  readonly write: (owner: Bag, keys: OwnedKeys) => TE.TaskEither<HostError, void>;
  readonly remove: (owner: Bag) => TE.TaskEither<HostError, void>;
}

/** Null if the text is not ours. */
const decoded = (content: string): InFile | null => {
  try {
    const value: unknown = JSON.parse(content);
    if (!isObject(value)) return null;
    const known = Object.values(NAMES).flatMap(({ key, former }) => [key, former]);
    const entries = known.flatMap((name) => (Object.hasOwn(value, name) ? [[name, value[name]] as const] : []));
    // What is kept under these names is a private key.
    return entries.every(([, key]) => typeof key === 'string') ? Object.fromEntries(entries) as InFile : null;
  } catch {
    // The engine's message would quote the keys.
    return null;
  }
};

/** The file in a charm's folder. */
export const keyFileIn = (folder: string, endpoint: string): KeyFile => {
  const file = privateFileIn(folder, keysFile(endpoint));
  const path = privatePath(folder, keysFile(endpoint));
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
  /** The keys of all other owners. */
  const without = (owner: Bag, keys: InFile): InFile => {
    const own = Object.values(NAMES[owner]);
    return Object.fromEntries(Object.entries(keys).filter(([name]) => !own.includes(name)));
  };
  return {
    path,
    read: (owner) =>
      pipe(
        all,
        TE.map((keys): OwnedKeys | null => {
          const { [NAMES[owner].key]: key, [NAMES[owner].former]: former = null } = keys;
          return key === undefined ? null : { key, former };
        }),
      ),
    write: (owner, { key, former }) =>
      pipe(
        all,
        TE.chain((keys) =>
          file.write(JSON.stringify({
            ...without(owner, keys),
            [NAMES[owner].key]: key,
            ...(former === null ? {} : { [NAMES[owner].former]: former }),
          }))
        ),
      ),
    remove: (owner) =>
      pipe(
        all,
        TE.chain((keys) => {
          const others = without(owner, keys);
          return Object.keys(others).length === 0 ? file.remove : file.write(JSON.stringify(others));
        }),
      ),
  };
};
