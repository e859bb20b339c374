/**
 * Private keys of a unit and its application, kept where the Python library keeps them: in Juju secrets under its labels or, before Juju 3,
 * in a file that only the hook's user can read.
 *
 * A charm that switches between the two libraries keeps every key, and so every certificate. A key leaves this room in two ways: its public
 * half for the snapshot, and the key itself for the keyring and the installation. Source: docs/hook-configuration.md, The CSR protocol.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import process from 'node:process';
import type { PrivateKey } from '../../core/model/certificate.ts';
import type { Bag } from '../../core/model/outcome.ts';
import type { KeptKey, PublicKeyText } from '../../core/model/snapshot.ts';
import { openKey } from '../../core/x509/key.ts';
import type { HostError, Problem } from '../host.ts';
import type { KeyKind } from '../../core/keyring/key-kind.ts';
import type { Hook } from './hook.ts';
import { keyFileIn, type OwnedKeys } from '../keeping/key-file.ts';
import { keySecret } from './key-secret.ts';

/** Keys by their owner; null: there is none. */
export type PrivateKeys = { readonly [B in Bag]: PrivateKey | null };

/** The keys of a unit as opened in a hook. */
export interface OpenedKeys {
  /** The keys in force. */
  readonly keys: PrivateKeys;
  /** The keys before them, while their certificates are in use. */
  readonly former: PrivateKeys;
  /** The public halves, for a snapshot: for each owner the key in force first. */
  readonly kept: ReadonlyArray<KeptKey>;
  /** Whether units can share a key: before Juju 3 there are no secrets, and each keeps its own file. */
  readonly canShare: boolean;
}

/** What was found for one owner. */
interface Opened {
  readonly isSecret: boolean;
  /** Null if there is no key, and none was made. */
  readonly found: { readonly keys: OwnedKeys; readonly where: string } | null;
}

/** The name that a view uses for an owner's key. */
export const keyNameOf = (owner: Bag, which: keyof OwnedKeys): string => (which === 'key' ? owner : `former-${owner}`);

/** All opened keys, by those names. */
export const keysByName = ({ keys, former }: Pick<OpenedKeys, 'keys' | 'former'>): ReadonlyMap<string, PrivateKey> =>
  new Map(
    (['unit', 'application'] as const).flatMap((owner) =>
      ([[keys[owner], 'key'], [former[owner], 'former']] as const).flatMap(([key, which]) =>
        key === null ? [] : [[keyNameOf(owner, which), key] as const]
      )
    ),
  );

/** Which keys are opened, and how to make one. */
export interface KeyWishes {
  readonly owners: ReadonlyArray<Bag>;
  readonly leads: boolean;
  /** The kind of key to make; null: none is made, since nothing asks for it yet. Only determined if a key is missing. */
  readonly make: TE.TaskEither<Problem, KeyKind | null>;
}

/** In the traditional form without a final newline, as the Python library writes it. */
export const newKey = (kind: KeyKind): PrivateKey => {
  // Only loaded now: that takes longer than everything else that most hooks do with keys.
  const { generateKeyPairSync } = process.getBuiltinModule('node:crypto');
  const publicKeyEncoding = { type: 'spki', format: 'pem' } as const;
  const { privateKey } = kind === 'P-256' || kind === 'P-384'
    ? generateKeyPairSync('ec', {
      namedCurve: kind,
      publicKeyEncoding,
      privateKeyEncoding: { type: 'sec1', format: 'pem' },
    })
    : generateKeyPairSync('rsa', {
      modulusLength: Number(kind.slice('RSA-'.length)),
      publicKeyEncoding,
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    });
  // It was just made.
  return privateKey.trim() as PrivateKey;
};

const unusable = (owner: Bag, where: string, how: string): HostError => ({
  _tag: 'HostError',
  reason: 'failed',
  message: `the ${owner}'s private key that is kept in ${where} ${how}: put back what was there, ` +
    `or remove it to have a new key and new certificates`,
});

