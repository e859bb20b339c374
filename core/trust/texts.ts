/**
 * Certificates in texts: each is told by its DER, and read once however often it occurs in a decision.
 *
 * A text may hold several certificates, and there may be other things around them. Source: docs/certificate-transfer.md, Certificates.
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
  /** In the normal form. */
  readonly pem: NormalPem;
  /** SHA-256 of the DER, in hex. */
  readonly sha256: string;
  /** The subject's name, as one text. */
  readonly subject: string;
  /** Whether it says that it is a CA's. */
  readonly isCa: boolean;
  /** The start of its validity. */
  readonly notBefore: Timestamp;
  /** The end of its validity. */
  readonly notAfter: Timestamp;
}

/** What a text holds. */
export interface TextOfCertificates {
  /** Each once, in order. */
  readonly certificates: ReadonlyArray<TrustedCertificate>;
  /** What was expected and what came instead, without content; null where nothing is wrong. */
  readonly fault: string | null;
  /** Whether a private key stands in it. */
  readonly hasKey: boolean;
}

/** Reads texts; what was read before is not read again. */
export type ReadText = (text: string) => TextOfCertificates;

/** A single certificate in PEM that has lost its line breaks, which the reader of bundles does not take. */
const squeezed = (text: string): ReadonlyArray<Certificate> => {
  const der = firstBlock(text, 'certificate');
  const read = der === null || der.length > MAX_CERTIFICATE_BYTES ? null : readCertificate(der);
  return read !== null && E.isRight(read) ? [read.right] : [];
};

const described = ({ der, description }: Certificate): TrustedCertificate => ({
  // The one place where the normal form comes from on this side.
  pem: writeBlock('certificate', der) as NormalPem,
  sha256: description.sha256,
  subject: description.subject.text,
  isCa: description.basicConstraints?.ca ?? false,
  // Descriptions write dates as timestamps are written.
  notBefore: description.notBefore as Timestamp,
  notAfter: description.notAfter as Timestamp,
});

/** Certificates, each once by its DER, in the order in which they come first. */
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

/** A reader for one decision. */
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

/** Whether a text has a readable certificate in it. */
export const hasCertificate = (text: string): boolean =>
  readBundle(text).certificates.length > 0 || squeezed(text).length > 0;
