/**
 * A bridge's private keys, one for each request by name, kept by the application's leader: in Juju secrets or, before Juju 3, in a file.
 *
 * A key leaves this room in two ways: its public half for the decision, and the key itself to make a certificate request or to be published
 * with its certificate. If Juju has secrets, keys found in the file are moved, and the file is removed once the secrets exist. Source:
 * docs/bridge.md, Keys.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { type BridgeKey, labelOf, type RequestId } from '../../core/bridge/mod.ts';
import type { KeyKind } from '../../core/keyring/key-kind.ts';
import type { PrivateKey } from '../../core/model/certificate.ts';
import type { HostError, Problem } from '../host.ts';
import { numbered, type NumberedKey } from './bridge-catalogue.ts';
import { type BridgeFile, bridgeFileIn, type FiledKey } from './bridge-file.ts';
import { type BridgeSecrets, openBridgeSecrets } from './bridge-secrets.ts';
import type { Hook } from './hook.ts';
import { newKey } from './keys.ts';

/** The keys of a bridge in one hook. */
export interface BridgeKeeper {
  /** The public halves; for each request, the newest first. */
  readonly keys: () => ReadonlyArray<BridgeKey>;
  /** What to note for the next hook; null: nothing. Contains no secret. */
  readonly note: () => string | null;
  readonly read: (name: string) => TE.TaskEither<Problem, PrivateKey>;
  /** Makes and keeps a key. */
  readonly make: (request: RequestId, kind: KeyKind) => TE.TaskEither<Problem, void>;
  readonly remove: (keys: ReadonlyArray<BridgeKey>) => TE.TaskEither<Problem, void>;
}

/** How keys are kept in one of the two places. */
interface Place {
  readonly read: BridgeKeeper['read'];
  readonly add: (filed: FiledKey) => TE.TaskEither<Problem, string>;
  readonly remove: (names: ReadonlyArray<string>) => TE.TaskEither<Problem, void>;
  readonly note: (added: ReadonlyArray<NumberedKey>) => string | null;
}

const newestFirst = (keys: ReadonlyArray<NumberedKey>): ReadonlyArray<NumberedKey> =>
  [...keys].sort((a, b) => b.serial - a.serial);

const unusable = (where: string): HostError => ({
  _tag: 'HostError',
  reason: 'failed',
  message:
    `a private key that is kept in ${where} cannot be read: put back what was there, or remove it to have a new key`,
});

const named = (name: string, { request, serial, key }: FiledKey, where: string): TE.TaskEither<Problem, NumberedKey> =>
  pipe(numbered(name, request, serial, key), TE.mapLeft(() => unusable(where)));

const keeperOf = (place: Place, found: ReadonlyArray<NumberedKey>): BridgeKeeper => {
  // Keys made in this hook are found from then on; Juju does not return them before the hook has ended.
  const made = new Map<string, PrivateKey>();
  const added: Array<NumberedKey> = [];
  const serials = new Map<string, number>();
  const count = ({ label, serial }: NumberedKey): void =>
    void serials.set(label, Math.max(serial, serials.get(label) ?? 0));
  for (const one of found) count(one);
  const all = (): ReadonlyArray<NumberedKey> => newestFirst([...found, ...added]);
  return {
    keys: all,
    note: () => place.note(added),
    read: (name) => {
      const key = made.get(name);
      return key === undefined ? place.read(name) : TE.right(key);
    },
    make: (request, kind) => {
      const label = labelOf(request);
      const serial = (serials.get(label) ?? 0) + 1;
      const filed: FiledKey = { request, serial, key: newKey(kind) };
      return pipe(
        place.add(filed),
        TE.chain((name) => named(name, filed, 'this hook')),
        TE.map((key) => {
          made.set(key.name, filed.key);
          added.push(key);
          count(key);
        }),
      );
    },
    remove: (keys) => place.remove(keys.map(({ name }) => name)),
  };
};

const nameInFile = ({ request, serial }: Omit<FiledKey, 'key'>): string => `${labelOf(request)}-${serial}`;

/** Keys in the file. */
const inFile = (file: BridgeFile, filed: ReadonlyArray<FiledKey>): TE.TaskEither<Problem, BridgeKeeper> => {
  let kept = filed;
  const write = (keys: ReadonlyArray<FiledKey>): TE.TaskEither<Problem, void> =>
    pipe(
      file.write(keys),
      TE.map(() => {
        kept = keys;
      }),
    );
  const place: Place = {
    read: (name) => {
      const key = kept.find((one) => nameInFile(one) === name)?.key;
      return key === undefined ? TE.left(unusable(file.path)) : TE.right(key);
    },
    add: (one) => pipe(write([...kept, one]), TE.map(() => nameInFile(one))),
    remove: (names) => {
      const gone = new Set(names);
      return gone.size === 0 ? TE.right(undefined) : write(kept.filter((one) => !gone.has(nameInFile(one))));
    },
    note: () => null,
  };
  return pipe(
    filed,
    TE.traverseSeqArray((one) => named(nameInFile(one), one, file.path)),
    TE.map((keys) => keeperOf(place, keys)),
  );
};

/** Keys in secrets, with those that must still be moved from the file. */
const inSecrets = (
  secrets: BridgeSecrets,
  file: BridgeFile,
  filed: ReadonlyArray<FiledKey>,
): TE.TaskEither<Problem, BridgeKeeper> => {
  const there = new Set(secrets.keys.map(({ label }) => label));
  // Another leader may have made one since: then that one counts.
  const toMove = filed.filter(({ request }) => !there.has(labelOf(request)));
  const moved = new Map(toMove.map((one) => [nameInFile(one), one.key]));
  const names = new Map<string, string>();
  const add: Place['add'] = ({ request, serial, key }) => secrets.add(request, labelOf(request), serial, key);
  return pipe(
    filed.length > 0 && toMove.length === 0 ? file.write([]) : TE.right(undefined),
    TE.chainW(() =>
      pipe(
        toMove,
        TE.traverseSeqArray((one) =>
          pipe(
            add(one),
            TE.tapIO((name) => () => names.set(name, nameInFile(one))),
            TE.chain((name) => named(name, one, file.path)),
          )
        ),
      )
    ),
    TE.map((fresh) =>
      keeperOf({
        read: (name) => {
          const key = moved.get(names.get(name) ?? '');
          return key === undefined ? secrets.read(name) : TE.right(key);
        },
        add,
        remove: (gone) => pipe(gone, TE.traverseSeqArray(secrets.remove), TE.map(() => undefined)),
        note: (added) => secrets.note([...fresh, ...added]),
      }, [...secrets.keys, ...fresh])
    ),
  );
};

/** Opens the keys as the leader. `noted` is what the previous hook noted. */
export const openBridgeKeys = (
  { environment: { charmFolder }, tools }: Hook,
  endpoint: string,
  noted: string | undefined,
): TE.TaskEither<Problem, BridgeKeeper> => {
  const file = bridgeFileIn(charmFolder, endpoint);
  return pipe(
    TE.Do,
    TE.bindW('filed', () => file.read),
    TE.bindW('secrets', () => openBridgeSecrets(tools, endpoint, noted)),
    TE.chainW(({ filed, secrets }) => (secrets === null ? inFile(file, filed) : inSecrets(secrets, file, filed))),
  );
};

/** A unit that does not lead keeps no keys; it passes on what it noted. */
export const noBridgeKeys = (noted: string | undefined): BridgeKeeper => ({
  keys: () => [],
  note: () => noted ?? null,
  read: () => TE.left(unusable('another unit')),
  make: () => TE.right(undefined),
  remove: () => TE.right(undefined),
});
