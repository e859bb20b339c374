/**
 * The keys that the host keeps for one owner: which one is in force, and which are older.
 *
 * @module
 */
import type { Bag } from '../../model/outcome.ts';
import type { KeptKey, PublicKeyText, Snapshot } from '../../model/snapshot.ts';

/** How a key counts: `unknown` means that the host has no private half of it. */
export type KeyRank = 'in force' | 'older' | 'unknown';

/** The keys of one owner. */
export interface OwnersKeys {
  readonly rankOf: (key: PublicKeyText) => KeyRank;
  readonly nameOf: (key: PublicKeyText) => string | null;
}

/** If nothing is known of keys, each of them counts: CSRs are judged by content alone. */
const nothingKnown: OwnersKeys = { rankOf: () => 'in force', nameOf: () => null };

const keysOf = (kept: ReadonlyArray<KeptKey>): OwnersKeys => {
  const names = new Map<PublicKeyText, string>();
  for (const { publicKey, name } of kept) if (!names.has(publicKey)) names.set(publicKey, name);
  const inForce = kept[0]?.publicKey;
  return {
    rankOf: (key) => (key === inForce ? 'in force' : names.has(key) ? 'older' : 'unknown'),
    nameOf: (key) => names.get(key) ?? null,
  };
};

/** The keys of a snapshot, by the databag that holds the CSRs of their owner. */
export const keysByBag = ({ keys }: Snapshot): { readonly [B in Bag]: OwnersKeys } =>
  keys === undefined ? { unit: nothingKnown, application: nothingKnown } : {
    unit: keysOf(keys.filter(({ owner }) => owner === 'unit')),
    application: keysOf(keys.filter(({ owner }) => owner === 'application')),
  };
