/**
 * How serious each fault is: one table for everybody who judges, so that a code always means the same.
 *
 * @module
 */
import type { NameMismatch } from './name-match.ts';
import type { PathFaultCode } from './path.ts';
import type { FormFaultCode } from './pem-form.ts';
import type { KeyFault } from './private-key.ts';
import type { SearchFaultCode } from './chain-search.ts';
import type { PathWeakness } from './weak.ts';

/** How serious a fault is. */
export type FaultSeverity =
  /** Clients or servers refuse it: do not install it. */
  | 'error'
  /** Some refuse it, or will. */
  | 'warning'
  /** It is of a kind that is not supported here; nothing is known to be wrong with it. */
  | 'not-judged';

/** The codes of all faults. */
export type FaultCode =
  | NameMismatch['code']
  | KeyFault
  | PathFaultCode
  | SearchFaultCode
  | PathWeakness['code']
  | FormFaultCode
  | 'unreadable'
  | 'time-invalid'
  | 'too-much-work'
  | 'wrong-order'
  | 'private-key'
  | 'only-key-exchange'
  | 'ends-soon'
  | 'out-of-date-beside';

/** The severity of each. docs/judging.md compares them with what others do. */
export const SEVERITIES: Readonly<Record<FaultCode, FaultSeverity>> = {
  'name-missing': 'error',
  'client-name-missing': 'warning',
  'name-unusable': 'warning',
  'common-name-missing': 'error',
  'common-name-only': 'warning',
  'key-missing': 'error',
  'key-unreadable': 'error',
  'key-encrypted': 'error',
  'key-unsupported': 'not-judged',
  'key-mismatch': 'error',
  'not-for-servers': 'error',
  'not-for-clients': 'error',
  'key-usage': 'error',
  'not-a-ca': 'error',
  'may-not-sign': 'error',
  'name-not-permitted': 'error',
  'name-excluded': 'error',
  'name-not-comparable': 'error',
  'no-valid-policy': 'error',
  'policy-mapping-invalid': 'error',
  'not-yet-valid': 'error',
  'expired': 'error',
  'unknown-critical-extension': 'error',
  'extension-not-judged': 'not-judged',
  'critical-key-identifier': 'error',
  'ca-version-1': 'not-judged',
  'own-key-too-short': 'error',
  'own-key-unsupported': 'not-judged',
  'path-length-exceeded': 'error',
  'empty-name': 'error',
  'too-many-names': 'error',
  'too-many-policies': 'error',
  'signature-invalid': 'error',
  'signature-hash-broken': 'error',
  'signature-algorithm-unsupported': 'not-judged',
  'key-too-short': 'error',
  'issuer-not-found': 'error',
  'key-identifier-mismatch': 'error',
  'ca-not-trusted': 'error',
  'ca-not-a-root': 'error',
  'loop': 'error',
  'path-too-long': 'error',
  'broken-hash': 'error',
  'short-key': 'warning',
  'serial-negative': 'warning',
  'byte-order-mark': 'warning',
  'indented': 'warning',
  'strange-blanks': 'warning',
  'carriage-returns': 'warning',
  'blank-line': 'warning',
  'old-label': 'warning',
  'key-label': 'warning',
  'unreadable': 'error',
  'time-invalid': 'error',
  'too-much-work': 'error',
  'wrong-order': 'error',
  'private-key': 'error',
  'only-key-exchange': 'warning',
  'ends-soon': 'warning',
  'out-of-date-beside': 'warning',
};

/**
 * The severity of a fault.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { severityOf } from 'interface-tls-certificates/x509';
 * assert.equal(severityOf({ code: 'expired' }), 'error');
 * assert.equal(severityOf({ code: 'serial-negative' }), 'warning');
 * ```
 */
export const severityOf = ({ code }: { readonly code: FaultCode }): FaultSeverity => SEVERITIES[code];

/** Whether a code only says that something is not judged. */
export const isNotJudged = (code: FaultCode): boolean => SEVERITIES[code] === 'not-judged';
