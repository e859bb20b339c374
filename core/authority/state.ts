/**
 * An authority as it is kept: the CA that signs, those that it was before, the one that it is to be, and the client certificate that it gives to
 * everybody.
 *
 * It is plain JSON, which a host keeps where only it can read (a file of mode 0600, a Juju secret), and never publishes as a whole.
 *
 * @module
 */
import { type KeyPair, type PrivateKey, redacted } from '../model/certificate.ts';
import { type Decoder, listOf, numberIn, object, omittable, optional, required, text } from '../model/codec.ts';
import type { AsJson } from '../model/schema.ts';
import { Timestamp } from '../model/snapshot.ts';
import { Generation } from './policy.ts';

/** The certificate that a CA gave its successor. It leads from what the successor issues to the former CA. */
export interface Cross {
  /** PEM. */
  readonly certificate: string;
  /** When it is no longer published: later than the former CA itself, for requirers hear of that one after another. */
  readonly until: Timestamp;
}

/**
 * What an operator denies: what has all of what it names gets no certificate until it is allowed again.
 */
export interface Denial {
  /** E.g. `certificates:3`; absent: on any relation. */
  readonly relationId?: string;
  /** A common name of the request, without regard to case. */
  readonly commonName?: string;
  /** SHA-256 over the CSR's DER, in hex. Another CSR of the same content is another. */
  readonly fingerprint?: string;
}

/** A CA that signed before. Whoever trusts it still can follow to certificates that its successor issued. */
export interface Retired {
  /** PEM. */
  readonly certificate: string;
  /** What stood above it, as of the CA that signs. */
  readonly above: ReadonlyArray<string>;
  /** When it is no longer published as trusted. */
  readonly until: Timestamp;
  /** Null where it could give none. */
  readonly cross: Cross | null;
}

/** A CA that is published as trusted and does not sign yet. */
export interface NextCa {
  /** PEM. */
  readonly certificate: string;
  /** Its private key. */
  readonly key: PrivateKey;
  /** When it was made. */
  readonly since: Timestamp;
  /** See `AuthorityState`. */
  readonly generation: number;
}

/** An authority as it is kept. */
export interface AuthorityState {
  /** The form in which it is kept, 3. The first had `certificate`, `key` and `retired` alone, the second no `above` and `denied`; both are still read. */
  readonly version: number;
  /** The CA that signs, PEM of one certificate: a root, or below what stands above it. */
  readonly certificate: string;
  /** Its private key. */
  readonly key: PrivateKey;
  /** The CAs above it, each signed by the next, the root last; none above a root. */
  readonly above: ReadonlyArray<string>;
  /** The latest first. */
  readonly retired: ReadonlyArray<Retired>;
  /** The CA that is to sign; null while none is announced. */
  readonly next: NextCa | null;
  /** The operator's number for the CA that signs: a higher one in the configuration asks for a new CA. */
  readonly generation: number;
  /** CAs that were ever made here, so that each has a name of its own. */
  readonly made: number;
  /** The client certificate that is published to everybody; null where there is none. */
  readonly sharedClient: KeyPair | null;
  /** What gets no certificate, the latest last. */
  readonly denied: ReadonlyArray<Denial>;
}

/** The form in which this version of the program keeps an authority. */
const VERSION = 3;

/** An authority to be kept, whose keys are hidden from printing. */
export const toKeep = (state: Omit<AuthorityState, 'version'>): AuthorityState =>
  redacted({
    ...state,
    version: VERSION,
    next: state.next === null ? null : redacted({ ...state.next }),
    sharedClient: state.sharedClient === null ? null : redacted({ ...state.sharedClient }),
  });

const certificate = required(text('a certificate'));
const key = required(text<PrivateKey>('a private key'));

/** A form that a later version of this program has would lose something if it was kept again. */
const Version = numberIn('the form 1, 2 or 3', { whole: true, from: 1, upTo: VERSION });

/** @internal */
type NextDocument = AsJson<NextCa, 'generation'>;

/** An authority as it may have been kept: the first form had fewer fields. */
export type AuthorityDocument = AsJson<
  AuthorityState,
  'version' | 'retired' | 'generation' | 'made' | 'above' | 'denied',
  {
    readonly retired?: ReadonlyArray<AsJson<Retired, 'cross' | 'above'>> | null;
    readonly next?: NextDocument | null;
    readonly sharedClient?: AsJson<KeyPair> | null;
  }
>;

/** Decodes an authority that a host kept. */
export const AuthorityState: Decoder<AuthorityState, AuthorityDocument> = object<AuthorityState, AuthorityDocument>(
  'open',
  {
    version: optional(Version, 1),
    certificate,
    key,
    above: optional(listOf(text('a certificate')), []),
    retired: optional(
      listOf(object<Retired, AsJson<Retired, 'cross' | 'above'>>('open', {
        certificate,
        above: optional(listOf(text('a certificate')), []),
        until: required(Timestamp),
        cross: optional<Cross | null, AsJson<Cross>>(
          object<Cross>('open', { certificate, until: required(Timestamp) }),
          null,
        ),
      })),
      [],
    ),
    next: optional<NextCa | null, NextDocument>(
      object<NextCa, NextDocument>('open', {
        certificate,
        key,
        since: required(Timestamp),
        generation: optional(Generation, 1),
      }),
      null,
    ),
    generation: optional(Generation, 1),
    // Of the first form: the CAs that are known.
    made: optional(numberIn('a number of CAs', { whole: true, from: 0 }), 0),
    sharedClient: optional<KeyPair | null, AsJson<KeyPair>>(
      object<KeyPair>('open', { cert: required(text('a certificate')), key }),
      null,
    ),
    denied: optional(
      listOf(object<Denial>('open', {
        relationId: omittable(text()),
        commonName: omittable(text()),
        fingerprint: omittable(text()),
      })),
      [],
    ),
  },
);
