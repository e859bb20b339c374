/**
 * Looking up keys of a databag: own keys only, and empty means absent, since Juju deletes empty values (D23).
 *
 * @module
 */
import { emptyMap } from '../model/codec.ts';
import type { Databag } from '../model/snapshot.ts';

/** The value of a key, or null if it is absent. */
export const lookup = (bag: Databag, key: string): string | null => {
  const value = Object.hasOwn(bag, key) ? bag[key] : undefined;
  return value === undefined || value === '' ? null : value;
};

/** The part of a databag under these keys, in their order. */
export const only = (keys: ReadonlyArray<string>) => (bag: Databag): Databag => {
  const part = emptyMap<string>();
  for (const key of keys) {
    const value = lookup(bag, key);
    if (value !== null) part[key] = value;
  }
  return part;
};
