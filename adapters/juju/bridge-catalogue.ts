/**
 * What a unit of a bridge notes about the secrets that it has looked at, so that it does not need to read all of them in every hook:
 * whether each is a key of the bridge, for which request, and its public half.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { type BridgeKey, labelOf, RequestId } from '../../core/bridge/mod.ts';
import { keptKey } from '../../core/keyring/mod.ts';
import type { PrivateKey } from '../../core/model/certificate.ts';
import {
  type Decoder,
  listOf,
  mapOf,
  numberIn,
  object,
  optional,
  required,
  text,
  textLike,
} from '../../core/model/codec.ts';
import type { PublicKeyText } from '../../core/model/snapshot.ts';

/** A key of a bridge, with its number among the keys of its request: the highest is the newest. */
export interface NumberedKey extends BridgeKey {
  readonly serial: number;
}

/** Secrets by id; null: not a key of this bridge. */
export type Catalogue = ReadonlyMap<string, NumberedKey | null>;

/** What is noted about a key. */
interface NotedKey {
  readonly request: RequestId;
  readonly serial: number;
  readonly publicKey: PublicKeyText;
}

const NotedKey: Decoder<NotedKey, unknown> = object<NotedKey, unknown>('closed', {
  request: required(RequestId),
  serial: required(numberIn('the number of a key', { whole: true, from: 0 })),
  publicKey: required(textLike<PublicKeyText>('base64', /^[A-Za-z0-9+/=]+$/u)),
});

interface NotedSecrets {
  readonly keys: Readonly<Record<string, NotedKey>>;
  readonly others: ReadonlyArray<string>;
}

const NotedSecrets: Decoder<NotedSecrets, unknown> = object<NotedSecrets, unknown>('closed', {
  keys: required(mapOf(NotedKey)),
  others: optional(listOf(text()), []),
});

/** A key under its name, from what was noted or read about it. */
const keyOf = (name: string, { request, serial, publicKey }: NotedKey): NumberedKey => ({
  label: labelOf(request),
  request,
  name,
  publicKey,
  serial,
});

/** A private key as a bridge's key; `Left` if it cannot be read. */
export const numbered = (
  name: string,
  request: RequestId,
  serial: number,
  key: PrivateKey,
): TE.TaskEither<'key-unreadable', NumberedKey> =>
  pipe(
    keptKey({ owner: 'application', name }, key),
    TE.map(({ publicKey }) => keyOf(name, { request, serial, publicKey })),
  );

/** The request that a text describes; null if it describes none. */
export const requestIn = (content: string | undefined): RequestId | null => {
  try {
    return pipe(RequestId.decode(JSON.parse(content ?? 'null')), E.getOrElse((): RequestId | null => null));
  } catch {
    // Not JSON, so it is not ours.
    return null;
  }
};

/** What was noted. A damaged note costs work but no key: everything is looked at again. */
export const catalogueIn = (note: string | undefined): Catalogue => {
  try {
    const read = NotedSecrets.decode(JSON.parse(note ?? 'null'));
    if (E.isLeft(read)) return new Map();
    const { keys, others } = read.right;
    return new Map<string, NumberedKey | null>([
      ...Object.entries(keys).map(([name, noted]) => [name, keyOf(name, noted)] as const),
      ...others.map((name) => [name, null] as const),
    ]);
  } catch {
    // Not JSON: the same as no note.
    return new Map();
  }
};

/** The text to note. */
export const catalogueText = (catalogue: Catalogue): string => {
  const all = [...catalogue].sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify({
    keys: Object.fromEntries(
      all.flatMap(([name, key]) =>
        key === null
          ? []
          : [[name, { request: key.request, serial: key.serial, publicKey: key.publicKey } satisfies NotedKey]]
      ),
    ),
    others: all.flatMap(([name, key]) => (key === null ? [name] : [])),
  });
};
