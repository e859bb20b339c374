/**
 * The small CA of a provider's configuration: what it is called, what it issues, and for how long.
 *
 * @module
 */
import {
  checked,
  type Decoder,
  decoder,
  listOf,
  object,
  omittable,
  oneOf,
  optional,
  required,
  textWhere,
} from '../../../core/model/codec.ts';
import * as t from 'io-ts';

/** Kinds of key that the CA makes, its own and those of what it issues. */
export const KEY_KINDS = ['P-256', 'P-384', 'P-521', 'Ed25519', 'RSA-2048', 'RSA-3072', 'RSA-4096'] as const;

/** For how long certificates are valid, in days. */
export interface Lifetimes {
  /** Of the CA itself. */
  readonly ca: number;
  /** Of what it issues; never beyond the CA's own end. */
  readonly certificate: number;
  /** Days before its end at which a certificate is issued anew. */
  readonly renewBefore: number;
}

/** What a provider's CA is and does. */
export interface AuthorityPolicy {
  readonly commonName: string;
  readonly key: typeof KEY_KINDS[number];
  readonly days: Lifetimes;
  /**
   * Names that may be asked for: host names, `*.example` for any host below example, addresses and networks such as
   * `10.0.0.0/8`. Absent: any name.
   */
  readonly allowedNames?: ReadonlyArray<string>;
}

/** A count of days. */
const days = (most: number): Decoder<number> =>
  decoder(
    `a whole number of days from 1 to ${most}`,
    (u, c) => typeof u === 'number' && Number.isInteger(u) && u >= 1 && u <= most ? t.success(u) : t.failure(u, c),
  );

const DEFAULT_DAYS: Lifetimes = { ca: 3650, certificate: 365, renewBefore: 30 };

const Days: Decoder<Lifetimes> = checked(
  object<Lifetimes>('closed', {
    ca: optional(days(36_500), DEFAULT_DAYS.ca),
    certificate: optional(days(36_500), DEFAULT_DAYS.certificate),
    renewBefore: optional(days(36_500), DEFAULT_DAYS.renewBefore),
  }),
  ({ ca, certificate, renewBefore }) => {
    if (certificate > ca) {
      return { path: ['certificate'], message: `expected at most the ${ca} days of the CA, got ${certificate}` };
    }
    return renewBefore < certificate ? null : {
      path: ['renewBefore'],
      message: `expected fewer than the ${certificate} days of a certificate, got ${renewBefore}`,
    };
  },
);

/** A name that may be allowed: letters, digits and what stands in host names, addresses and networks. */
const NAME = /^(\*\.)?[A-Za-z0-9:._-]+(\/\d{1,3})?$/;

/** Decodes the `authority` of a provider's configuration. */
export const AuthorityPolicy: Decoder<AuthorityPolicy> = object<AuthorityPolicy>('closed', {
  commonName: required(textWhere('a name of 1 to 64 characters', (s) => s.length >= 1 && s.length <= 64)),
  key: optional(oneOf(...KEY_KINDS), 'P-256'),
  days: optional(Days, DEFAULT_DAYS),
  allowedNames: omittable(
    listOf(textWhere('a host name, *.host, an address or a network', (s) => s.length <= 253 && NAME.test(s))),
  ),
});
