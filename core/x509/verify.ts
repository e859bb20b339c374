/**
 * Verifying: whether a certificate leads to the CA that was published beside it, and if not, why.
 *
 * The three values are used as found in a databag. Anything unreadable that matters is a reason to refuse; private keys or texts among the
 * certificates are not. Revocation is not checked: the protocol publishes nothing about it.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { CertType } from '../model/certificate.ts';
import { type BundleFault, type BundleFaultCode, MAX_TOLD, type ReadBundle, readBundle } from './bundle.ts';
import type { Certificate, Description } from './certificate.ts';
import type { Encoded } from './pem.ts';
import { findPath, type Obstacle, type Verdicts } from './chain-search.ts';
import { isNotJudged } from './severity.ts';
import type { Wrapping } from './wrapping.ts';

/** What to verify, and against what. */
export interface VerifyInput {
  /** The certificate comes first; others that follow it are treated like those of `chain`. */
  readonly certificate: Encoded;
  /** Intermediate certificates in any order, with or without the CA; unrelated ones do no harm. Default: none. */
  readonly chain?: Encoded;
  /** The trusted CAs. Each must be a root, i.e. sign itself. */
  readonly ca: Encoded;
  /** The current time; without it, dates are not checked. */
  readonly now?: Date;
  /**
   * The kind that the certificate must be, which limits the CAs above it as well; without it, purposes are not checked. Whoever installs a
   * certificate knows the kind: {@link "judge".judge} requires it.
   */
  readonly purpose?: CertType;
}

/** Which of the values. */
export type VerifiedPart = 'certificate' | 'chain' | 'ca';

/** Why a certificate is refused. */
export type Refusal =
  | Obstacle
  /** A value is unreadable, or partly so; the first eight faults of a value are reported. */
  | {
    readonly code: 'unreadable';
    readonly source: VerifiedPart;
    readonly fault: BundleFault;
    readonly wrapping?: Wrapping;
  }
  /** `now` is not a moment. */
  | { readonly code: 'time-invalid' }
  /** The search reached its limits: too many certificates could be somebody's issuer. */
  | { readonly code: 'too-much-work' };

/** A refusal. */
export interface Refused {
  /**
   * `not-judged` if nothing is known to be wrong, but something is of a kind that is not supported here, or not by this runtime: others may
   * accept it.
   */
  readonly verdict: 'refused' | 'not-judged';
  /** At least one. A place means one in `path`. */
  readonly reasons: ReadonlyArray<Refusal>;
  /** The path that came closest, from the leaf up; empty if there is not even a certificate. */
  readonly path: ReadonlyArray<Description>;
}

const refused = (reasons: ReadonlyArray<Refusal>, path: Refused['path']): E.Either<Refused, never> =>
  E.left({ verdict: reasons.every(({ code }) => isNotJudged(code)) ? 'not-judged' : 'refused', reasons, path });

/** A valid path: the leaf, the CAs between, the trusted CA; a single certificate if the leaf is that CA's. */
export type Path = ReadonlyArray<Description>;

const descriptions = (path: ReadonlyArray<Certificate>): Path => path.map(({ description }) => description);

const unreadable = (source: VerifiedPart, faults: ReadonlyArray<BundleFault>): ReadonlyArray<Refusal> =>
  faults.slice(0, MAX_TOLD).map((fault) => ({ code: 'unreadable', source, fault }));

/** Whether a value is entirely empty. */
const isNothing = ({ faults: [first] }: ReadBundle): boolean => first?.code === 'no-certificate';

/** Faults of the leaf's own value that leave no doubt which certificate is meant. */
export const HARMLESS: ReadonlySet<BundleFaultCode> = new Set(['private-key', 'not-a-certificate']);

/**
 * Verifies a certificate by RFC 5280 section 6: signatures, CAs and their path lengths, key usages, dates, name constraints, policies,
 * critical extensions, and the purpose. A `Right` is the path, described; a `Left` says what is wrong with the path that came closest, and
 * where. It never throws, and its time is bounded for any input.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { verify } from 'interface-tls-certificates/x509';
 * const result = await verify({ certificate: 'no certificate', ca: '' })();
 * assert.equal(result._tag === 'Left' && result.left.reasons[0]?.code, 'unreadable');
 * ```
 */
export const verify = ({ certificate, chain, ca, ...terms }: VerifyInput): TE.TaskEither<Refused, Path> => async () =>
  await verifyRead({
    ...terms,
    certificate: readBundle(certificate),
    chain: chain === undefined ? NO_CERTIFICATES : readBundle(chain),
    ca: readBundle(ca),
  })();

/** The same values after reading, so that what many certificates are verified against is read only once. */
export interface ReadVerifyInput extends Pick<VerifyInput, 'now' | 'purpose'> {
  readonly certificate: ReadBundle;
  readonly chain: ReadBundle;
  readonly ca: ReadBundle;
  /** Shared by searches among the same CAs; a new one by default. */
  readonly verdicts?: Verdicts;
}

/** A bundle that is absent. */
export const NO_CERTIFICATES: ReadBundle = { certificates: [], faults: [] };

/** See {@link verify}. */
export const verifyRead = (input: ReadVerifyInput): TE.TaskEither<Refused, Path> => async () => {
  const now = input.now?.getTime() ?? null;
  if (now !== null && Number.isNaN(now)) return refused([{ code: 'time-invalid' }], []);
  const { certificate: own, chain, ca } = input;
  const [certificate, ...following] = own.certificates;

  const fatal = own.faults.filter(({ code }) => !HARMLESS.has(code));
  const missing = [
    ...unreadable('certificate', fatal),
    ...(ca.certificates.length === 0 ? unreadable('ca', ca.faults) : []),
  ];
  if (certificate === undefined || missing.length > 0) {
    const reasons = certificate === undefined && fatal.length === 0 ? unreadable('certificate', own.faults) : missing;
    return refused(reasons, descriptions(own.certificates.slice(0, 1)));
  }

  const found = await findPath(
    certificate,
    { trusted: ca.certificates, others: [...chain.certificates, ...following] },
    {
      now,
      purpose: input.purpose ?? null,
    },
    input.verdicts,
  );
  if (E.isRight(found)) return E.right(descriptions(found.right));
  const { obstacles, gaveUp, path } = found.left;
  const reasons: ReadonlyArray<Refusal> = [
    ...obstacles,
    ...(gaveUp ? [{ code: 'too-much-work' } as const] : []),
    // The unreadable part may be the missing one. An empty chain is only reported by what is missing.
    ...unreadable('chain', isNothing(chain) ? [] : chain.faults),
    ...unreadable('ca', ca.faults),
  ];
  return refused(reasons, descriptions(path));
};
