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
  readonly relationId: RelationId;
  /** Who trusts, and who hands out; null where Juju does not say. */
  readonly requirer: ApplicationName | null;
  readonly provider: ApplicationName | null;
  /** What the provider's application published; null where nobody saw it. */
  readonly application: Databag | null;
  /** What the provider's units published, of those that were seen. */
  readonly units: ReadonlyArray<{ readonly unit: UnitName; readonly bag: Databag }>;
  /** Whether it was assumed who hands out: what was read does not tell it. */
  readonly areRolesAssumed: boolean;
}

/** What came out of a relation for trust. */
export interface TrustExamination {
  readonly relationId: RelationId;
  readonly requirer: ApplicationName | null;
  readonly provider: ApplicationName | null;
  /** The version that is published; null where nothing is. */
  readonly version: TrustVersion | null;
  /** Whether anything that the provider publishes was seen. */
  readonly isSeen: boolean;
  readonly areRolesAssumed: boolean;
  /** Each once, in the order in which they were published. */
  readonly certificates: ReadonlyArray<Description>;
  readonly findings: ReadonlyArray<Finding>;
}
