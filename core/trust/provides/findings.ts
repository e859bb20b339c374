/**
 * What a charm that hands out certificates notices: one table of codes with their severity.
 *
 * @module
 */
import { type Findings, findingsOf, type Severity } from '../../model/finding.ts';

/** The codes. `docs/findings.md` explains each, its cause and its remedy. */
export type TrustProvidesFindingCode = 'malformed-value';

/** The severity of each code. */
export const TRUST_PROVIDES_FINDINGS: Readonly<Record<TrustProvidesFindingCode, Severity>> = {
  'malformed-value': 'warning',
};

/** A finding of the provider. */
export const finding: Findings<TrustProvidesFindingCode> = findingsOf(TRUST_PROVIDES_FINDINGS);
