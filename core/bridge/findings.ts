/**
 * What a bridge notices, in one table of codes and severities.
 *
 * @module
 */
import { JUDGED, type JudgedCode } from '../csr/judge.ts';
import { MALFORMED, type MalformedCode } from '../csr/malformed.ts';
import { type Findings, findingsOf, type Severity } from '../model/finding.ts';

/** The codes. `docs/findings.md` explains each, its cause and its remedy. */
export type BridgeFindingCode =
  | JudgedCode
  | MalformedCode
  | 'provider-gone'
  | 'several-relations'
  | 'request-denied'
  | 'request-impossible'
  | 'request-unsupported'
  | 'certificate-revoked'
  | 'key-mismatch'
  | 'made-unused'
  | 'csr-not-passed'
  | 'provider-reactive'
  | 'ca-unknown'
  | 'usage-not-asked';

/** The severity of each code. */
export const BRIDGE_FINDINGS: Readonly<Record<BridgeFindingCode, Severity>> = {
  ...JUDGED,
  ...MALFORMED,
  'provider-gone': 'warning',
  'several-relations': 'info',
  'request-denied': 'warning',
  'request-impossible': 'error',
  'request-unsupported': 'warning',
  'certificate-revoked': 'warning',
  'key-mismatch': 'error',
  'made-unused': 'warning',
  'csr-not-passed': 'error',
  'provider-reactive': 'error',
  'ca-unknown': 'warning',
  'usage-not-asked': 'info',
};

/** A finding of the bridge. */
export const finding: Findings<BridgeFindingCode> = findingsOf(BRIDGE_FINDINGS);
