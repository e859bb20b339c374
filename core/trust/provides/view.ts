/**
 * What a charm can read that hands out certificates: who takes them, and in which version.
 *
 * @module
 */
import type { RelationId } from '../../model/names.ts';

/** Whom certificates are handed to. */
export interface HandedTo {
  /** The relation that it is about. */
  readonly relationId: RelationId;
  /** Null where Juju does not say. */
  readonly application: string | null;
  /** The version that the application says it speaks; null where it says nothing, as in version 0. */
  readonly version: number | null;
}

/** All that the charm can read. */
export interface TrustProvidesView {
  /** In the order of the relations' ids. */
  readonly relations: ReadonlyArray<HandedTo>;
}
