/**
 * Everything that can be wrong with published certificates, and the verdict that follows.
 *
 * @module
 */
import { type BundleFault, MAX_TOLD } from './bundle.ts';
import type { End } from './expiry.ts';
import type { NameMismatch } from './name-match.ts';
import type { FormFault, FormFaultCode } from './pem-form.ts';
import type { KeyFault } from './private-key.ts';
import { type FaultSeverity, severityOf } from './severity.ts';
import type { ReadValue } from './value.ts';
import type { Refusal, VerifiedPart } from './verify.ts';
import type { PathWeakness } from './weak.ts';
import type { Wrapping } from './wrapping.ts';

/** A fault, or something that could be better. A place `at` is one in the path or, for a CA by itself, one among the certificates of the value. */
export type Fault =
  | NameMismatch
  | Refusal
  | PathWeakness
  | { readonly code: KeyFault; readonly wrapping?: Wrapping }
  /** The certificate comes after another one, usually a CA's; `index` is its place in the value. */
  | { readonly code: 'wrong-order'; readonly index: number }
  /** A value that everybody can read contains a private key. */
  | { readonly code: 'private-key'; readonly source: VerifiedPart; readonly line: number }
  /** The RSA key may only decipher, which TLS 1.3 never does. */
  | { readonly code: 'only-key-exchange' }
  /** A certificate of the path ends soon. */
  | ({ readonly code: 'ends-soon' } & End)
  /** One of several CAs is not valid now, and another one is; `about` is the moment that shows it. */
  | { readonly code: 'out-of-date-beside'; readonly at: number; readonly about: string }
  /** A server may fail to load the value as it is. */
  | { readonly code: FormFaultCode; readonly source: VerifiedPart | 'key'; readonly line: number };

/** `refused` if a fault is an error; `not-judged` if something is of an unsupported kind. */
export type JudgedAs = 'good' | 'refused' | 'not-judged';

/** The verdict that follows from faults. */
export const verdictOf = (faults: ReadonlyArray<Fault>): JudgedAs => {
  const severities: ReadonlySet<FaultSeverity> = new Set(faults.map(severityOf));
  return severities.has('error') ? 'refused' : severities.has('not-judged') ? 'not-judged' : 'good';
};

/** How the form of a value differs from what every server loads. */
export const formFaultsOf = (source: VerifiedPart | 'key', form: ReadonlyArray<FormFault>): ReadonlyArray<Fault> =>
  form.map(({ code, line }) => ({ code, source, line }));

/** What is unreadable in a value, and keys where everybody can read them; the first few of each. */
export const valueFaults = (source: VerifiedPart, { faults, wrapping }: ReadValue): ReadonlyArray<Fault> => {
  const isKey = ({ code }: BundleFault): boolean => code === 'private-key';
  return [
    ...faults.filter(isKey).slice(0, MAX_TOLD).map(({ line }): Fault => ({ code: 'private-key', source, line })),
    ...faults.filter((fault) => !isKey(fault)).slice(0, MAX_TOLD).map((fault): Fault => ({
      code: 'unreadable',
      source,
      fault,
      ...(wrapping === null ? {} : { wrapping }),
    })),
  ];
};
