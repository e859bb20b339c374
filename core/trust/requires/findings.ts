/**
 * What a charm that trusts the certificates of others notices: one table of codes with their severity.
 *
 * @module
 */
import { type Findings, findingsOf, type Severity } from '../../model/finding.ts';
import { MALFORMED, type MalformedCode } from '../malformed.ts';

/** The codes. `docs/findings.md` explains each, its cause and its remedy. */
export type TrustRequiresFindingCode = MalformedCode | 'unknown-flag';

/** The severity of each code. */
export const TRUST_REQUIRES_FINDINGS: Readonly<Record<TrustRequiresFindingCode, Severity>> = {
  ...MALFORMED,
  'unknown-flag': 'warning',
};

/** A finding of the requirer. */
export const finding: Findings<TrustRequiresFindingCode> = findingsOf(TRUST_REQUIRES_FINDINGS);
