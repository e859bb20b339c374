/**
 * The file that stores a bridge's keys before Juju 3, which has no secrets: mode 0600 in the charm's folder, replaced in one step.
 *
 * It belongs to one unit: another unit that becomes leader cannot reach the keys in it.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { RequestId } from '../../core/bridge/mod.ts';
import type { PrivateKey } from '../../core/model/certificate.ts';
import { type Decoder, listOf, numberIn, object, required, text } from '../../core/model/codec.ts';
import type { HostError } from '../host.ts';
import { bridgeFile, privateFileIn, privatePath } from '../keeping/private-file.ts';

/** A key in the file. */
export interface FiledKey {
  readonly request: RequestId;
  readonly serial: number;
  readonly key: PrivateKey;
}

const Filed: Decoder<{ readonly keys: ReadonlyArray<FiledKey> }, unknown> = object<
  { readonly keys: ReadonlyArray<FiledKey> },
  unknown
>('closed', {
  keys: required(listOf(object<FiledKey, unknown>('closed', {
    request: required(RequestId),
    serial: required(numberIn('the number of a key', { whole: true, from: 0 })),
    key: required(text<PrivateKey>()),
  }))),
});

/** The file of a bridge. */
export interface BridgeFile {
  readonly path: string;
  readonly read: TE.TaskEither<HostError, ReadonlyArray<FiledKey>>;
  /** Replaces all keys; the file is removed with the last of them. */
  readonly write: (keys: ReadonlyArray<FiledKey>) => TE.TaskEither<HostError, void>;
}

/** Null if the text is not ours. */
const keysIn = (content: string): ReadonlyArray<FiledKey> | null => {
  try {
    const read = Filed.decode(JSON.parse(content));
    return E.isRight(read) ? read.right.keys : null;
  } catch {
    // The engine's message would quote the keys.
    return null;
  }
};

/** The file in a charm's folder. */
export const bridgeFileIn = (folder: string, endpoint: string): BridgeFile => {
  const file = privateFileIn(folder, bridgeFile(endpoint));
  const path = privatePath(folder, bridgeFile(endpoint));
  const damaged: HostError = {
    _tag: 'HostError',
    reason: 'failed',
    message: `${path} is damaged, which has private keys: put back what was there, ` +
      'or remove it to have new keys and new certificates',
  };
  return {
    path,
    read: pipe(
      file.read,
      TE.chainEitherK((content) => {
        const keys = content === null ? [] : keysIn(content);
        return keys === null ? E.left(damaged) : E.right(keys);
      }),
    ),
    write: (keys) => (keys.length === 0 ? file.remove : file.write(JSON.stringify({ keys }))),
  };
};
