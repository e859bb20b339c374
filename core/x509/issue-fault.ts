/**
 * Why nothing was issued, whether a root, a certificate, or a certificate for someone else's request.
 *
 * @module
 */
import type { PathFault } from './path.ts';
import type { KeyFault } from './private-key.ts';
import type { RequestFault } from './request.ts';
import type { NameFault } from './subject.ts';

/** Why nothing was issued. */
export type IssueFault =
  | NameFault
  | { readonly code: KeyFault; readonly whose: 'issuer' | 'holder' }
  | { readonly code: RequestFault }
  /** The dates are invalid, in the wrong order, or outside the range of a certificate. */
  | { readonly code: 'validity-invalid' }
  /** The certificate would be valid at times when its issuer is not. */
  | { readonly code: 'validity-exceeds-issuer' }
  | { readonly code: 'issuer-unreadable' }
  /** The issuer's certificate does not belong to a CA that may sign. */
  | { readonly code: 'issuer-not-a-ca' }
  /** The issuer allows no such CA below it, or the limit asked for is not a valid number. */
  | { readonly code: 'path-length-invalid' }
  /** The issuer must not issue this, e.g. because of its name constraints or purposes. */
  | { readonly code: 'refused-for-issuer'; readonly faults: ReadonlyArray<PathFault> }
  /** The random source did not give 16 bytes. */
  | { readonly code: 'random-invalid' }
  /** The runtime did not sign. */
  | { readonly code: 'signing-failed' };
