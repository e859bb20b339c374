/**
 * The policy of an authority: what it issues, to which names, for how long, with which keys, and when it reissues.
 *
 * @module
 */
import { CERT_TYPES, type CertType } from '../model/certificate.ts';
import {
  type Decoder,
  type DefaultField,
  listOf,
  named,
  numberIn,
  object,
  oneOf,
  optional,
  textWhere,
  trueOrFalse,
} from '../model/codec.ts';
import type { AsJson } from '../model/schema.ts';
import type { KeyAlgorithm } from '../x509/key.ts';
import { isNameRule } from './names.ts';

/** What is issued of one kind. */
export interface KindPolicy {
  /** Days from issue to end; a certificate never outlives its CA. */
  readonly days: number;
  /** The kind of its key. */
  readonly keys: KeyAlgorithm;
}

/**
 * What one unit may have. All answers are in one databag, which Juju stores as one document of at most 16 MB: without a limit, a unit that
 * keeps requesting would leave no room for the others.
 */
export interface Quota {
  /** Certificates issued to one unit; published ones count first. */
  readonly requestsPerUnit: number;
  /** Names in one certificate, including the common name; an application's certificate has those of all its units. */
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
   * `10.0.0.0/8`, or `*` for everything. A common name that is not a host, such as a client's, has to be listed itself. An intermediate CA
   * gets the rules as name constraints.
   */
  readonly allowedNames: ReadonlyArray<string>;
  /**
   * Kinds of keys that certificate requests may have. `RSA-2048` means RSA of 2048 bits or more, and so on.
   */
  readonly acceptedKeys: ReadonlyArray<KeyAlgorithm>;
  /** After which part of its lifetime a certificate is reissued; 2/3 unless said otherwise. */
  readonly renewAfter: number;
  /** Days for which a former CA stays trusted, so that there is time to replace what it issued. */
  readonly overlapDays: number;
  /** What one unit may have. */
  readonly quota: Quota;
  /** Days after which an announced CA signs, if it is not known earlier that every requirer has heard of it. */
  readonly announceDays: number;
  /** Whether a client certificate is published to everybody; only if `client` is among the kinds. */
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
  acceptedKeys: ['RSA-2048', 'P-256', 'P-384', 'P-521', 'Ed25519', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'],
  renewAfter: 2 / 3,
  overlapDays: 30,
  quota: { requestsPerUnit: 1_000, namesPerRequest: 2_000 },
  announceDays: 1,
  sharedClient: true,
};

/** Days in 100 years: anything longer is a mistake. */
const MAX_DAYS = 36_525;

/** The part of a rule that an expression can describe: with a slash, it is a network. */
const NAME_RULE = /^[^/]+(?:\/(?:0|[1-9][0-9]{0,2}))?$/u;

/** A number of days; fractions are for tests. */
export const Days: Decoder<number> = numberIn('a number of days above 0 and up to 36525', { above: 0, upTo: MAX_DAYS });

/** An operator's number for a CA: a higher one than before asks for a new CA. */
export const Generation: Decoder<number> = numberIn('a whole number from 1 to 1000000', {
  whole: true,
  from: 1,
  upTo: 1_000_000,
});

/** A kind of key. */
export const Keys: Decoder<KeyAlgorithm> = oneOf<KeyAlgorithm>(...KEY_ALGORITHMS);

/**
 * What is issued of one kind, as JSON.
 *
 * @internal
 */
type KindDocument = AsJson<KindPolicy, 'days' | 'keys'>;

/** A policy as JSON; absent fields are as in {@link openPolicy}. */
export type PolicyDocument = AsJson<
  Policy,
  Exclude<keyof Policy, 'kinds'>,
  { readonly kinds?: { readonly [K in CertType]?: KindDocument | null } | null }
>;

const kind = (certType: CertType): DefaultField<KindPolicy, KindDocument> =>
  optional(
    object<KindPolicy, KindDocument>('closed', {
      days: optional(Days, openPolicy.kinds[certType].days, 'Days from one issue to the end.'),
      keys: optional(Keys, openPolicy.kinds[certType].keys, 'The kind of key that is made for it.'),
    }),
    openPolicy.kinds[certType],
  );

/** A limit that counts something. */
const Count: Decoder<number> = numberIn('a whole number from 1 to 1000000', { whole: true, from: 1, upTo: 1_000_000 });

/** Decodes a policy; absent fields are as in {@link openPolicy}, unknown ones are errors. */
export const Policy: Decoder<Policy, PolicyDocument> = named(
  'Policy',
  'What the CA issues (docs/authority.md); everything to everybody by default.',
  object<Policy, PolicyDocument>('closed', {
    certTypes: optional(listOf(oneOf(...CERT_TYPES)), openPolicy.certTypes, 'Each kind that is issued.'),
    kinds: optional(
      object<Policy['kinds'], NonNullable<PolicyDocument['kinds']>>('closed', {
        server: kind('server'),
        client: kind('client'),
        application: kind('application'),
        intermediate: kind('intermediate'),
      }),
      openPolicy.kinds,
    ),
    allowedNames: optional(
      listOf(
        textWhere<string>(
          'a name, a domain such as ".example.com", an address, a network or "*"',
          isNameRule,
          NAME_RULE,
        ),
      ),
      openPolicy.allowedNames,
      'Common names and SANs that may be certified: names, .example.com for all below it, addresses, networks, or *.',
    ),
    acceptedKeys: optional(
      listOf(Keys),
      openPolicy.acceptedKeys,
      'Kinds of keys that certificate requests may have; RSA-2048 stands for RSA of 2048 bits or more.',
    ),
    renewAfter: optional(
      numberIn('a part between 0 and 1', { above: 0, below: 1 }),
      openPolicy.renewAfter,
      'After which part of its lifetime a certificate is reissued.',
    ),
    overlapDays: optional(
      Days,
      openPolicy.overlapDays,
      'How many days a former CA stays trusted.',
    ),
    quota: optional(
      object<Quota, AsJson<Quota, keyof Quota>>('closed', {
        requestsPerUnit: optional(Count, openPolicy.quota.requestsPerUnit, 'Certificates that one unit may have.'),
        namesPerRequest: optional(
          Count,
          openPolicy.quota.namesPerRequest,
          'Names in one certificate, its common name among them.',
        ),
      }),
      openPolicy.quota,
      'What one unit may ask for.',
    ),
    announceDays: optional(Days, openPolicy.announceDays, 'How many days a new CA is trusted before it signs.'),
    sharedClient: optional(
      trueOrFalse,
      openPolicy.sharedClient,
      'Whether a client certificate is published to everybody; only where the kind client is issued.',
    ),
  }),
);

/** Whether a client certificate is published to everybody. */
export const publishesSharedClient = ({ sharedClient, certTypes }: Policy): boolean =>
  sharedClient && certTypes.includes('client');
