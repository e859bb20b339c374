/**
 * What a requirer of either protocol notices: the findings of its halves, and its own.
 *
 * @module
 */
import { CSR_REQUIRES_FINDINGS, type CsrRequiresFindingCode } from '../../csr/requires/findings.ts';
import { type Findings, findingsOf, type Severity } from '../../model/finding.ts';
import { REQUIRES_FINDINGS, type RequiresFindingCode } from '../../reactive/requires/findings.ts';

/** The codes. `docs/findings.md` explains each, its cause and its remedy. */
export type AnyRequiresFindingCode = RequiresFindingCode | CsrRequiresFindingCode | 'request-narrowed';

/** The severity of each code. */
export const ANY_REQUIRES_FINDINGS: Readonly<Record<AnyRequiresFindingCode, Severity>> = {
  ...REQUIRES_FINDINGS,
  ...CSR_REQUIRES_FINDINGS,
  'request-narrowed': 'info',
};

/** A finding of the requirer. */
export const finding: Findings<AnyRequiresFindingCode> = findingsOf(ANY_REQUIRES_FINDINGS);
