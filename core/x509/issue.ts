/**
 * Issuing certificates of every kind below a CA, for a key of ours or the key of somebody else's request.
 *
 * What is issued has the profile of RFC 5280 section 4.2 for its kind. Time and the random bits of serial numbers come from the
 * caller; what could not be verified later is not issued.
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

/** A certificate to be made. */
export interface NewCertificate {
  /** What it is for. */
  readonly certType: CertType;
  /**
   * For servers, a host name or address is an alternative name too. One of more than 64 characters has to be among the `sans`, and is
   * then there alone.
   */
  readonly commonName: string;
  /** The names that it is for. */
  readonly sans: ReadonlyArray<string>;
  /** Whose it is: a key of ours, or a certificate request of which only the key is taken. */
  readonly holder: { readonly key: PrivateKey } | { readonly request: Encoded };
  /** For an intermediate: how many CAs may be below one another below it; default 0. */
  readonly pathLength?: number;
  /** For an intermediate: the names that it may certify, for servers alone; any for any use unless said otherwise. */
  readonly subtrees?: Subtrees | null;
}

/** The public key of whoever holds the certificate that is made. */
const holderOf = async (holder: NewCertificate['holder']): Promise<E.Either<IssueFault, Uint8Array>> => {
  if ('request' in holder) {
    const read = await openRequest(holder.request)();
    return E.isLeft(read) ? E.left({ code: read.left }) : E.right(read.right.publicKey.spki);
  }
  const own = await openKey(holder.key)();
  return E.isLeft(own) ? E.left({ code: own.left, whose: 'holder' }) : E.right(own.right.spki);
};

/**
 * Makes a certificate of any kind, signed by a CA, in PEM. An application certificate is a server certificate. A CA that was opened
 * before is not looked at again.
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
    // A CA without a name issues nothing that could be verified.
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
