/**
 * What the charm that hands out certificates can read: who receives them, and in which version.
 *
 * @module
 */
import type { RelationId } from '../../model/names.ts';

/** A receiver of certificates. */
export interface HandedTo {
  /** The relation with it. */
  readonly relationId: RelationId;
  /** Null if Juju does not say. */
  readonly application: string | null;
  /** The version that the application announces; null if it announces none, as in version 0. */
  readonly version: number | null;
}

/** Everything that the charm can read. */
export interface TrustProvidesView {
  /** In the order of the relations' ids. */
  readonly relations: ReadonlyArray<HandedTo>;
}
