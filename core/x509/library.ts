/**
 * Certificates made by @peculiar/x509: roots and cross-certificates. They are few and last for years, so speed does not matter.
 *
 * @module
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import type { NewParts } from './certificate-write.ts';
import type { SigningKey } from './key.ts';
import { algorithmsOf } from './private-key.ts';
import { copyOf } from './signature.ts';

/** Writes and signs a certificate, as {@link "certificate-write".writeCertificate} does. It rejects if the runtime does not sign. */
export const libraryCertificate = async (
  { serial, issuer, subject, spki, notBefore, notAfter, extensions }: NewParts,
  { kind, privateKey }: SigningKey,
): Promise<Uint8Array> => {
  const lib = await import('./lib.ts');
  const made = await lib.X509CertificateGenerator.create({
    serialNumber: bytesToHex(serial),
    issuer: new lib.Name(copyOf(issuer)),
    subject: new lib.Name(copyOf(subject)),
    notBefore,
    notAfter,
    publicKey: copyOf(spki),
    signingKey: privateKey,
    signingAlgorithm: algorithmsOf(kind).signAs,
    extensions: extensions.map(({ oid, critical, value }) => new lib.Extension(oid, critical, copyOf(value))),
  });
  return new Uint8Array(made.rawData);
};
