/**
 * Verifying: whether a certificate leads to the CA that was published beside it, and if not, why.
 *
 * The three values come as they stand in a databag. What is not readable where it matters is a reason to refuse; private keys or
 * texts among the certificates are not. Revocation is not looked at: the protocol publishes nothing about it.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { CertType } from '../model/certificate.ts';
import { type BundleFault, type BundleFaultCode, readBundle } from './bundle.ts';
import type { Certificate, Description } from './certificate.ts';
import type { Encoded } from './pem.ts';
import { isNotJudged } from './severity.ts';
import { findPath, type Obstacle } from './search.ts';

/** What is verified, and against what. */
export interface VerifyInput {
  /** The certificate comes first; others that follow it are taken like those of `chain`. */
  readonly certificate: Encoded;
  /** Certificates in between, in any order, with or without the CA; some may have nothing to do with it. Default: none. */
  readonly chain?: Encoded;
  /** The CAs that are trusted. Each has to be a root, that is, to sign itself. */
  readonly ca: Encoded;
  /** The present; without it nothing is said about dates. */
  readonly now?: Date;
  /**
   * The kind of certificate that it has to be, which limits the CAs above it as well; without it nothing is said about purposes.
   * Whoever installs a certificate knows the kind: {@link "judge".judge} asks for it.
   */
  readonly purpose?: CertType;
}

/** Which of the values. */
export type Source = 'certificate' | 'chain' | 'ca';

/** Why a certificate is refused. */
export type Refusal =
  | Obstacle
  /** A value cannot be read, or not wholly. */
  | { readonly code: 'unreadable'; readonly source: Source; readonly fault: BundleFault }
  /** `now` is no moment. */
  | { readonly code: 'time-invalid' }
  /** The limits of the search were reached: there are too many certificates that could be somebody's issuer. */
  | { readonly code: 'too-much-work' };

/** A refusal. */
export interface Refused {
  /**
   * `not-judged` where nothing is known to be wrong, but something is of a kind that is not worked with here, or not by this runtime:
   * others may well accept it.
   */
  readonly verdict: 'refused' | 'not-judged';
  /** At least one. Those that have a place mean one in `path`. */
  readonly reasons: ReadonlyArray<Refusal>;
  /** The path that came closest, from the certificate up; empty where there is not even a certificate. */
  readonly path: ReadonlyArray<Description>;
}

const refused = (reasons: ReadonlyArray<Refusal>, path: Refused['path']): E.Either<Refused, never> =>
  E.left({ verdict: reasons.every(({ code }) => isNotJudged(code)) ? 'not-judged' : 'refused', reasons, path });

/** A valid path: the certificate, the CAs between, the trusted CA; only one where the certificate is that CA's. */
export type Path = ReadonlyArray<Description>;

const descriptions = (path: ReadonlyArray<Certificate>): Path => path.map(({ description }) => description);

const unreadable = (source: Source) => (fault: BundleFault): Refusal => ({ code: 'unreadable', source, fault });

/** Faults of the certificate's own value that leave no doubt which certificate is meant. */
export const HARMLESS: ReadonlySet<BundleFaultCode> = new Set(['private-key', 'not-a-certificate']);

/**
 * Verifies a certificate by RFC 5280 section 6: signatures, CAs and their path lengths, key usages, dates, name constraints,
 * policies, critical extensions, and the purpose. A `Right` is the path, described; a `Left` says what is wrong with the path that came
 * closest, and where. It never throws, and ends soon whatever the values are.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { verify } from '@tls-certificates/interface-tls-certificates/x509';
 * const result = await verify({ certificate: 'no certificate', ca: '' })();
 * assert.equal(result._tag === 'Left' && result.left.reasons[0]?.code, 'unreadable');
 * ```
 */
export const verify = (input: VerifyInput): TE.TaskEither<Refused, Path> => async () => {
  const now = input.now?.getTime() ?? null;
  if (now !== null && Number.isNaN(now)) return refused([{ code: 'time-invalid' }], []);
  const own = readBundle(input.certificate);
  const chain = input.chain === undefined ? { certificates: [], faults: [] } : readBundle(input.chain);
  const ca = readBundle(input.ca);
  const [certificate, ...following] = own.certificates;

  const fatal = own.faults.filter(({ code }) => !HARMLESS.has(code));
  const missing = [
    ...fatal.map(unreadable('certificate')),
    ...(ca.certificates.length === 0 ? ca.faults.map(unreadable('ca')) : []),
  ];
  if (certificate === undefined || missing.length > 0) {
    const reasons = certificate === undefined && fatal.length === 0
      ? own.faults.map(unreadable('certificate'))
      : missing;
    return refused(reasons, descriptions(own.certificates.slice(0, 1)));
  }

  const found = await findPath(
    certificate,
    { trusted: ca.certificates, others: [...chain.certificates, ...following] },
    {
      now,
      purpose: input.purpose ?? null,
    },
  );
  if (E.isRight(found)) return E.right(descriptions(found.right));
  const { obstacles, gaveUp, path } = found.left;
  const reasons: ReadonlyArray<Refusal> = [
    ...obstacles,
    ...(gaveUp ? [{ code: 'too-much-work' } as const] : []),
    // What could not be read may be what is missing. That a chain is empty is told by what is missing alone.
    ...chain.faults.filter(({ code }) => code !== 'no-certificate').map(unreadable('chain')),
    ...ca.faults.map(unreadable('ca')),
  ];
  return refused(reasons, descriptions(path));
};
