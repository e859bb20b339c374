/**
 * An authority in the form in which it is kept: the CA that signs, its predecessors, its announced successor, and the client certificate
 * that it gives to everybody.
 *
 * It is plain JSON. A host keeps it where only it can read (a file of mode 0600, a Juju secret), and never publishes it as a whole.
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
  /** When it is no longer published: later than the former CA itself, since requirers hear of that one after another. */
  readonly until: Timestamp;
}

/**
 * What an operator denies: whatever matches all its properties gets no certificate until it is allowed again.
 */
export interface Denial {
  /** E.g. `certificates:3`; absent: on any relation. */
  readonly relationId?: string;
  /** A common name of the request, ignoring case. */
  readonly commonName?: string;
  /** SHA-256 over the CSR's DER, in hex. Another CSR with the same content is another request. */
  readonly fingerprint?: string;
}

/** A CA that signed before. Whoever still trusts it can verify certificates that its successor issued. */
export interface Retired {
  /** PEM. */
  readonly certificate: string;
  /** The CAs above it, as for the CA that signs. */
  readonly above: ReadonlyArray<string>;
  /** When it is no longer published as trusted. */
  readonly until: Timestamp;
  /** Null if it could not give one. */
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

/** An authority in the form in which it is kept. */
export interface AuthorityState {
  /**
   * The version of that form, 3. The first only had `certificate`, `key` and `retired`, the second lacked `above` and `denied`; both are
   * still read.
   */
  readonly version: number;
  /** The CA that signs, PEM of one certificate: a root, or below the CAs of `above`. */
  readonly certificate: string;
  /** Its private key. */
  readonly key: PrivateKey;
  /** The CAs above it, each signed by the next, the root last; empty for a root. */
  readonly above: ReadonlyArray<string>;
  /** The latest first. */
  readonly retired: ReadonlyArray<Retired>;
  /** The CA that will sign next; null while none is announced. */
  readonly next: NextCa | null;
  /** The operator's number for the CA that signs: a higher one in the configuration asks for a new CA. */
  readonly generation: number;
  /** How many CAs have been made here, so that each gets its own name. */
  readonly made: number;
  /** The client certificate that is published to everybody; null if there is none. */
  readonly sharedClient: KeyPair | null;
  /** What gets no certificate, the latest last. */
  readonly denied: ReadonlyArray<Denial>;
}

/** The form in which this version of the program keeps an authority. */
const VERSION = 3;

/** An authority to keep, with its keys hidden from printing. */
export const toKeep = (state: Omit<AuthorityState, 'version'>): AuthorityState =>
  redacted({
    ...state,
    version: VERSION,
    next: state.next === null ? null : redacted({ ...state.next }),
    sharedClient: state.sharedClient === null ? null : redacted({ ...state.sharedClient }),
  });

const certificate = required(text('a certificate'));
const key = required(text<PrivateKey>('a private key'));

/** Keeping the form of a later version of this program again would lose something. */
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

/** Decodes an authority that a host has kept. */
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
    // In the first form: the CAs that are known.
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
