/**
 * What the requirer of the CSR protocol notices, in one table of codes and severities.
 *
 * @module
 */
import { type Findings, findingsOf, type Severity } from '../../model/finding.ts';
import { JUDGED, type JudgedCode } from '../judge.ts';
import { MALFORMED, type MalformedCode } from '../malformed.ts';

/** The codes. `docs/findings.md` explains each, its cause and its remedy. */
export type CsrRequiresFindingCode =
  | MalformedCode
  | JudgedCode
  | 'key-mismatch'
  | 'no-relation'
  | 'several-relations'
  | 'unknown-flag'
  | 'request-impossible'
  | 'request-denied'
  | 'request-unsupported'
  | 'certificate-revoked'
  | 'several-answers'
  | 'answered-and-refused'
  | 'made-unused'
  | 'nothing-to-renew'
  | 'renewal-without-change';

/** The severity of each code. */
export const CSR_REQUIRES_FINDINGS: Readonly<Record<CsrRequiresFindingCode, Severity>> = {
  ...MALFORMED,
  ...JUDGED,
  'key-mismatch': 'error',
  'no-relation': 'info',
  'several-relations': 'info',
  'unknown-flag': 'warning',
  'request-impossible': 'error',
  'request-denied': 'warning',
  'request-unsupported': 'warning',
  'certificate-revoked': 'warning',
  'several-answers': 'warning',
  'answered-and-refused': 'warning',
  'made-unused': 'warning',
  'nothing-to-renew': 'warning',
  'renewal-without-change': 'warning',
};

/** A finding of the requirer. */
export const finding: Findings<CsrRequiresFindingCode> = findingsOf(CSR_REQUIRES_FINDINGS);
