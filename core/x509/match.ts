/**
 * Matching: whether a certificate answers a request, in every name, the purpose, and the key.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as T from 'fp-ts/lib/Task.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { faultsIn } from '../model/passed.ts';
import { type BundleFault, MAX_TOLD, type ReadBundle, readBundle } from './bundle.ts';
import type { Description } from './certificate.ts';
import { type NameMismatch, nameMismatchesOf, type NamesAsked } from './name-match.ts';
import type { Encoded } from './pem.ts';
import { type KeyFault, provesKey } from './private-key.ts';
import { type PurposeFault, purposeFaults } from './purpose.ts';
import { severityOf } from './severity.ts';

/** A way in which a certificate differs from the request. */
export type Mismatch = NameMismatch | { readonly code: PurposeFault };

/**
 * How a certificate differs from a request in names and purpose; empty if it fits. `severityOf` says which differences are a reason to
 * refuse it.
 *
 * Sources: RFC 9525 section 6, RFC 5280 section 7.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority } from 'interface-tls-certificates/authority';
 * import { describe, mismatches } from 'interface-tls-certificates/x509';
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * const now = new Date('2026-11-25');
 * const made = await createAuthority({ commonName: 'Our CA', days: 100 }, { now, random })();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const [certificate] = describe(made.right.certificate).certificates;
 * assert.ok(certificate !== undefined);
 * const asked = { certType: 'intermediate', commonName: 'Another CA', sans: [] } as const;
 * assert.ok(mismatches(certificate, asked).length > 0);
 * ```
 */
export const mismatches = (description: Description, asked: NamesAsked): ReadonlyArray<Mismatch> =>
  comparing(description)(asked);

/** The same for any number of requests: the certificate's names are prepared once. */
const comparing = (description: Description) => {
  const namesOf = nameMismatchesOf(description);
  return (asked: NamesAsked): ReadonlyArray<Mismatch> => [
    ...namesOf(asked),
    ...purposeFaults(description, asked.certType).map((code) => ({ code })),
  ];
};

/** A certificate with its key, and the request. */
export interface MatchInput {
  /** The first certificate in it counts. */
  readonly certificate: Encoded;
  /** The private key that came with it: PKCS#8, PKCS#1 or SEC1, whatever its label says. It goes nowhere else. */
  readonly key: Encoded;
  /** The names that were asked for. */
  readonly asked: NamesAsked;
}

/** Why a certificate with its key is not the answer. */
export type MatchFault =
  | Mismatch
  | { readonly code: KeyFault }
  | { readonly code: 'unreadable'; readonly fault: BundleFault };

/** A certificate with its key, matched with a request. */
export type MatchOf = (asked: NamesAsked) => E.Either<ReadonlyArray<MatchFault>, Description>;

/** Reads a certificate's names and tries its key once, for any number of requests that it answers; see {@link match}. */
export const matching = ({ certificates, faults }: ReadBundle, key: Encoded): T.Task<MatchOf> => async () => {
  const [first] = certificates;
  const fatal = faults.filter(({ code }) =>
    first === undefined || (code !== 'private-key' && code !== 'not-a-certificate')
  );
  if (first === undefined || fatal.length > 0) {
    const unreadable = E.left(fatal.slice(0, MAX_TOLD).map((fault): MatchFault => ({ code: 'unreadable', fault })));
    return () => unreadable;
  }
  const proved = await provesKey(key, first.publicKey)();
  const compare = comparing(first.description);
  return (asked) => {
    const found: ReadonlyArray<MatchFault> = [
      ...compare(asked),
      ...faultsIn(proved).map((code) => ({ code })),
    ];
    return found.every((fault) => severityOf(fault) === 'warning') ? E.right(first.description) : E.left(found);
  };
};

/**
 * Matches a certificate and its key with what was asked for. A `Right` is the certificate's description, also where there are
 * mismatches that are only warnings; a `Left` lists all that does not fit. The key is used to sign a fixed text, which the certificate's public key then verifies; nothing of it comes back.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority } from 'interface-tls-certificates/authority';
 * import { match } from 'interface-tls-certificates/x509';
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * const now = new Date('2026-11-25');
 * const made = await createAuthority({ commonName: 'Our CA', days: 100 }, { now, random })();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const { certificate, key } = made.right;
 * const asked = { certType: 'intermediate', commonName: 'Our CA', sans: [] } as const;
 * assert.equal((await match({ certificate, key, asked })())._tag, 'Right');
 * ```
 */
export const match =
  ({ certificate, key, asked }: MatchInput): TE.TaskEither<ReadonlyArray<MatchFault>, Description> => async () =>
    (await matching(readBundle(certificate), key)())(asked);
