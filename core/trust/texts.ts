/**
 * Certificates in texts. Each is identified by its DER, and read only once however often it occurs in a decision.
 *
 * A text may hold several certificates, with other things around them. Source: docs/certificate-transfer.md, Certificates.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { NormalPem } from '../csr/texts.ts';
import { shapeOf } from '../model/shape.ts';
import type { Timestamp } from '../model/snapshot.ts';
import { readBundle, type Shelf } from '../x509/bundle.ts';
import { type Certificate, MAX_CERTIFICATE_BYTES, readCertificate } from '../x509/certificate.ts';
import { firstBlock, writeBlock } from '../x509/first-block.ts';

/** A certificate that somebody hands out for others to trust. */
export interface TrustedCertificate {
  /** In the normal form of PEM. */
  readonly pem: NormalPem;
  /** SHA-256 of the DER, in hex. */
  readonly sha256: string;
  /** The name of the subject, as one text. */
  readonly subject: string;
  /** Whether it says that it belongs to a CA. */
  readonly isCa: boolean;
  /** The start of its validity. */
  readonly notBefore: Timestamp;
  /** The end of its validity. */
  readonly notAfter: Timestamp;
}

/** What a text holds. */
export interface TextOfCertificates {
  /** Without duplicates, in order. */
  readonly certificates: ReadonlyArray<TrustedCertificate>;
  /** What was expected and what was there instead, without content; null if nothing is wrong. */
  readonly fault: string | null;
  /** Whether it contains a private key. */
  readonly hasKey: boolean;
}

/** Reads texts, and reads no text twice. */
export type ReadText = (text: string) => TextOfCertificates;

/** A single certificate in PEM that has lost its line breaks, which the reader of bundles rejects. */
const squeezed = (text: string): ReadonlyArray<Certificate> => {
  const der = firstBlock(text, 'certificate');
  const read = der === null || der.length > MAX_CERTIFICATE_BYTES ? null : readCertificate(der);
  return read !== null && E.isRight(read) ? [read.right] : [];
};

const described = ({ der, description }: Certificate): TrustedCertificate => ({
  // Only this function makes the normal form on this side.
  pem: writeBlock('certificate', der) as NormalPem,
  sha256: description.sha256,
  subject: description.subject.text,
  isCa: description.basicConstraints?.ca ?? false,
  // Descriptions write dates in the form of timestamps.
  notBefore: description.notBefore as Timestamp,
  notAfter: description.notAfter as Timestamp,
});

/** Certificates without duplicates (compared by DER), in the order of first occurrence. */
export const distinct = (certificates: Iterable<TrustedCertificate>): ReadonlyArray<TrustedCertificate> => {
  const byDigest = new Map<string, TrustedCertificate>();
  for (const one of certificates) if (!byDigest.has(one.sha256)) byDigest.set(one.sha256, one);
  return [...byDigest.values()];
};

const readText = (shelf: Shelf, known: Map<Certificate, TrustedCertificate>, text: string): TextOfCertificates => {
  const { certificates, faults } = readBundle(text, shelf);
  const [fault] = faults.filter(({ code }) => code !== 'private-key');
  const found = certificates.length > 0 ? certificates : squeezed(text);
  const once = found.map((certificate) => {
    const before = known.get(certificate) ?? described(certificate);
    known.set(certificate, before);
    return before;
  });
  return {
    certificates: distinct(once),
    hasKey: text.includes('PRIVATE KEY'),
    fault: found.length === 0
      ? `expected a certificate in PEM, got ${shapeOf(text)}`
      : certificates.length > 0 && fault !== undefined
      ? `expected nothing but certificates in PEM, got something else at line ${fault.line}: it is left out`
      : null,
  };
};

/** Makes a reader for one decision. */
export const textsOnce = (): ReadText => {
  const shelf: Shelf = new Map();
  const known = new Map<Certificate, TrustedCertificate>();
  const texts = new Map<string, TextOfCertificates>();
  return (text) => {
    const before = texts.get(text);
    if (before !== undefined) return before;
    const read = readText(shelf, known, text);
    texts.set(text, read);
    return read;
  };
};

/** Whether a text contains a readable certificate. */
export const hasCertificate = (text: string): boolean =>
  readBundle(text).certificates.length > 0 || squeezed(text).length > 0;
