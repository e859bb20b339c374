/**
 * Looks up a key of a databag: own keys only, and an empty value counts as absent, since Juju deletes empty values (D23).
 *
 * @module
 */
import type { Databag } from '../model/snapshot.ts';

/** The value of a key, or null if it is absent. */
export const lookup = (bag: Databag, key: string): string | null => {
  const value = Object.hasOwn(bag, key) ? bag[key] : undefined;
  return value === undefined || value === '' ? null : value;
};
