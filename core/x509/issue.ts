/**
 * Issues certificates of every kind below a CA, for one of our keys or for the key in someone else's request.
 *
 * Issued certificates have the profile of RFC 5280 section 4.2 for their kind. Time and the random bits of serial numbers come from the
 * caller. A certificate that could not be verified later is not issued.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { CertType, PrivateKey } from '../model/certificate.ts';
import type { IssueFault } from './issue-fault.ts';
import { type CaPair, type Issuer, openIssuer } from './issuer.ts';
import { openKey } from './key.ts';
import type { Encoded } from './pem.ts';
import { isServerKind } from './purpose.ts';
import { openRequest } from './request.ts';
import { isPathLength, sign } from './sign.ts';
import { hostOfCommonName, usableNames } from './subject.ts';
import type { Subtrees } from './subtrees.ts';
import { checkValidity, type Terms } from './terms.ts';

/** A new certificate. */
export interface NewCertificate {
  /** What it is for. */
  readonly certType: CertType;
  /**
   * For servers, a host name or address also becomes an alternative name. A common name of more than 64 characters must be among the
   * `sans`, and then appears only there.
   */
  readonly commonName: string;
  /** The names that it is for. */
  readonly sans: ReadonlyArray<string>;
  /** The holder: one of our keys, or a certificate request, of which only the key is used. */
  readonly holder: { readonly key: PrivateKey } | { readonly request: Encoded };
  /** For an intermediate: the limit on the number of CAs in a chain below it; default: 0. */
  readonly pathLength?: number;
  /** For an intermediate: the names that it may certify, for servers only; default: any name for any use. */
  readonly subtrees?: Subtrees | null;
}

/** The public key of the holder of the new certificate. */
const holderOf = async (holder: NewCertificate['holder']): Promise<E.Either<IssueFault, Uint8Array>> => {
  if ('request' in holder) {
    const read = await openRequest(holder.request)();
    return E.isLeft(read) ? E.left({ code: read.left }) : E.right(read.right.publicKey.spki);
  }
  const own = await openKey(holder.key)();
  return E.isLeft(own) ? E.left({ code: own.left, whose: 'holder' }) : E.right(own.right.spki);
};

/**
 * Makes a certificate of any kind, signed by a CA, in PEM. An application certificate is a server certificate. A CA that is already open is
 * not checked again.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority } from 'interface-tls-certificates/authority';
 * import { describe, issue } from 'interface-tls-certificates/x509';
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * const now = new Date('2026-11-25');
 * const made = await createAuthority({ commonName: 'Our CA', days: 100 }, { now, random })();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const wanted = { certType: 'server', commonName: 'web.example', sans: [], holder: { key: made.right.key } } as const;
 * const terms = { notBefore: now, notAfter: new Date('2026-12-25'), random };
 * const issued = await issue(wanted, made.right, terms)();
 * assert.equal(issued._tag === 'Right' && describe(issued.right).certificates[0]?.sans[0]?.value, 'web.example');
 * ```
 */
export const issue =
  (wanted: NewCertificate, authority: CaPair | Issuer, terms: Terms): TE.TaskEither<IssueFault, string> => async () => {
    const { certType, commonName, holder } = wanted;
    const names = usableNames(commonName, [
      ...(isServerKind(certType) ? hostOfCommonName(commonName) : []),
      ...wanted.sans,
    ]);
    if (E.isLeft(names)) return names;
    // A CA without a name cannot issue anything that verifies.
    if (names.right.commonName === null && certType === 'intermediate') {
      return E.left({ code: 'common-name-too-long', name: commonName });
    }
    const issuer = 'keys' in authority ? E.right(authority) : await openIssuer(authority)();
    if (E.isLeft(issuer)) return issuer;
    const { certificate } = issuer.right;
    const validity = checkValidity(terms, certificate);
    if (E.isLeft(validity)) return validity;
    const pathLength = certType === 'intermediate' ? wanted.pathLength ?? 0 : null;
    const room = certificate.description.basicConstraints?.pathLength ?? Infinity;
    if (pathLength !== null && (!isPathLength(pathLength) || pathLength >= room)) {
      return E.left({ code: 'path-length-invalid' });
    }
    const spki = await holderOf(holder);
    if (E.isLeft(spki)) return spki;
    const subtrees = certType === 'intermediate' ? wanted.subtrees ?? null : null;
    return sign({ certType, names: names.right, pathLength, spki: spki.right, subtrees }, issuer.right, terms)();
  };
