/**
 * Findings about databags that break the rules of the protocol, and in which databag a fault was found.
 *
 * @module
 */
import type { EntryFault } from '../databag/entries.ts';
import { type Finding, type Findings, findingsOf, type Place, type Severity } from '../model/finding.ts';

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

const finding: Findings<MalformedCode> = findingsOf(MALFORMED);

/** The findings about faults in the value of a key. */
export const malformedIn = (place: Place, faults: ReadonlyArray<EntryFault<number>>): ReadonlyArray<Finding> =>
  faults.map(({ at, message }) =>
    at === null
      ? finding('malformed-value', place, message)
      : finding('malformed-entry', { ...place, index: at }, message)
  );
