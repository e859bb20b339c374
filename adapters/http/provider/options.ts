/**
 * What a session is asked to be: its CA, its policy, its clock, and its bad days.
 *
 * @module
 */
import { type NewAuthority, openPolicy, Policy } from '../../../core/authority/mod.ts';
import { Days, Keys } from '../../../core/authority/policy.ts';
import {
  checked,
  type Decoder,
  listOf,
  mapOf,
  numberWhere,
  object,
  omittable,
  optional,
  required,
  text,
  textWhere,
} from '../../../core/model/codec.ts';
import type { UnitName } from '../../../core/model/names.ts';
import { type Databag, Timestamp } from '../../../core/model/snapshot.ts';
import { Fault } from './fault.ts';

/** How a session is to be. */
export interface SessionOptions {
  /** How it is called; otherwise by a name that nobody can guess. */
  readonly id?: string;
  /** Where its clock begins; otherwise at the present. */
  readonly now?: Timestamp;
  readonly ca: NewAuthority;
  readonly policy: Policy;
  readonly faults: ReadonlyArray<Fault>;
}

/** The databag that a unit publishes. */
export interface Heard {
  readonly unit: UnitName;
  readonly databag: Databag;
}

/** Faults of a session: more would never be looked through by a person. */
const MAX_FAULTS = 100;

/** A session's name, as it stands in paths. */
export const SESSION_ID: RegExp = /^[A-Za-z0-9_-]{1,64}$/;

/** A moment that certificates can have, a CA's whole life before their end of time. */
const Beginning: Decoder<Timestamp> = checked(Timestamp, (now) => {
  const year = new Date(now).getUTCFullYear();
  return year >= 1970 && year < 9000 ? null : { path: [], message: 'expected a time from 1970 to 9000' };
});

/** The CA of a session that says nothing of it. */
const SOME_CA: NewAuthority = { commonName: 'Fake CA' };

const Ca: Decoder<NewAuthority> = object<NewAuthority>('closed', {
  commonName: optional(text(), SOME_CA.commonName),
  keys: omittable(Keys),
  days: omittable(Days),
});

const faults: Decoder<ReadonlyArray<Fault>> = checked(
  listOf(Fault),
  ({ length }) => length <= MAX_FAULTS ? null : { path: [], message: `expected at most ${MAX_FAULTS} faults` },
);

/** Decodes what a session is to be; a field that it does not know is an error. */
export const SessionOptions: Decoder<SessionOptions> = object<SessionOptions>('closed', {
  id: omittable(textWhere('1 to 64 letters, digits, "-" or "_"', (id) => SESSION_ID.test(id))),
  now: omittable(Beginning),
  ca: optional(Ca, SOME_CA),
  policy: optional(Policy, openPolicy),
  faults: optional(faults, []),
});

const Unit: Decoder<UnitName> = textWhere<UnitName>(
  'a unit such as "web/0"',
  (name) => name.length <= 200 && /^[a-z][a-z0-9-]*\/\d+$/.test(name),
);

/** Decodes a unit with its databag. */
export const Heard: Decoder<Heard> = object<Heard>('closed', {
  unit: required(Unit),
  databag: required(mapOf(text())),
});

/** Decodes a unit that leaves. */
export const Departing: Decoder<Pick<Heard, 'unit'>> = object<Pick<Heard, 'unit'>>('closed', { unit: required(Unit) });

/** Decodes the faults that take the place of those before. */
export const Faults: Decoder<{ readonly faults: ReadonlyArray<Fault> }> = object<
  { readonly faults: ReadonlyArray<Fault> }
>('closed', { faults: required(faults) });

/** Seconds in 100 years. */
const MAX_SECONDS = 3_155_760_000;

/** Decodes by how much the clock is put forward. */
export const Ahead: Decoder<{ readonly seconds: number }> = object<{ readonly seconds: number }>('closed', {
  seconds: required(numberWhere('seconds above 0, at most a hundred years', (n) => n > 0 && n <= MAX_SECONDS)),
});
