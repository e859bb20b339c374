/**
 * Flags: names that are set or not set, which tell a charm what it has and what has changed.
 *
 * @module
 */
import { byCodePoint } from './order.ts';

/** A flag with the prefix of its endpoint, e.g. `certificates.ca.changed`. */
export type Flag = string & { readonly flag: unique symbol };

/** The flags that an outcome sets and clears. Both lists are sorted, and no flag is in both. */
export interface FlagDelta {
  /** Sorted. */
  readonly set: ReadonlyArray<Flag>;
  /** Sorted. */
  readonly clear: ReadonlyArray<Flag>;
}

/**
 * The full name of an endpoint's flag.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { flagOf } from 'interface-tls-certificates';
 * assert.equal(flagOf('certificates', 'ca.changed'), 'certificates.ca.changed');
 * ```
 */
export const flagOf = (endpoint: string, name: string): Flag =>
  // Only this function puts a flag's name together.
  `${endpoint}.${name}` as Flag;

/** The flags that differ between two moments. */
export const deltaBetween = (before: ReadonlyArray<Flag>, after: ReadonlyArray<Flag>): FlagDelta => {
  const [old, now] = [new Set(before), new Set(after)];
  return {
    set: [...now].filter((flag) => !old.has(flag)).sort(byCodePoint),
    clear: [...old].filter((flag) => !now.has(flag)).sort(byCodePoint),
  };
};
