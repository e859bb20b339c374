/**
 * What the requirer notices, in one table of codes and severities.
 *
 * Messages name keys and kinds of values, never content: a malformed value may be half a private key.
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
export type RequiresFindingCode =
  | MalformedCode
  | 'incomplete-answer'
  | 'unasked-answer'
  | 'stale-answer'
  | 'sans-replaced'
  | 'repeat-ignored'
  | 'withdrawn-and-requested'
  | 'no-relation'
  | 'unknown-flag'
  | 'not-a-name';

/** The severity of each code. */
export const REQUIRES_FINDINGS: Readonly<Record<RequiresFindingCode, Severity>> = {
  ...MALFORMED,
  'incomplete-answer': 'warning',
  'unasked-answer': 'info',
  'stale-answer': 'warning',
  'sans-replaced': 'info',
  'repeat-ignored': 'info',
  'withdrawn-and-requested': 'warning',
  'no-relation': 'info',
  'unknown-flag': 'warning',
  'not-a-name': 'warning',
};

/** A finding of the requirer. */
export const finding: Findings<RequiresFindingCode> = findingsOf(REQUIRES_FINDINGS);
