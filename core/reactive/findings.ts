/**
 * What the requirer notices: one table of codes with their severity, and the constructors.
 *
 * Messages name keys and kinds of values, never content: what is malformed may be half a private key.
 *
 * @module
 */
import { hidingKeys } from '../model/certificate.ts';
import type { Finding, Place, Severity } from '../model/finding.ts';

/** The codes. `docs/findings.md` tells what each stands for, its cause and its remedy. */
export type RequiresFindingCode =
  | 'malformed-value'
  | 'malformed-entry'
  | 'incomplete-answer'
  | 'unasked-answer'
  | 'stale-answer'
  | 'sans-replaced'
  | 'repeat-ignored'
  | 'withdrawn-and-requested'
  | 'no-relation'
  | 'unknown-flag';

/** The severity of each code. */
export const REQUIRES_FINDINGS: Readonly<Record<RequiresFindingCode, Severity>> = {
  'malformed-value': 'warning',
  'malformed-entry': 'warning',
  'incomplete-answer': 'warning',
  'unasked-answer': 'info',
  'stale-answer': 'warning',
  'sans-replaced': 'info',
  'repeat-ignored': 'info',
  'withdrawn-and-requested': 'warning',
  'no-relation': 'info',
  'unknown-flag': 'warning',
};

const withoutKeys = (place: Place): Place =>
  place.commonName === undefined ? place : { ...place, commonName: hidingKeys(place.commonName) };

/** A finding of the requirer. */
export const finding = (code: RequiresFindingCode, place: Place, message: string): Finding<RequiresFindingCode> => ({
  code,
  severity: REQUIRES_FINDINGS[code],
  place: withoutKeys(place),
  message,
});
