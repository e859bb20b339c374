/**
 * The keys that a bridge keeps: one for each request, and for a while the one before it.
 *
 * @module
 */
import type { KeyRank, OwnersKeys } from '../csr/requires/keys.ts';
import type { PublicKeyText } from '../model/snapshot.ts';
import type { KeyLabel, RequestId } from './request-id.ts';

/** The public half of a key that the host keeps. */
export interface BridgeKey {
  /** The label of the request that it is for. */
  readonly label: KeyLabel;
  /** That request, kept with the key, so that a new leader knows what the key is for. */
  readonly request: RequestId;
  /** The keeper's name for it. */
  readonly name: string;
  /** The SPKI's DER in base64. */
  readonly publicKey: PublicKeyText;
}

/** A host's keys, by request. */
export interface BridgeKeys {
  readonly of: (label: KeyLabel) => ReadonlyArray<BridgeKey>;
  readonly ownerOf: (key: PublicKeyText) => BridgeKey | null;
}

/** Reads a host's keys. A key that is kept for two requests only counts for the first. */
export const bridgeKeys = (keys: ReadonlyArray<BridgeKey>): BridgeKeys => {
  const byKey = new Map<PublicKeyText, BridgeKey>();
  const byLabel = new Map<KeyLabel, Array<BridgeKey>>();
  for (const key of keys) {
    if (byKey.has(key.publicKey)) continue;
    byKey.set(key.publicKey, key);
    const others = byLabel.get(key.label);
    if (others === undefined) byLabel.set(key.label, [key]);
    else others.push(key);
  }
  return { of: (label) => byLabel.get(label) ?? [], ownerOf: (key) => byKey.get(key) ?? null };
};

/** The key of a request that is in force: the first that is not spoilt by a revoked certificate. */
export const inForce = (
  keys: ReadonlyArray<BridgeKey>,
  isSpoilt: (key: PublicKeyText) => boolean,
): BridgeKey | null => keys.find(({ publicKey }) => !isSpoilt(publicKey)) ?? null;

/** How the keys of a request count, given the one in force. */
export const ranked = (keys: ReadonlyArray<BridgeKey>, current: BridgeKey | null): OwnersKeys => {
  const names = new Map(keys.map(({ publicKey, name }) => [publicKey, name]));
  return {
    rankOf: (key): KeyRank => key === current?.publicKey ? 'in force' : names.has(key) ? 'older' : 'unknown',
    nameOf: (key) => names.get(key) ?? null,
  };
};
