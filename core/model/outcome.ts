/**
 * What a side decided: writes, flags that change, the memory to keep, the view for the charm, and findings.
 *
 * An outcome is plain JSON (docs/documents.md, Outcome). Applying it is the host's work; what it makes of a snapshot is told by
 * core/databag/write.ts.
 *
 * @module
 */
import type { Finding } from './finding.ts';
import type { FlagDelta } from './flag.ts';
import type { Memory } from './memory.ts';
import type { RelationId } from './names.ts';
import type { Timestamp } from './snapshot.ts';

/** Whose databag it is: the local unit's, or its application's (only the leader may write that one). */
export type Bag = 'unit' | 'application';

/** The keys of one databag that have to change. */
export interface Write {
  /** The relation to write on. */
  readonly relationId: RelationId;
  /** The databag to write. */
  readonly bag: Bag;
  /** Only keys whose value differs from the published one. */
  readonly set: Readonly<Record<string, string>>;
  /** Only keys that are published. Sorted. */
  readonly delete: ReadonlyArray<string>;
}

/** What a side decided. `View` is what the charm may read. */
export interface Outcome<View = unknown> {
  /** One entry for each relation and bag that changes, ordered by relation id as strings. */
  readonly writes: ReadonlyArray<Write>;
  /** Flags that change. */
  readonly flags: FlagDelta;
  /** What to keep for the next hook. */
  readonly memory: Memory;
  /**
   * When time alone would change this decision, e.g. because a renewal falls due or a certificate ends. Null: never, or the snapshot does
   * not tell the time.
   */
  readonly until: Timestamp | null;
  /** What the charm can read, after the outcome. */
  readonly view: View;
  /** What was noticed. */
  readonly findings: ReadonlyArray<Finding>;
}

/**
 * Nothing to write, set or clear. The memory may still differ: it keeps digests for changes that the charm has been told of.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide } from 'interface-tls-certificates';
 * import { changesNothing } from 'interface-tls-certificates/host';
 * const snapshot = { localUnit: 'web/0', endpoint: 'certificates', relations: [] };
 * const result = decide({ side: 'reactive/requires', snapshot });
 * assert.ok(result._tag === 'Right' && changesNothing(result.right));
 * ```
 */
export const changesNothing = ({ writes, flags }: Outcome): boolean =>
  writes.length === 0 && flags.set.length === 0 && flags.clear.length === 0;
