/**
 * Replaces a kept private key with an overlap: the former key is kept with the new one while its certificates are in use, in the same
 * secret or file, so that both change in one step and a killed hook loses neither.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { KeyKind } from '../../core/keyring/key-kind.ts';
import type { Bag } from '../../core/model/outcome.ts';
import type { Problem } from '../host.ts';
import { keyFileIn, type OwnedKeys } from '../keeping/key-file.ts';
import type { Hook } from './hook.ts';
import { keySecret } from './key-secret.ts';
import { newKey, type OpenedKeys, publicHalves } from './keys.ts';

/** Replaces the kept keys, wherever they are. Only the leader may change those of the application. */
const replaced = (
  { environment: { charmFolder, unit }, tools }: Hook,
  endpoint: string,
  owner: Bag,
  keys: OwnedKeys,
): TE.TaskEither<Problem, void> => {
  const secret = keySecret(tools, owner, unit, endpoint, true);
  return pipe(
    secret.read,
    TE.chainW((found): TE.TaskEither<Problem, void> =>
      found === 'unreadable' ? keyFileIn(charmFolder, endpoint).write(owner, keys) : secret.set(keys)
    ),
  );
};

/** Makes a new key for an owner. `former` is the key whose certificates are used until the new one has its own; null: there are none. */
export const rotateKey = (
  hook: Hook,
  endpoint: string,
  opened: OpenedKeys,
  { owner, kind, former }: { readonly owner: Bag; readonly kind: KeyKind; readonly former: OwnedKeys['former'] },
): TE.TaskEither<Problem, OpenedKeys> => {
  const keys: OwnedKeys = { key: newKey(kind), former };
  return pipe(
    replaced(hook, endpoint, owner, keys),
    TE.chainW(() => publicHalves(owner, 'this hook', keys)),
    TE.map((kept): OpenedKeys => ({
      ...opened,
      keys: { ...opened.keys, [owner]: keys.key },
      former: { ...opened.former, [owner]: former },
      kept: [...opened.kept.filter((one) => one.owner !== owner), ...kept],
    })),
  );
};

/** Forgets the former key of an owner; the one in force stays. */
export const forgetFormerKey = (
  hook: Hook,
  endpoint: string,
  { keys, former }: OpenedKeys,
  owner: Bag,
): TE.TaskEither<Problem, void> => {
  const key = keys[owner];
  return key === null || former[owner] === null
    ? TE.right(undefined)
    : replaced(hook, endpoint, owner, { key, former: null });
};
