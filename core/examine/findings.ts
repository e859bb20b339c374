/**
 * What an examination finds, in one table of codes and severities.
 *
 * @module
 */
import { type Findings, findingsOf, type Severity } from '../model/finding.ts';

/** The codes. `docs/findings.md` explains each, its cause and its remedy. */
export type ExamineFindingCode =
  | 'nothing-asked'
  | 'unanswered'
  | 'unasked-answer'
  | 'unit-name-missing'
  | 'unit-name-differs'
  | 'providers-disagree'
  | 'several-relations'
  | 'no-ca'
  | 'unreadable-certificate'
  | 'names-missing'
  | 'name-in-subject-only'
  | 'wrong-purpose'
  | 'key-mismatch'
  | 'key-unusable'
  | 'expired'
  | 'not-yet-valid'
  | 'ends-soon'
  | 'untrusted'
  | 'path-invalid'
  | 'weak-signature'
  | 'weak-key'
  | 'name-unusable'
  | 'client-name-missing'
  | 'negative-serial-number'
  | 'private-key-published'
  | 'wrong-order'
  | 'not-judged'
  | 'pem-form'
  | 'key-label'
  | 'key-exchange-only'
  | 'ca-out-of-date'
  | 'protocols-differ'
  | 'request-denied'
  | 'request-unsupported'
  | 'request-signature-invalid'
  | 'ca-flag-missing'
  | 'certificate-revoked'
  | 'several-answers'
  | 'answered-and-refused'
  | 'leaf-missing'
  | 'chain-disordered'
  | 'issuer-differs'
  | 'root-missing';

/** The severity of each code: that of the faults behind it, from `SEVERITIES` of `./x509`. */
export const EXAMINE_FINDINGS: Readonly<Record<ExamineFindingCode, Severity>> = {
  'nothing-asked': 'info',
  'unanswered': 'warning',
  'unasked-answer': 'info',
  'unit-name-missing': 'warning',
  'unit-name-differs': 'warning',
  'providers-disagree': 'warning',
  'several-relations': 'info',
  'no-ca': 'warning',
  'unreadable-certificate': 'error',
  'names-missing': 'error',
  'name-in-subject-only': 'warning',
  'wrong-purpose': 'error',
  'key-mismatch': 'error',
  'key-unusable': 'error',
  'expired': 'error',
  'not-yet-valid': 'error',
  'ends-soon': 'warning',
  'untrusted': 'error',
  'path-invalid': 'error',
  'weak-signature': 'error',
  'weak-key': 'warning',
  'name-unusable': 'warning',
  'client-name-missing': 'warning',
  'negative-serial-number': 'warning',
  'private-key-published': 'error',
  'wrong-order': 'error',
  'not-judged': 'warning',
  'pem-form': 'warning',
  'key-label': 'warning',
  'key-exchange-only': 'warning',
  'ca-out-of-date': 'warning',
  'protocols-differ': 'error',
  'request-denied': 'warning',
  'request-unsupported': 'warning',
  'request-signature-invalid': 'error',
  'ca-flag-missing': 'warning',
  'certificate-revoked': 'warning',
  'several-answers': 'warning',
  'answered-and-refused': 'warning',
  'leaf-missing': 'warning',
  'chain-disordered': 'warning',
  'issuer-differs': 'warning',
  'root-missing': 'info',
};

/** A finding of an examination. */
export const finding: Findings<ExamineFindingCode> = findingsOf(EXAMINE_FINDINGS);

/** A finding without its place. */
export type Verdict = readonly [code: ExamineFindingCode, message: string];
