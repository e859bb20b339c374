/**
 * Findings about databags that are not what the interface says. Both sides have them.
 *
 * @module
 */
import { type Finding, type Findings, findingsOf, type Place, type Severity } from '../model/finding.ts';
import type { TextOfCertificates } from './texts.ts';

/**
 * A whole value that cannot be used, a certificate in one, and a private key where everybody can read it.
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

/** A finding that both sides have. */
export const malformed: Findings<MalformedCode> = findingsOf(MALFORMED);

/** What is to be said of a text with certificates in it. */
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
