/**
 * What a charm can read that trusts the certificates of others.
 *
 * @module
 */
import type { RelationId } from '../../model/names.ts';
import type { NormalPem } from '../../csr/texts.ts';
import type { TrustVersion } from '../published.ts';
import type { TrustedCertificate } from '../texts.ts';

/** What one application hands out. */
export interface HandedOut {
  /** The relation that it is about. */
  readonly relationId: RelationId;
  /** Null where Juju does not say. */
  readonly application: string | null;
  /** The version that was read; null where nothing is published yet. */
  readonly version: TrustVersion | null;
  /** Each once, sorted. */
  readonly certificates: ReadonlyArray<NormalPem>;
}

/** All that the charm can read. */
export interface TrustRequiresView {
  /** Of all relations together: each once by its DER, sorted by PEM. */
  readonly certificates: ReadonlyArray<TrustedCertificate>;
  /** By relation, in the order of their ids. */
  readonly relations: ReadonlyArray<HandedOut>;
}
