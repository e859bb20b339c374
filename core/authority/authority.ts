/**
 * An authority at work: makes one, opens it, and says what to publish of it. Time and randomness come from the caller.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { KeyPair, PrivateKey } from '../model/certificate.ts';
import type { Timestamp } from '../model/snapshot.ts';
import { readBundle } from '../x509/bundle.ts';
import type { Description } from '../x509/certificate.ts';
import type { IssueFault } from '../x509/issue-fault.ts';
import { issueRoot } from '../x509/issue-root.ts';
import { type Issuer, openIssuer } from '../x509/issuer.ts';
import { generateKey, type KeyAlgorithm } from '../x509/key.ts';
import { BACKDATED, daysAfter, type Moment } from './moment.ts';
import { type Policy, publishesSharedClient } from './policy.ts';
import { type AuthorityState, type Retired, toKeep } from './state.ts';

/** A CA to make. */
export interface NewAuthority {
  /** Its name, up to 64 characters. */
  readonly commonName: string;
  /** `P-256` by default. */
  readonly keys?: KeyAlgorithm;
  /** Days of its life; 3,650 by default. */
  readonly days?: number;
}

/** Default days of a CA's life: it is hard to change what others trust. */
const CA_DAYS = 3_650;

/**
 * Makes an authority with a new key.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority } from 'interface-tls-certificates/authority';
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
    TE.map(({ key, certificate }) =>
      toKeep({
        certificate,
        key,
        above: [],
        retired: [],
        next: null,
        generation: 1,
        made: 1,
        sharedClient: null,
        denied: [],
      })
    ),
  );

const isLeft = ({ until }: { readonly until: Timestamp }, now: Date): boolean => Date.parse(until) > now.getTime();

/** The former CAs that are still trusted, the latest first. */
export const standing = ({ retired }: AuthorityState, now: Date): ReadonlyArray<Retired> =>
  retired.filter((former) => isLeft(former, now));

/** The former CAs of which anything is still published, the latest first. */
export const remembered = ({ retired }: AuthorityState, now: Date): ReadonlyArray<Retired> =>
  retired.filter((former) => isLeft(former, now) || (former.cross !== null && isLeft(former.cross, now)));

/** The cross-certificates to publish, up to the first that is missing: later ones would certify nothing in the chain. */
export const crossesOf = ({ retired }: AuthorityState, now: Date): ReadonlyArray<string> => {
  const crosses = retired.map(({ cross }) => (cross !== null && isLeft(cross, now) ? cross.certificate : null));
  const gap = crosses.indexOf(null);
  return crosses.slice(0, gap < 0 ? crosses.length : gap).filter((cross) => cross !== null);
};

/** An authority that is ready to sign; it is opened once for any number of certificates. */
export interface OpenAuthority {
  /** What is kept. */
  readonly state: AuthorityState;
  /** Signs. */
  readonly issuer: Issuer;
  /** The certificate of the CA that signs, as it was read. */
  readonly description: Description;
  /** What is known of certificates that were examined before, by their text; see `answerRequests`. */
  readonly known: Map<string, Description | null>;
}

/**
 * Opens an authority: its key must belong to its certificate.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority, openAuthority } from 'interface-tls-certificates/authority';
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const opened = await openAuthority(made.right)();
 * if (opened._tag === 'Left') throw new Error(opened.left.code);
 * assert.equal(opened.right.description.subject.text, 'CN=Our CA');
 * ```
 */
export const openAuthority = (state: AuthorityState): TE.TaskEither<IssueFault, OpenAuthority> =>
  pipe(
    openIssuer(state),
    TE.map((issuer) => ({ state, issuer, description: issuer.certificate.description, known: new Map() })),
  );

/** What has to be trusted for a CA: the last of the CAs above it, or itself. */
const trustedFor = (
  { certificate, above }: { readonly certificate: string; readonly above: ReadonlyArray<string> },
): string => above.at(-1) ?? certificate;

/** The CAs between a certificate and what has to be trusted for its CA. */
const between = ({ certificate, above }: AuthorityState): ReadonlyArray<string> =>
  above.length === 0 ? [] : [certificate, ...above.slice(0, -1)];

/**
 * What is published of an authority on the reactive side at a moment. `ca` has every CA to trust: the former ones while their overlap
 * lasts, the present one, and the announced one. The oldest comes first, since some requirers only read the first: it is the one that they
 * know, and every certificate leads to it. `chain` has what certifies newly issued certificates, each before the one that certifies it: the
 * CAs below the trusted one, and the cross-certificates of former CAs; empty for a root without a predecessor (RFC 5246 section 7.4.2).
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority, publishedOf } from 'interface-tls-certificates/authority';
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * assert.deepEqual(publishedOf(made.right, moment.now), { ca: made.right.certificate, chain: '' });
 * ```
 */
export const publishedOf = (state: AuthorityState, now: Date): { readonly ca: string; readonly chain: string } => ({
  ca: [
    ...[...standing(state, now)].reverse().map(trustedFor),
    trustedFor(state),
    ...(state.next === null ? [] : [state.next.certificate]),
  ].map(lineEnded).join(''),
  chain: [...between(state), ...crossesOf(state, now)].map(lineEnded).join(''),
});

/** What replaces a pair that is no longer published. */
const NO_PAIR: KeyPair = {
  cert: '',
  // Empty: there is none.
  key: '' as PrivateKey,
};

/** The pair to publish; empty texts remove it, null leaves it unchanged. */
export const sharedClientOf = ({ sharedClient }: AuthorityState, policy: Policy): KeyPair | null =>
  publishesSharedClient(policy) ? sharedClient : NO_PAIR;

/** A text with a line break at its end, so that another one can follow. */
const lineEnded = (pem: string): string => (pem.endsWith('\n') ? pem : `${pem}\n`);

/** The first certificate in a text, described; null if there is none. */
export const describeFirst = (cert: string): Description | null =>
  readBundle(cert).certificates[0]?.description ?? null;

/** The longest life in days among what is issued. */
const longestDays = ({ certTypes, kinds }: Policy): number =>
  Math.max(0, ...certTypes.map((certType) => kinds[certType].days));

/**
 * Whether it is time for a new CA: the CA's end would cut short what is issued now. A CA that lives no longer than what it issues is
 * replaced in the last part of its own life, like certificates.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority, isDueForRotation, openAuthority, openPolicy } from 'interface-tls-certificates/authority';
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const opened = await openAuthority(made.right)();
 * if (opened._tag === 'Left') throw new Error(opened.left.code);
 * assert.ok(!isDueForRotation(opened.right, openPolicy, moment.now));
 * assert.ok(isDueForRotation(opened.right, openPolicy, new Date('2036-11-01')));
 * ```
 */
export const isDueForRotation = (authority: OpenAuthority, policy: Policy, now: Date): boolean =>
  now.getTime() > rotationOf(authority, policy);

/** When it is time for a new CA, in milliseconds. Only its operator replaces a CA below another CA, whatever its end: never. */
export const rotationOf = (
  { description, state: { above } }: Pick<OpenAuthority, 'description' | 'state'>,
  policy: Policy,
): number => {
  if (above.length > 0) return Infinity;
  const [from, to] = [Date.parse(description.notBefore), Date.parse(description.notAfter)];
  const lastPart = to - (1 - policy.renewAfter) * (to - from);
  return Math.max(daysAfter(new Date(to), -longestDays(policy)).getTime(), lastPart);
};
