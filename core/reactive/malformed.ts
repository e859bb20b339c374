/**
 * The findings that both sides report: databag values that break the rules of the protocol.
 *
 * @module
 */
import { type Findings, findingsOf, type Severity } from '../model/finding.ts';

/**
 * A whole value that is unusable, and an unusable entry of one.
 *
 * @internal
 */
export type MalformedCode = 'malformed-value' | 'malformed-entry';

/** The severity of each code. */
export const MALFORMED: Readonly<Record<MalformedCode, Severity>> = {
  'malformed-value': 'warning',
  'malformed-entry': 'warning',
};

/** A finding about a malformed value. */
export const malformed: Findings<MalformedCode> = findingsOf(MALFORMED);
