/**
 * What the provider of the CSR protocol notices, in one table of codes and severities.
 *
 * @module
 */
import { type Findings, findingsOf, type Severity } from '../../model/finding.ts';
import { JUDGED_CHAIN, type JudgedChainCode } from '../judge.ts';
import { MALFORMED, type MalformedCode } from '../malformed.ts';

/** The codes. `docs/findings.md` explains each, its cause and its remedy. */
export type CsrProvidesFindingCode =
  | MalformedCode
  | JudgedChainCode
  | 'key-mismatch'
  | 'unasked-answer'
  | 'answer-withdrawn'
  | 'nothing-to-revoke'
  | 'not-leader';

/** The severity of each code. */
export const CSR_PROVIDES_FINDINGS: Readonly<Record<CsrProvidesFindingCode, Severity>> = {
  ...MALFORMED,
  ...JUDGED_CHAIN,
  'key-mismatch': 'error',
  'unasked-answer': 'info',
  'answer-withdrawn': 'info',
  'nothing-to-revoke': 'warning',
  'not-leader': 'warning',
};

/** A finding of the provider. */
export const finding: Findings<CsrProvidesFindingCode> = findingsOf(CSR_PROVIDES_FINDINGS);