/** The public half; an unusable key is an error, because a new one in its place would cause every certificate to be reissued. */
const publicHalf = (
  owner: Bag,
  where: string,
  key: PrivateKey,
  which: keyof OwnedKeys,
): TE.TaskEither<HostError, KeptKey> =>
async () => {
  const own = await openKey(key)();
  if (E.isLeft(own)) return E.left(unusable(owner, where, 'cannot be read'));
  // This is what the type says.
  const publicKey = Buffer.from(own.right.spki).toString('base64') as PublicKeyText;
  return E.right({ owner, name: keyNameOf(owner, which), publicKey });
};

/** The public halves of an owner's keys, the one in force first. */
export const publicHalves = (
  owner: Bag,
  where: string,
  { key, former }: OwnedKeys,
): TE.TaskEither<HostError, ReadonlyArray<KeptKey>> =>
  pipe(
    former === null ? [['key', key] as const] : [['key', key] as const, ['former', former] as const],
    TE.traverseSeqArray(([which, one]) => publicHalf(owner, where, one, which)),
  );

/** Opens the keys of an endpoint. A missing one is made and kept, if this unit may. */
export const openKeys = (
  { environment: { charmFolder, unit }, tools }: Hook,
  endpoint: string,
  { owners, leads, make }: KeyWishes,
): TE.TaskEither<Problem, OpenedKeys> => {
  const file = keyFileIn(charmFolder, endpoint);

  const open = (owner: Bag): TE.TaskEither<Problem, Opened> => {
    const secret = keySecret(tools, owner, unit, endpoint, leads);
    const mayKeep = owner === 'unit' || leads;
    return pipe(
      TE.Do,
      TE.bindW('inSecret', () => secret.read),
      TE.bindW('inFile', () => file.read(owner)),
      TE.chainW(({ inSecret, inFile }): ReturnType<typeof open> => {
        const atSecret = `the secret ${secret.label}`;
        if (typeof inSecret === 'object') {
          const { key, former } = inSecret;
          if (key === null) return TE.left(unusable(owner, atSecret, 'has no field private-key'));
          // A readable secret is permanent: what was in the file before has been moved into it.
          return pipe(
            inFile === null ? TE.right(undefined) : file.remove(owner),
            TE.map(() => ({ isSecret: true, found: { keys: { key, former }, where: atSecret } })),
          );
        }
        const isSecret = inSecret === 'absent';
        // A key of the application that this unit kept as its leader before Juju 3 no longer belongs to the application.
        const own = isSecret && !mayKeep ? null : inFile;
        const where = isSecret ? atSecret : file.path;
        const keeping = (keys: OwnedKeys): TE.TaskEither<Problem, unknown> =>
          isSecret ? secret.add(keys) : own === null ? file.write(owner, keys) : TE.right(undefined);
        return pipe(
          own !== null || !mayKeep ? TE.right(own) : pipe(
            make,
            TE.map((kind): OwnedKeys | null => kind === null ? null : { key: newKey(kind), former: null }),
          ),
          TE.chain((keys): ReturnType<typeof open> =>
            keys === null
              ? TE.right({ isSecret, found: null })
              : pipe(keeping(keys), TE.map(() => ({ isSecret, found: { where, keys } })))
          ),
        );
      }),
    );
  };

  return pipe(
    owners,
    TE.traverseSeqArray((owner) =>
      pipe(
        open(owner),
        TE.chainW(({ isSecret, found }) =>
          pipe(
            found === null ? TE.right([]) : publicHalves(owner, found.where, found.keys),
            TE.map((kept) => ({ owner, isSecret, keys: found?.keys ?? null, kept })),
          )
        ),
      )
    ),
    TE.map((all): OpenedKeys => {
      const of = (owner: Bag, which: keyof OwnedKeys): PrivateKey | null =>
        all.find((one) => one.owner === owner)?.keys?.[which] ?? null;
      return {
        keys: { unit: of('unit', 'key'), application: of('application', 'key') },
        former: { unit: of('unit', 'former'), application: of('application', 'former') },
        kept: all.flatMap(({ kept }) => kept),
        canShare: all.every(({ isSecret }) => isSecret),
      };
    }),
  );
};
