/**
 * The bad days of a provider: how it misbehaves on purpose, and towards whom.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { CERT_TYPES, type CertType } from '../../core/model/certificate.ts';
import {
  checked,
  type Decoder,
  named,
  numberIn,
  object,
  omittable,
  oneOf,
  required,
  ruled,
  text,
} from '../../core/model/codec.ts';
import { UnitName } from '../../core/model/names.ts';
import { PASSED } from '../../core/model/passed.ts';
import type { AsJson, Rule } from '../../core/model/schema.ts';
import type { ProtocolName } from './protocol.ts';

/** Every kind of misbehaviour, and what it looks like to a requirer. */
export const FAULTS = {
  'never': 'there is no answer; one that was given is taken away',
  'late': 'the answer comes after so many calls, or after so many seconds of the session’s clock',
  'half': 'the certificate comes without its key',
  'half-answered': 'every second request gets no answer',
  'malformed': 'the answer breaks off in its middle: the JSON is no JSON, the PEM no PEM',
  'malformed-entry': 'the certificate breaks off in its middle, in a list that is whole',
  'expired': 'the certificate has ended already',
  'ends-soon': 'the certificate ends within days, and is not replaced before it does',
  'wrong-names': 'the certificate is for elsewhere.invalid',
  'wrong-key': 'the certificate and the key do not belong together',
  'wrong-ca': 'the certificate is signed by a CA of the same name that nobody published',
  'reversed-chain': 'the chain begins with the root and ends with the certificate',
  'leaf-missing': 'the chain lacks the certificate, which should be its first',
  'empty-chain': 'the chain is empty',
  'revoked': 'the certificate is marked as revoked',
  'denied': 'the request is refused, with the code 999 unless said otherwise',
  'no-leader': 'the provider has no leader: what is published stays, and nobody is answered until another unit leads',
} as const;

/** A kind of misbehaviour. */
export type FaultName = keyof typeof FAULTS;

/** All of them: the keys of a constant table are its names. */
export const FAULT_NAMES: ReadonlyArray<FaultName> = Object.keys(FAULTS) as ReadonlyArray<FaultName>;

/** Misbehaviour that both protocols have. */
const OF_BOTH: ReadonlyArray<FaultName> = [
  'never',
  'late',
  'malformed',
  'expired',
  'ends-soon',
  'wrong-names',
  'wrong-key',
  'wrong-ca',
];

/** Misbehaviour of each protocol. */
export const FAULTS_OF: Readonly<Record<ProtocolName, ReadonlyArray<FaultName>>> = {
  reactive: [...OF_BOTH, 'half'],
  csr: FAULT_NAMES.filter((name) => name !== 'half'),
};

/**
 * One kind of misbehaviour, towards every request that matches.
 *
 * @internal
 */
export interface Fault {
  readonly fault: FaultName;
  /** Requests of this unit only. */
  readonly unit?: UnitName;
  /** Requests of this kind only. */
  readonly certType?: CertType;
  /** Requests for this common name only. */
  readonly commonName?: string;
  /** With `ends-soon`: days until the end; 1 by default. */
  readonly days?: number;
  /** With `late`: how many calls with the unit's databag stay without an answer. */
  readonly calls?: number;
  /** With `late`: how many seconds pass without one. */
  readonly seconds?: number;
  /** With `denied`: the error code (docs/csr-protocol.md); 999 by default. */
  readonly code?: number;
}

/** A fault as JSON. */
export type FaultDocument = AsJson<Fault>;

const upTo = (most: number, what: string): Decoder<number> =>
  numberIn(`${what} above 0 and up to ${most}`, { above: 0, upTo: most });

const late = { field: 'fault', is: 'late' };

const RULES: ReadonlyArray<Rule> = [
  {
    having: { field: 'days' },
    needs: [{ field: 'fault', is: 'ends-soon' }],
    at: 'days',
    message: 'goes with "ends-soon" only',
  },
  {
    having: late,
    needs: [{ field: 'calls' }, { field: 'seconds' }],
    message: 'expected calls or seconds, or both, with "late"',
  },
  ...['calls', 'seconds'].map((field) => ({
    having: { field },
    needs: [late],
    at: field,
    message: 'goes with "late" only',
  })),
  {
    having: { field: 'code' },
    needs: [{ field: 'fault', is: 'denied' }],
    at: 'code',
    message: 'goes with "denied" only',
  },
];

/** Decodes a fault; unknown fields are errors. */
export const Fault: Decoder<Fault> = checked(
  ruled(
    named(
      'Fault',
      `What the provider does wrong, to every request that fits. ${
        Object.entries(FAULTS).map(([name, sentence]) => `${name}: ${sentence}`).join('; ')
      }.`,
      object<Fault>('closed', {
        fault: required(oneOf(...FAULT_NAMES)),
        unit: omittable(UnitName),
        certType: omittable(oneOf(...CERT_TYPES)),
        commonName: omittable(text()),
        days: omittable(upTo(3_650, 'days'), 'With ends-soon; 1 by default.'),
        calls: omittable(upTo(1_000, 'calls'), 'With late: calls of the unit that pass without an answer.'),
        seconds: omittable(
          upTo(31_536_000, 'seconds'),
          'With late: seconds of the session’s clock that pass without an answer.',
        ),
        code: omittable(
          numberIn('a whole number from 100 to 999', { whole: true, from: 100, upTo: 999 }),
          'With denied: the error code; 999 by default.',
        ),
      }),
    ),
    RULES,
  ),
  'a fault of the whole provider is for everybody',
  ({ fault, unit, certType, commonName }) => {
    const at = Object.entries({ unit, certType, commonName }).find(([, value]) => value !== undefined);
    return at === undefined || fault !== 'no-leader'
      ? PASSED
      : E.left({ path: [at[0]], message: 'does not go with "no-leader", which is for everybody' });
  },
);

/** What faults are matched against. */
export interface FaultTarget {
  /** Null for the application's own request, which no fault of a unit matches. */
  readonly unit: UnitName | null;
  /** Null if the request does not say. */
  readonly certType: CertType | null;
  readonly commonName: string;
}

/** The first fault that matches a request; null if it is answered correctly. */
export const faultFor = (faults: ReadonlyArray<Fault>, request: FaultTarget): Fault | null =>
  faults.find(({ fault, unit, certType, commonName }) =>
    fault !== 'no-leader' &&
    (unit === undefined || unit === request.unit) &&
    (certType === undefined || certType === request.certType) &&
    (commonName === undefined || commonName === request.commonName)
  ) ?? null;

/** The first fault that a session's protocol does not have; null if it has all. */
export const foreignFault = (
  protocol: ProtocolName,
  faults: ReadonlyArray<Fault>,
): { readonly at: number; readonly message: string } | null => {
  const at = faults.findIndex(({ fault }) => !FAULTS_OF[protocol].includes(fault));
  const message = `expected a fault of the protocol ${protocol}: ${FAULTS_OF[protocol].join(', ')}`;
  return at < 0 ? null : { at, message };
};
