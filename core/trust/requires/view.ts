/**
 * What a charm that trusts the certificates of others can read.
 *
 * @module
 */
import type { RelationId } from '../../model/names.ts';
import type { NormalPem } from '../../csr/texts.ts';
import type { TrustVersion } from '../published.ts';
import type { TrustedCertificate } from '../texts.ts';

/** What one application hands out. */
export interface HandedOut {
  /** The relation with it. */
  readonly relationId: RelationId;
  /** Null if Juju does not say. */
  readonly application: string | null;
  /** The version that was read; null if nothing is published yet. */
  readonly version: TrustVersion | null;
  /** Without repeats, sorted. */
  readonly certificates: ReadonlyArray<NormalPem>;
}

/** Everything that the charm can read. */
export interface TrustRequiresView {
  /** Of all relations together, without repeats by DER, sorted by PEM. */
  readonly certificates: ReadonlyArray<TrustedCertificate>;
  /** By relation, in the order of their ids. */
  readonly relations: ReadonlyArray<HandedOut>;
}
