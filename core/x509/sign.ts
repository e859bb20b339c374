/**
 * Signing a certificate with a key of ours, in the profile of its kind (RFC 5280 section 4.2).
 *
 * @module
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { sha1 } from '@noble/hashes/legacy.js';
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { CertType } from '../model/certificate.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { elementOf } from './der.ts';
import type { IssueFault } from './issue-fault.ts';
import type { Keys } from './key.ts';
import { EXTENSION } from './oids.ts';
import { MAX_COMPARISONS, pathFaults } from './path.ts';
import { writePem } from './pem.ts';
import { algorithmsOf } from './private-key.ts';
import { readPublicKey } from './public-key.ts';
import { copyOf } from './signature.ts';
import { type NewNames, subjectOf } from './subject.ts';
import { nameConstraintsDer, type Subtrees } from './subtrees.ts';
import { serialFrom, type Terms } from './terms.ts';

/** What is to be signed. */
export interface Plan {
  readonly certType: CertType | 'root';
  readonly names: NewNames;
  readonly pathLength: number | null;
  readonly spki: Uint8Array;
  readonly subtrees: Subtrees | null;
}

const keyIdOf = (spki: Uint8Array): string => bytesToHex(sha1(readPublicKey(elementOf(spki)).bits));

/** Signs it with the key of the CA, or with its own where there is no CA above it. What could not be verified later is not signed. */
export const sign = (
  { certType, names: { commonName, sans }, pathLength, spki, subtrees }: Plan,
  issuer: Certificate | null,
  signer: Keys,
  terms: Terms,
): TE.TaskEither<IssueFault, string> =>
async () => {
  const serial = serialFrom(terms);
  if (E.isLeft(serial)) return serial;
  try {
    const lib = await import('./lib.ts');
    const { ExtendedKeyUsage, KeyUsageFlags } = lib;
    const isCa = certType === 'root' || certType === 'intermediate';
    const isRsa = readPublicKey(elementOf(spki)).key.kind === 'rsa';
    const usage = isCa
      ? KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign
      // Only RSA enciphers keys, and only for servers (RFC 8446 does away with it, TLS 1.2 has it).
      : KeyUsageFlags.digitalSignature | (isRsa && certType !== 'client' ? KeyUsageFlags.keyEncipherment : 0);
    const purposes = certType === 'client' ? [ExtendedKeyUsage.clientAuth] : [ExtendedKeyUsage.serverAuth];
    const own = keyIdOf(spki);
    const issuerKeyId = issuer === null ? own : issuer.description.subjectKeyId;
    const subject = new lib.Name(subjectOf(commonName));
    const made = await lib.X509CertificateGenerator.create({
      serialNumber: serial.right,
      subject,
      // The issuer's name as it stands, byte for byte: some compare it so.
      issuer: issuer === null ? subject : new lib.X509Certificate(copyOf(issuer.der)).subjectName,
      notBefore: terms.notBefore,
      notAfter: terms.notAfter,
      publicKey: copyOf(spki),
      signingKey: signer.privateKey,
      signingAlgorithm: algorithmsOf(signer.kind).signAs,
      extensions: [
        new lib.BasicConstraintsExtension(isCa, isCa && pathLength !== null ? pathLength : undefined, true),
        new lib.KeyUsagesExtension(usage, true),
        // No constraint is about a client's name that is no host: a CA with constraints issues none.
        ...(isCa && subtrees === null ? [] : [new lib.ExtendedKeyUsageExtension(purposes)]),
        ...(subtrees === null
          ? []
          : [new lib.Extension(EXTENSION.nameConstraints, true, copyOf(nameConstraintsDer(subtrees)))]),
        ...(sans.length === 0 ? [] : [new lib.SubjectAlternativeNameExtension([...sans], commonName === null)]),
        new lib.SubjectKeyIdentifierExtension(own),
        ...(issuerKeyId === null ? [] : [new lib.AuthorityKeyIdentifierExtension(issuerKeyId)]),
      ],
    });
    const der = new Uint8Array(made.rawData);
    const read = readCertificate(der);
    if (E.isLeft(read)) return E.left({ code: 'signing-failed' });
    const rules = { now: null, purpose: certType === 'root' ? null : certType };
    const faults = issuer === null ? [] : pathFaults([read.right, issuer], rules, { comparisons: MAX_COMPARISONS });
    return faults.length === 0 ? E.right(writePem('CERTIFICATE', der)) : E.left({ code: 'refused-for-issuer', faults });
  } catch {
    return E.left({ code: 'signing-failed' });
  }
};

/** Whether this can be a number of CAs below one another. */
export const isPathLength = (n: number): boolean => Number.isInteger(n) && n >= 0 && n < 128;

/** The public half of a key, as a certificate holds it. */
export const spkiOf = async (publicKey: CryptoKey): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));
