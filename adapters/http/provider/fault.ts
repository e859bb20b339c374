/**
 * The bad days of a provider: what it does wrong on purpose, and to whom.
 *
 * @module
 */
import { CERT_TYPES, type CertType } from '../../../core/model/certificate.ts';
import {
  checked,
  type Decoder,
  numberWhere,
  object,
  omittable,
  oneOf,
  required,
  text,
} from '../../../core/model/codec.ts';
import { UnitName } from '../../../core/model/names.ts';

/** Everything that can be done wrong, and what it looks like to a requirer. */
export const FAULTS = {
  'never': 'there is no answer; one that was given is taken away, as if it were revoked',
  'late': 'the answer comes after so many calls, or after so many seconds of the session’s clock',
  'half': 'the certificate comes without its key',
  'malformed': 'the answer breaks off in its middle: the JSON is no JSON, the PEM no PEM',
  'expired': 'the certificate has ended already',
  'ends-soon': 'the certificate ends within days, and is not replaced before it does',
  'wrong-names': 'the certificate is for elsewhere.invalid',
  'wrong-key': 'the key belongs to another certificate',
  'wrong-ca': 'the certificate is signed by a CA of the same name that nobody published',
} as const;

/** What is done wrong. */
export type FaultName = keyof typeof FAULTS;

/** All of them: the keys of a constant table are its names. */
export const FAULT_NAMES: ReadonlyArray<FaultName> = Object.keys(FAULTS) as ReadonlyArray<FaultName>;

/** One thing that is done wrong, to every request that fits. */
export interface Fault {
  readonly fault: FaultName;
  /** Requests of this unit only. */
  readonly unit?: UnitName;
  /** Requests of this kind only. */
  readonly certType?: CertType;
  /** Requests for this common name only. */
  readonly commonName?: string;
  /** With `ends-soon`: days until the end; 1 unless said otherwise. */
  readonly days?: number;
  /** With `late`: calls with the unit's databag that pass without an answer. */
  readonly calls?: number;
  /** With `late`: seconds that pass without one. */
  readonly seconds?: number;
}

const upTo = (most: number, what: string): Decoder<number> =>
  numberWhere(`${what} above 0 and up to ${most}`, (n) => n > 0 && n <= most);

const complaint = ({ fault, days, calls, seconds }: Fault): { path: ReadonlyArray<string>; message: string } | null => {
  if (days !== undefined && fault !== 'ends-soon') return { path: ['days'], message: 'goes with "ends-soon" only' };
  if (fault === 'late') {
    return calls === undefined && seconds === undefined
      ? { path: [], message: 'expected calls or seconds, or both, with "late"' }
      : null;
  }
  const stray = calls === undefined ? seconds === undefined ? null : 'seconds' : 'calls';
  return stray === null ? null : { path: [stray], message: 'goes with "late" only' };
};

/** Decodes a fault; a field that it does not know is an error. */
export const Fault: Decoder<Fault> = checked(
  object<Fault>('closed', {
    fault: required(oneOf(...FAULT_NAMES)),
    unit: omittable(UnitName),
    certType: omittable(oneOf(...CERT_TYPES)),
    commonName: omittable(text()),
    days: omittable(upTo(3_650, 'days')),
    calls: omittable(upTo(1_000, 'calls')),
    seconds: omittable(upTo(31_536_000, 'seconds')),
  }),
  complaint,
);

/** What a fault is looked up by. */
export interface Subject {
  readonly unit: UnitName;
  readonly certType: CertType;
  readonly commonName: string;
}

/** The first fault that fits a request; null for one that is answered well. */
export const faultFor = (faults: ReadonlyArray<Fault>, request: Subject): Fault | null =>
  faults.find(({ unit, certType, commonName }) =>
    (unit === undefined || unit === request.unit) &&
    (certType === undefined || certType === request.certType) &&
    (commonName === undefined || commonName === request.commonName)
  ) ?? null;
