/**
 * Signs a certificate below a CA, in the profile of its kind (RFC 5280 section 4.2).
 *
 * @module
 */
import { hexToBytes } from '@noble/hashes/utils.js';
import { sha1 } from '@noble/hashes/legacy.js';
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { CertType } from '../model/certificate.ts';
import { readCertificate } from './certificate.ts';
import { writeCertificate } from './certificate-write.ts';
import { elementOf, reading } from './der.ts';
import {
  authorityKeyId,
  caConstraints,
  extendedKeyUsage,
  extension,
  keyUsage,
  LEAF_CONSTRAINTS,
  newAltNames,
  type NewExtension,
  subjectKeyId,
} from './extension-write.ts';
import type { IssueFault } from './issue-fault.ts';
import type { Issuer } from './issuer.ts';
import { EXTENSION } from './oids.ts';
import { MAX_COMPARISONS, pathFaults } from './path.ts';
import { writePem } from './pem.ts';
import { type ReadKey, readPublicKey } from './public-key.ts';
import { type NewNames, subjectDer } from './subject.ts';
import { nameConstraintsDer, type Subtrees } from './subtrees.ts';
import { serialFrom, type Terms } from './terms.ts';

/** What is to be signed. */
export interface Plan {
  readonly certType: CertType;
  readonly names: NewNames;
  readonly pathLength: number | null;
  readonly spki: Uint8Array;
  readonly subtrees: Subtrees | null;
}

const extensionsOf = (
  { certType, names: { commonName, sans }, pathLength, subtrees }: Plan,
  { key, bits }: ReadKey,
  issuerKeyId: string | null,
): ReadonlyArray<NewExtension> => {
  const isCa = certType === 'intermediate';
  const isClient = certType === 'client';
  return [
    isCa ? caConstraints(pathLength) : LEAF_CONSTRAINTS,
    // Only RSA encrypts keys, and only for servers (RFC 8446 removes this, TLS 1.2 still has it).
    keyUsage(isCa ? 'ca' : key.kind === 'rsa' && !isClient ? 'enciphering' : 'signing'),
    // No constraint covers a client's name that is not a host, so a CA with constraints issues no client certificates.
    ...(isCa && subtrees === null ? [] : [extendedKeyUsage([isClient ? 'clientAuth' : 'serverAuth'])]),
    ...(subtrees === null ? [] : [extension(EXTENSION.nameConstraints, true, nameConstraintsDer(subtrees))]),
    ...newAltNames(sans, commonName !== null),
    subjectKeyId(sha1(bits)),
    ...(issuerKeyId === null ? [] : [authorityKeyId(hexToBytes(issuerKeyId))]),
  ];
};

/** Signs it with the CA's key. A certificate that could not be verified later is not signed. */
export const sign =
  (plan: Plan, { certificate: issuer, keys }: Issuer, terms: Terms): TE.TaskEither<IssueFault, string> => async () => {
    const serial = serialFrom(terms);
    if (E.isLeft(serial)) return serial;
    const key = reading(() => readPublicKey(elementOf(plan.spki)));
    if (E.isLeft(key)) return E.left({ code: 'signing-failed' });
    try {
      const der = await writeCertificate({
        serial: serial.right,
        // The issuer's name unchanged, byte for byte, since some implementations compare it that way.
        issuer: issuer.subjectDer,
        subject: subjectDer(plan.names.commonName),
        spki: plan.spki,
        notBefore: terms.notBefore,
        notAfter: terms.notAfter,
        extensions: extensionsOf(plan, key.right, issuer.description.subjectKeyId),
      }, keys);
      const read = readCertificate(der);
      if (E.isLeft(read)) return E.left({ code: 'signing-failed' });
      const rules = { now: null, purpose: plan.certType };
      const faults = pathFaults([read.right, issuer], rules, { comparisons: MAX_COMPARISONS });
      return faults.length === 0
        ? E.right(writePem('CERTIFICATE', der))
        : E.left({ code: 'refused-for-issuer', faults });
    } catch {
      return E.left({ code: 'signing-failed' });
    }
  };

/** Whether this is a valid limit on the number of CAs in a chain below a CA. */
export const isPathLength = (n: number): boolean => Number.isInteger(n) && n >= 0 && n < 128;
