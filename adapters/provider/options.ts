/**
 * The options of a session: its CA, its policy, its clock, and its bad days.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { type NewAuthority, openPolicy, Policy } from '../../core/authority/mod.ts';
import { Days, Keys, type PolicyDocument } from '../../core/authority/policy.ts';
import {
  checked,
  type Decoder,
  listOf,
  named,
  numberIn,
  object,
  omittable,
  oneOf,
  optional,
  required,
  text,
  textLike,
} from '../../core/model/codec.ts';
import type { UnitName } from '../../core/model/names.ts';
import { PASSED } from '../../core/model/passed.ts';
import type { AsJson } from '../../core/model/schema.ts';
import { Databag, Timestamp } from '../../core/model/snapshot.ts';
import { Fault, type FaultDocument, foreignFault } from './fault.ts';
import { type ProtocolName, PROTOCOLS } from './protocol.ts';

/** The options of a session. */
export interface SessionOptions {
  /** Its name; by default one that nobody can guess. */
  readonly id?: string;
  /** Where its clock starts; by default at the current time. */
  readonly now?: Timestamp;
  /** Its CA. */
  readonly ca: NewAuthority;
  /** What it issues. */
  readonly policy: Policy;
  /** The protocol that it speaks. */
  readonly protocol: ProtocolName;
  /** How it misbehaves from the beginning. */
  readonly faults: ReadonlyArray<Fault>;
}

/** What a requirer unit publishes. */
export interface Heard {
  readonly unit: UnitName;
  readonly databag: Databag;
  /** What its application publishes, which only its leader writes; absent: as sent last. */
  readonly applicationDatabag?: Databag;
}

/** Most faults of a session: nobody would read through more. */
const MAX_FAULTS = 100;

/** A session's name, as part of paths. */
export const SESSION_ID: RegExp = /^[A-Za-z0-9_\-]{1,64}$/u;

/** A moment that certificates can express, a CA's whole life before the last one. */
const Beginning: Decoder<Timestamp> = checked(Timestamp, 'a time from 1970 to 9000', (now) => {
  const year = new Date(now).getUTCFullYear();
  return year >= 1970 && year < 9000 ? PASSED : E.left({ path: [], message: 'expected a time from 1970 to 9000' });
});

/** The CA of a session that does not describe one. */
const SOME_CA: NewAuthority = { commonName: 'Fake CA' };

/** @internal */
type CaDocument = AsJson<NewAuthority, 'commonName'>;

const Ca: Decoder<NewAuthority, CaDocument> = object<NewAuthority, CaDocument>('closed', {
  commonName: optional(text(), SOME_CA.commonName),
  keys: omittable(Keys),
  days: omittable(Days),
});

const faults: Decoder<ReadonlyArray<Fault>, ReadonlyArray<FaultDocument>> = checked(
  listOf(Fault),
  `at most ${MAX_FAULTS} faults`,
  ({ length }) =>
    length <= MAX_FAULTS ? PASSED : E.left({ path: [], message: `expected at most ${MAX_FAULTS} faults` }),
);

/** The options of a session as JSON. */
export type SessionDocument = AsJson<SessionOptions, 'protocol' | 'faults', {
  readonly ca?: CaDocument | null;
  readonly policy?: PolicyDocument | null;
}>;

/** Decodes the options of a session; unknown fields are errors. */
export const SessionOptions: Decoder<SessionOptions, SessionDocument> = checked(
  named(
    'NewSession',
    'How a session with a fake provider is to be; everything may be left out.',
    object<SessionOptions, SessionDocument>('closed', {
      id: omittable(
        textLike('1 to 64 letters, digits, "-" or "_"', SESSION_ID),
        'Its name. Anyone who knows it can use the session; a secret one by default.',
      ),
      now: omittable(Beginning, 'Where its clock starts, in the form of RFC 3339; the present by default.'),
      ca: optional(Ca, SOME_CA),
      policy: optional(Policy, openPolicy),
      protocol: optional(
        oneOf(...PROTOCOLS),
        'reactive',
      ),
      faults: optional(faults, []),
    }),
  ),
  'faults of its protocol',
  ({ protocol, faults }) => {
    const foreign = foreignFault(protocol, faults);
    return foreign === null
      ? PASSED
      : E.left({ path: ['faults', String(foreign.at), 'fault'], message: foreign.message });
  },
);

const Unit: Decoder<UnitName> = textLike<UnitName>(
  'a unit such as "web/0"',
  /^(?=.{1,200}$)[a-z][a-z0-9\-]*\/[0-9]+$/u,
);

/** Decodes a unit with its databag. */
export const Heard: Decoder<Heard> = named(
  'UnitDatabag',
  'What a requirer unit publishes, whole: what it does not say any more is withdrawn.',
  object<Heard>('closed', {
    unit: required(Unit),
    databag: required(Databag),
    applicationDatabag: omittable(
      Databag,
      'What its application publishes, whole, as its leader sends it; as it was sent last unless given.',
    ),
  }),
);

/** Decodes a unit that leaves. */
export const Departing: Decoder<Pick<Heard, 'unit'>> = named(
  'Unit',
  'A unit, as Juju names it.',
  object<Pick<Heard, 'unit'>>('closed', { unit: required(Unit) }),
);

/** The faults of a session. */
export interface FaultList {
  readonly faults: ReadonlyArray<Fault>;
}

/** Decodes the faults that replace the earlier ones. */
export const Faults: Decoder<FaultList> = named(
  'Faults',
  'How the provider misbehaves from now on.',
  object<FaultList>('closed', { faults: required(faults) }),
);

/** Seconds in 100 years. */
const MAX_SECONDS = 3_155_760_000;

/** How far to advance a clock. */
export interface Advance {
  readonly seconds: number;
}

/** Decodes how far to advance the clock. */
export const Ahead: Decoder<Advance> = named(
  'Advance',
  'By how much the clock is put forward.',
  object<Advance>('closed', {
    seconds: required(numberIn('seconds above 0, at most a hundred years', { above: 0, upTo: MAX_SECONDS })),
  }),
);
