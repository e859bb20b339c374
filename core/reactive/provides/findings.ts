/**
 * What the provider notices, in one table of codes and severities.
 *
 * @module
 */
import { type Findings, findingsOf, type Severity } from '../../model/finding.ts';
import { MALFORMED, type MalformedCode } from '../malformed.ts';

/**
 * The codes. `docs/findings.md` explains each, its cause and its remedy.
 *
 * @internal
 */
export type ProvidesFindingCode =
  | MalformedCode
  | 'incomplete-answer'
  | 'unasked-answer'
  | 'request-refused'
  | 'answer-withdrawn'
  | 'unit-name-taken'
  | 'unit-name-unfit';

/** The severity of each code. */
export const PROVIDES_FINDINGS: Readonly<Record<ProvidesFindingCode, Severity>> = {
  ...MALFORMED,
  'incomplete-answer': 'warning',
  'unasked-answer': 'info',
  'request-refused': 'warning',
  'answer-withdrawn': 'info',
  'unit-name-taken': 'warning',
  'unit-name-unfit': 'warning',
};

/** A finding of the provider. */
export const finding: Findings<ProvidesFindingCode> = findingsOf(PROVIDES_FINDINGS);
