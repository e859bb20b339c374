/**
 * Findings about databags that break the rules of the interface. Both sides report them.
 *
 * @module
 */
import { type Finding, type Findings, findingsOf, type Place, type Severity } from '../model/finding.ts';
import type { TextOfCertificates } from './texts.ts';

/**
 * A whole value that is unusable, a single unusable certificate, and a private key where everybody can read it.
 *
 * @internal
 */
export type MalformedCode = 'malformed-value' | 'malformed-entry' | 'private-key-published';

/** The severity of each code. */
export const MALFORMED: Readonly<Record<MalformedCode, Severity>> = {
  'malformed-value': 'warning',
  'malformed-entry': 'warning',
  'private-key-published': 'error',
};

/** A finding that both sides report. */
export const malformed: Findings<MalformedCode> = findingsOf(MALFORMED);

/** What to report about a text that should hold certificates. */
export const saidOf = (place: Place, { fault, hasKey }: TextOfCertificates): ReadonlyArray<Finding> => [
  ...(fault === null
    ? []
    : [malformed(place.index === undefined ? 'malformed-value' : 'malformed-entry', place, fault)]),
  ...(hasKey
    ? [
      malformed(
        'private-key-published',
        place,
        'a private key stands where certificates are: everybody here can read it',
      ),
    ]
    : []),
];
