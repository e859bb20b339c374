/**
 * A relation of `certificate_transfer`: what one side was seen to hand out, and what comes out of it.
 *
 * @module
 */
import type { Finding } from '../model/finding.ts';
import type { ApplicationName, RelationId, UnitName } from '../model/names.ts';
import type { Databag } from '../model/snapshot.ts';
import type { TrustVersion } from '../trust/published.ts';
import type { Description } from '../x509/mod.ts';

/** A relation for trust, as far as it was seen. */
export interface TrustExchange {
  /** The relation. */
  readonly relationId: RelationId;
  /** Who trusts; null if Juju does not say. */
  readonly requirer: ApplicationName | null;
  /** Who hands out; null if Juju does not say. */
  readonly provider: ApplicationName | null;
  /** What the provider's application published; null if nobody saw it. */
  readonly application: Databag | null;
  /** What those of the provider's units that were seen published. */
  readonly units: ReadonlyArray<{ readonly unit: UnitName; readonly bag: Databag }>;
  /** Whether it was assumed who hands out, because the input does not say. */
  readonly areRolesAssumed: boolean;
}

/** The result for a relation for trust. */
export interface TrustExamination {
  /** The relation. */
  readonly relationId: RelationId;
  /** Who trusts; null if Juju does not say. */
  readonly requirer: ApplicationName | null;
  /** Who hands out; null if Juju does not say. */
  readonly provider: ApplicationName | null;
  /** The published version; null if nothing is published. */
  readonly version: TrustVersion | null;
  /** Whether anything that the provider publishes was seen. */
  readonly isSeen: boolean;
  /** Whether it was assumed who hands out, because the input does not say. */
  readonly areRolesAssumed: boolean;
  /** Without repeats, in the order of publication. */
  readonly certificates: ReadonlyArray<Description>;
  /** What was noticed. */
  readonly findings: ReadonlyArray<Finding>;
}
