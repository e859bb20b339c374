/**
 * Secrets: what charms keep for themselves in Juju. A hook changes them through {@link HookSecrets}, and the changes count only if the hook
 * ends well.
 *
 * Only the newest revision of a secret is here, since only its owner reads it. A unit writes its own secrets; all units of an application
 * read the application's secrets, and its leader writes them. An expired secret gives its owner a `secret-expired` hook and is gone when
 * that hook has ended well, as charms remove it then.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { UnitName } from '../../core/model/names.ts';
import { byCodePoint } from '../../core/model/order.ts';
import type { Bag } from '../../core/model/outcome.ts';
import type { Timestamp } from '../../core/model/snapshot.ts';
import { leads, type ModelState, own, type SecretContent, type SecretState, without } from './state.ts';

/** What a hook can do with secrets. */
export interface HookSecrets {
  /** The newest content, as this hook has left it; null if there is no such secret. */
  readonly get: (owner: Bag, label: string) => SecretContent | null;
  /** Makes a secret, or a new revision of it. */
  readonly set: (owner: Bag, label: string, content: SecretContent, expire?: Timestamp | null) => void;
  /** Removes a secret, if there is one. */
  readonly remove: (owner: Bag, label: string) => void;
}

/** What changed in one secret, without its content. */
export interface SecretRecord {
  /** The unit or the application. */
  readonly owner: string;
  /** Local to the charm. */
  readonly label: string;
  /** 1 for a new secret; null for one that was removed. */
  readonly revision: number | null;
}

/** One secret as a hook wants it; null: removed. */
interface Draft {
  readonly owner: Bag;
  readonly label: string;
  readonly secret: Pick<SecretState, 'content' | 'expire'> | null;
}

/** The secrets of a hook, and what it wants changed. */
export interface SecretsInHook {
  readonly secrets: HookSecrets;
  readonly drafts: () => ReadonlyArray<Draft>;
}

const ownerOf = (state: ModelState, unit: UnitName, owner: Bag): string =>
  owner === 'unit' ? unit : own(state.units, unit)?.application ?? '';

const secretOf = (state: ModelState, owner: string, label: string): SecretState | undefined =>
  own(own(state.secrets, owner) ?? {}, label);

/** Opens the secrets for a hook of a unit. */
export const secretsIn = (state: ModelState, unit: UnitName): SecretsInHook => {
  const drafts = new Map<string, Draft>();
  const draft = (one: Draft): void => void drafts.set(JSON.stringify([one.owner, one.label]), one);
  return {
    drafts: () => [...drafts.values()],
    secrets: {
      get: (owner, label) => {
        const changed = drafts.get(JSON.stringify([owner, label]));
        if (changed !== undefined) return changed.secret?.content ?? null;
        return secretOf(state, ownerOf(state, unit, owner), label)?.content ?? null;
      },
      set: (owner, label, content, expire = null) => draft({ owner, label, secret: { content, expire } }),
      remove: (owner, label) => draft({ owner, label, secret: null }),
    },
  };
};

/** The state with one secret changed. */
const withSecret = (state: ModelState, owner: string, label: string, secret: SecretState | null): ModelState => {
  const before = own(state.secrets, owner) ?? {};
  const after = secret === null ? without(before, label) : { ...before, [label]: secret };
  return {
    ...state,
    secrets: Object.keys(after).length === 0 ? without(state.secrets, owner) : { ...state.secrets, [owner]: after },
  };
};

/** The state without a secret. */
export const withoutSecret = (state: ModelState, owner: string, label: string): ModelState | null =>
  secretOf(state, owner, label) === undefined ? null : withSecret(state, owner, label, null);

/** The state after a hook's changes are kept, and what changed. `Left` with the reason if Juju would refuse one of them. */
export const secretsAfter = (
  state: ModelState,
  unit: UnitName,
  drafts: ReadonlyArray<Draft>,
): E.Either<string, { readonly state: ModelState; readonly changes: ReadonlyArray<SecretRecord> }> => {
  const changes: Array<SecretRecord> = [];
  let after = state;
  for (const { owner: kind, label, secret } of drafts) {
    const owner = ownerOf(state, unit, kind);
    const before = secretOf(after, owner, label);
    if (secret === null && before === undefined) continue;
    if (kind === 'application' && !leads(state, unit)) {
      return E.left(`it changed the application's secret ${JSON.stringify(label)}, which only the leader may`);
    }
    const revision = secret === null ? null : (before?.revision ?? 0) + 1;
    after = withSecret(after, owner, label, secret === null || revision === null ? null : { ...secret, revision });
    changes.push({ owner, label, revision });
  }
  return E.right({ state: after, changes });
};

/** The labels of a unit's expired secrets; a leader's include those of the application. */
export const expiredOf = (state: ModelState, unit: UnitName): ReadonlyArray<readonly [owner: Bag, label: string]> => {
  const owners: ReadonlyArray<Bag> = leads(state, unit) ? ['unit', 'application'] : ['unit'];
  const now = Date.parse(state.now);
  return owners.flatMap((owner) =>
    Object.entries(own(state.secrets, ownerOf(state, unit, owner)) ?? {})
      .filter(([, { expire }]) => expire !== null && Date.parse(expire) <= now)
      .map(([label]) => [owner, label] as const)
      .sort(([, a], [, b]) => byCodePoint(a, b))
  );
};

/** The label of the secret by which the model wakes a unit. */
export const WAKE_LABEL = 'tls-certificates-wake';

/** The state in which a unit is woken at a moment, or not at all. */
export const wokenAt = (state: ModelState, unit: UnitName, moment: Timestamp | null): ModelState => {
  const before = secretOf(state, unit, WAKE_LABEL);
  if ((before?.expire ?? null) === moment) return state;
  const secret = moment === null ? null : { content: {}, expire: moment, revision: (before?.revision ?? 0) + 1 };
  return withSecret(state, unit, WAKE_LABEL, secret);
};

/** The state after a hook about an expired secret has ended well: the secret is gone, unless the hook gave it more time. */
export const withoutExpired = (state: ModelState, unit: UnitName, owner: Bag, label: string): ModelState =>
  expiredOf(state, unit).some(([kind, other]) => kind === owner && other === label)
    ? withSecret(state, ownerOf(state, unit, owner), label, null)
    : state;
