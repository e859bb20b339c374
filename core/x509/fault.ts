/**
 * Everything that can be wrong with what was published, and the verdict that follows from it.
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

/** Something that is wrong, or could be better. A place `at` means one in the path, or of a CA by itself one among those in the value. */
export type Fault =
  | NameMismatch
  | Refusal
  | PathWeakness
  | { readonly code: KeyFault; readonly wrapping?: Wrapping }
  /** The certificate stands behind another one, a CA's mostly; `index` is its place in the value. */
  | { readonly code: 'wrong-order'; readonly index: number }
  /** A private key stands in a value that everybody may read. */
  | { readonly code: 'private-key'; readonly source: VerifiedPart; readonly line: number }
  /** The RSA key may only decipher, which TLS 1.3 does not do. */
  | { readonly code: 'only-key-exchange' }
  /** A certificate of the path ends soon. */
  | ({ readonly code: 'ends-soon' } & End)
  /** One of several CAs is not valid at present, and another one is; `about` is the moment that says so. */
  | { readonly code: 'out-of-date-beside'; readonly at: number; readonly about: string }
  /** A server may not load the value as it stands. */
  | { readonly code: FormFaultCode; readonly source: VerifiedPart | 'key'; readonly line: number };

/** `refused` where a fault is an error, `not-judged` where something is of a kind that is not worked with here. */
export type JudgedAs = 'good' | 'refused' | 'not-judged';

/** The verdict that faults come to. */
export const verdictOf = (faults: ReadonlyArray<Fault>): JudgedAs => {
  const severities: ReadonlySet<FaultSeverity> = new Set(faults.map(severityOf));
  return severities.has('error') ? 'refused' : severities.has('not-judged') ? 'not-judged' : 'good';
};

/** How the form of a value differs from what every server loads. */
export const formFaultsOf = (source: VerifiedPart | 'key', form: ReadonlyArray<FormFault>): ReadonlyArray<Fault> =>
  form.map(({ code, line }) => ({ code, source, line }));

/** What cannot be read in a value, and keys where everybody may read them; of each, the first few. */
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
