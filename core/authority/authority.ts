/**
 * An authority: a CA with its key, and the CAs that it was before.
 *
 * It is plain JSON, which a host keeps where only it can read (a file of mode 0600, a Juju secret), and never publishes. Time and
 * randomness come from the caller.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { PrivateKey } from '../model/certificate.ts';
import { redacted } from '../model/certificate.ts';
import { type Decoder, listOf, object, optional, required, text } from '../model/codec.ts';
import { Timestamp } from '../model/snapshot.ts';
import { readBundle } from '../x509/bundle.ts';
import type { Description } from '../x509/certificate.ts';
import { type IssueFault, type Issuer, issueRoot, openIssuer } from '../x509/issue.ts';
import { generateKey, type KeyAlgorithm } from '../x509/key.ts';
import type { Policy } from './policy.ts';

/** A CA that signed before. Whoever trusts it still can follow to certificates that it issued. */
export interface Retired {
  readonly certificate: string;
  /** When it leaves the chain. */
  readonly until: Timestamp;
}

/** An authority as it is kept. */
export interface AuthorityState {
  /** The CA that signs, PEM of one root. */
  readonly certificate: string;
  readonly key: PrivateKey;
  /** The latest first. */
  readonly retired: ReadonlyArray<Retired>;
}

/** Decodes an authority that a host kept. */
export const AuthorityState: Decoder<AuthorityState> = object<AuthorityState>('open', {
  certificate: required(text('a certificate')),
  key: required(text<PrivateKey>('a private key')),
  retired: optional(
    listOf(object<Retired>('open', { certificate: required(text('a certificate')), until: required(Timestamp) })),
    [],
  ),
});

/** A CA to be made. */
export interface NewAuthority {
  readonly commonName: string;
  /** `P-256` unless said otherwise. */
  readonly keys?: KeyAlgorithm;
  /** Days that it lives; 3,650 unless said otherwise. */
  readonly days?: number;
}

/** The moment at which something is made, and where its random bits come from. */
export interface Moment {
  readonly now: Date;
  /** Random bytes of good quality, e.g. `(n) => crypto.getRandomValues(new Uint8Array(n))`. */
  readonly random: (length: number) => Uint8Array;
}

const DAY = 86_400_000;

/** Days that a CA lives unless said otherwise: what trusts it is hard to change. */
const CA_DAYS = 3_650;

/** Milliseconds by which certificates begin before they are made: clocks differ. */
export const BACKDATED = 300_000;

/** A moment so many days after another. */
export const daysAfter = (moment: Date, days: number): Date => new Date(moment.getTime() + days * DAY);

/**
 * Makes an authority with a new key.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority } from '@tls-certificates/interface-tls-certificates/authority';
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * const made = await createAuthority({ commonName: 'Our test CA' }, { now: new Date('2026-11-25'), random })();
 * assert.equal(made._tag === 'Right' && made.right.certificate.startsWith('-----BEGIN CERTIFICATE-----'), true);
 * ```
 */
export const createAuthority = (
  { commonName, keys = 'P-256', days = CA_DAYS }: NewAuthority,
  { now, random }: Moment,
): TE.TaskEither<IssueFault, AuthorityState> =>
  pipe(
    generateKey(keys),
    TE.mapLeft((code): IssueFault => ({ code, whose: 'holder' })),
    TE.bindTo('key'),
    TE.bind('certificate', ({ key }) =>
      issueRoot({ commonName, key }, {
        notBefore: new Date(now.getTime() - BACKDATED),
        notAfter: daysAfter(now, days),
        random,
      })),
    TE.map(({ key, certificate }) => redacted({ certificate, key, retired: [] })),
  );

/** The certificates of former CAs that still belong in the chain. */
export const standing = ({ retired }: AuthorityState, now: Date): ReadonlyArray<Retired> =>
  retired.filter(({ until }) => Date.parse(until) > now.getTime());

/**
 * Puts a new CA in the place of the present one, whose certificate stays in the chain for an overlap. Everything that the former one
 * issued is issued anew when requests are answered next.
 */
export const rotateAuthority = (
  state: AuthorityState,
  wanted: NewAuthority,
  overlapDays: number,
  moment: Moment,
): TE.TaskEither<IssueFault, AuthorityState> =>
  pipe(
    createAuthority(wanted, moment),
    TE.map((made) =>
      redacted({
        ...made,
        retired: [
          // What a date writes is a timestamp.
          { certificate: state.certificate, until: daysAfter(moment.now, overlapDays).toISOString() as Timestamp },
          ...standing(state, moment.now),
        ],
      })
    ),
  );

/** An authority that is ready to sign; it is opened once for any number of certificates. */
export interface OpenAuthority {
  readonly state: AuthorityState;
  readonly issuer: Issuer;
  readonly description: Description;
  /** What is known of certificates that were looked at before, by their text; see `answerRequests`. */
  readonly known: Map<string, Description | null>;
}

/** Opens an authority: its key has to belong to its certificate. */
export const openAuthority = (state: AuthorityState): TE.TaskEither<IssueFault, OpenAuthority> =>
  pipe(
    openIssuer(state),
    TE.map((issuer) => ({ state, issuer, description: issuer.certificate.description, known: new Map() })),
  );

/** What is published of an authority: its certificate, and as the chain those of former CAs. */
export const publishedOf = (state: AuthorityState, now: Date): { readonly ca: string; readonly chain: string } => ({
  ca: state.certificate,
  chain: standing(state, now).map(({ certificate }) => certificate).join(''),
});

/** The first certificate in a text, described; null where there is none. */
export const describeFirst = (cert: string): Description | null =>
  readBundle(cert).certificates[0]?.description ?? null;

/** The days of what lives longest among what is issued. */
const longestDays = ({ certTypes, kinds }: Policy): number =>
  Math.max(0, ...certTypes.map((certType) => kinds[certType].days));

/**
 * Whether it is time for {@link rotateAuthority}: what is issued now would be cut short by the CA's end. A CA that lives no longer
 * than what it issues is replaced in the last part of its own life, as certificates are.
 */
export const isDueForRotation = ({ description }: OpenAuthority, policy: Policy, now: Date): boolean => {
  const [from, to] = [Date.parse(description.notBefore), Date.parse(description.notAfter)];
  const lastPart = to - (1 - policy.renewAfter) * (to - from);
  return daysAfter(now, longestDays(policy)).getTime() > to && now.getTime() > lastPart;
};
