/**
 * Flags: names that are set or not set, by which a charm learns what is there and what has changed.
 *
 * @module
 */
import { byCodePoint } from './order.ts';

/** A flag with its endpoint's prefix, e.g. `certificates.ca.changed`. */
export type Flag = string & { readonly flag: unique symbol };

/** The flags that an outcome sets and clears. Both lists are sorted; a flag is in at most one of them. */
export interface FlagDelta {
  /** Sorted. */
  readonly set: ReadonlyArray<Flag>;
  /** Sorted. */
  readonly clear: ReadonlyArray<Flag>;
}

/**
 * The flag of an endpoint by its name without prefix.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { flagOf } from 'interface-tls-certificates';
 * assert.equal(flagOf('certificates', 'ca.changed'), 'certificates.ca.changed');
 * ```
 */
export const flagOf = (endpoint: string, name: string): Flag =>
  // The one place where a flag's name is put together.
  `${endpoint}.${name}` as Flag;

/** The flags that differ between two moments. */
export const deltaBetween = (before: ReadonlyArray<Flag>, after: ReadonlyArray<Flag>): FlagDelta => {
  const [old, now] = [new Set(before), new Set(after)];
  return {
    set: [...now].filter((flag) => !old.has(flag)).sort(byCodePoint),
    clear: [...old].filter((flag) => !now.has(flag)).sort(byCodePoint),
  };
};
