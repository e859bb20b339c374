/**
 * The policy of an authority: what it issues, to which names, for how long, with which keys, and when it issues anew.
 *
 * @module
 */
import { CERT_TYPES, type CertType } from '../model/certificate.ts';
import {
  type Decoder,
  type Field,
  listOf,
  numberWhere,
  object,
  oneOf,
  optional,
  textWhere,
  trueOrFalse,
} from '../model/codec.ts';
import type { KeyAlgorithm } from '../x509/key.ts';
import { isNameRule } from './names.ts';

/** What is issued of one kind. */
export interface KindPolicy {
  /** Days from one issue to the end; a certificate never outlives its CA. */
  readonly days: number;
  readonly keys: KeyAlgorithm;
}

/**
 * What one unit may have. All answers stand in one databag, which Juju keeps as one document of 16 MB at most: without a limit, one unit
 * that asks without end would leave no room for the others.
 */
export interface Quota {
  /** Certificates that are issued to one unit; those that are published already count first. */
  readonly requestsPerUnit: number;
  /** Names in one certificate, the common name among them; an application's certificate has those of all its units. */
  readonly namesPerRequest: number;
}

/** What an authority issues. */
export interface Policy {
  /** Each kind that is issued. */
  readonly certTypes: ReadonlyArray<CertType>;
  /** By kind, whether or not it is issued. */
  readonly kinds: { readonly [K in CertType]: KindPolicy };
  /**
   * Common names and SANs that may be certified: a name, `.example.com` for everything below it, an address, a network such as
   * `10.0.0.0/8`, or `*` for everything. A common name that is no host, as of a client, has to be listed itself. An intermediate CA could
   * issue any name: it is issued only where `*` is allowed.
   */
  readonly allowedNames: ReadonlyArray<string>;
  /** After which part of its lifetime a certificate is issued anew; 2/3 unless said otherwise. */
  readonly renewAfter: number;
  /** Days for which a former CA stays trusted, so that what it issued can be replaced in peace. */
  readonly overlapDays: number;
  readonly quota: Quota;
  /** Days after which a new CA signs that was announced, if not every requirer is known to have heard of it before. */
  readonly announceDays: number;
  /** Whether a client certificate is published to everybody; only where `client` is among the kinds. */
  readonly sharedClient: boolean;
}

const KEY_ALGORITHMS = [
  'P-256',
  'P-384',
  'P-521',
  'Ed25519',
  'RSA-2048',
  'RSA-3072',
  'RSA-4096',
  'ML-DSA-44',
  'ML-DSA-65',
  'ML-DSA-87',
] as const satisfies ReadonlyArray<KeyAlgorithm>;

/** An authority that issues everything to everybody: for development and tests. */
export const openPolicy: Policy = {
  certTypes: CERT_TYPES,
  kinds: {
    server: { days: 90, keys: 'P-256' },
    client: { days: 90, keys: 'P-256' },
    application: { days: 90, keys: 'P-256' },
    intermediate: { days: 365, keys: 'P-256' },
  },
  allowedNames: ['*'],
  renewAfter: 2 / 3,
  overlapDays: 30,
  quota: { requestsPerUnit: 1_000, namesPerRequest: 2_000 },
  announceDays: 1,
  sharedClient: true,
};

/** Days in 100 years: what comes after that is a mistake. */
const MAX_DAYS = 36_525;

/** A number of days; fractions are for tests. */
export const Days: Decoder<number> = numberWhere(
  'a number of days above 0 and up to 36525',
  (n) => n > 0 && n <= MAX_DAYS,
);

/** An operator's number for a CA: a higher one than before asks for a new CA. */
export const Generation: Decoder<number> = numberWhere(
  'a whole number from 1 to 1000000',
  (n) => Number.isInteger(n) && n >= 1 && n <= 1_000_000,
);

/** A kind of key. */
export const Keys: Decoder<KeyAlgorithm> = oneOf<KeyAlgorithm>(...KEY_ALGORITHMS);

const kind = (certType: CertType): Field<KindPolicy> =>
  optional(
    object<KindPolicy>('closed', {
      days: optional(Days, openPolicy.kinds[certType].days),
      keys: optional(Keys, openPolicy.kinds[certType].keys),
    }),
    openPolicy.kinds[certType],
  );

/** A limit that counts something. */
const Count: Decoder<number> = numberWhere(
  'a whole number from 1 to 1000000',
  (n) => Number.isInteger(n) && n >= 1 && n <= 1_000_000,
);

/** Decodes a policy; what it does not say is as in {@link openPolicy}, and unknown fields are errors. */
export const Policy: Decoder<Policy> = object<Policy>('closed', {
  certTypes: optional(listOf(oneOf(...CERT_TYPES)), openPolicy.certTypes),
  kinds: optional(
    object<Policy['kinds']>('closed', {
      server: kind('server'),
      client: kind('client'),
      application: kind('application'),
      intermediate: kind('intermediate'),
    }),
    openPolicy.kinds,
  ),
  allowedNames: optional(
    listOf(textWhere<string>('a name, a domain such as ".example.com", an address, a network or "*"', isNameRule)),
    openPolicy.allowedNames,
  ),
  renewAfter: optional(numberWhere('a part between 0 and 1', (n) => n > 0 && n < 1), openPolicy.renewAfter),
  overlapDays: optional(Days, openPolicy.overlapDays),
  quota: optional(
    object<Quota>('closed', {
      requestsPerUnit: optional(Count, openPolicy.quota.requestsPerUnit),
      namesPerRequest: optional(Count, openPolicy.quota.namesPerRequest),
    }),
    openPolicy.quota,
  ),
  announceDays: optional(Days, openPolicy.announceDays),
  sharedClient: optional(trueOrFalse, openPolicy.sharedClient),
});

/** Whether a client certificate is published to everybody. */
export const publishesSharedClient = ({ sharedClient, certTypes }: Policy): boolean =>
  sharedClient && certTypes.includes('client');
