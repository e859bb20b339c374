/**
 * What a request asks for, in the one form in which it is compared with certificate requests and with other requests.
 *
 * The order of names, repeats, the form of an address and empty fields make no difference. Source: docs/csr-protocol.md, Which CSR fits a
 * request.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { CertType } from '../model/certificate.ts';
import type { Csr } from '../x509/csr.ts';
import { classifySan, type Sans, sansFrom, sansOfCsr } from './sans.ts';
import { type Subject, SUBJECT_FIELDS, subjectFaults, UNIQUE_IDENTIFIER } from './subject.ts';

/**
 * The content of a request. An empty text means absent.
 *
 * @internal
 */
export interface Content {
  readonly commonName: string;
  /** In the order of {@link SUBJECT_FIELDS}. */
  readonly subject: ReadonlyArray<string>;
  readonly sans: Sans;
  readonly hasUniqueIdentifier: boolean;
}

/** A text that two contents share exactly if they are equal. */
export type ContentKey = string & { readonly contentKey: unique symbol };

/** The key of a content. */
export const contentKey = ({ commonName, subject, sans, hasUniqueIdentifier }: Content): ContentKey =>
  // Only this function makes a content's key.
  JSON.stringify([commonName, subject, sans.oid, sans.ip, sans.dns, hasUniqueIdentifier]) as ContentKey;

/** What a charm asks for, in its own words. */
export interface AskedContent {
  readonly commonName: string;
  readonly sans: ReadonlyArray<string>;
  readonly subject?: Subject;
  readonly uniqueIdentifier: boolean;
}

/** The content of what a charm asks for; a `Left` lists what no certificate request can express. */
export const contentOf = (
  { commonName, sans, subject = {}, uniqueIdentifier }: AskedContent,
): E.Either<ReadonlyArray<string>, Content> => {
  const faults = [...subjectFaults(commonName, subject)];
  const names = sans.flatMap((text, i) => {
    const san = classifySan(text);
    if (E.isRight(san)) return san.right === null ? [] : [san.right];
    faults.push(`sans[${i}]: ${san.left}`);
    return [];
  });
  if (commonName === '' && names.length === 0 && faults.length === 0) {
    faults.push('there is neither a common name nor a SAN');
  }
  const fields = SUBJECT_FIELDS.map(([field]) => subject[field] ?? '');
  if (commonName === '' && !uniqueIdentifier && fields.every((value) => value === '') && faults.length === 0) {
    faults.push('there is no subject at all: give it a common name, or leave it its unique identifier');
  }
  if (faults.length > 0) return E.left(faults);
  return E.right({ commonName, subject: fields, sans: sansFrom(names), hasUniqueIdentifier: uniqueIdentifier });
};

/** The content of a certificate request; the first value of each attribute counts. */
export const contentOfCsr = ({ subject, altNames }: Csr): Content => {
  const first = (wanted: string): string => subject.attributes.find(({ type }) => type === wanted)?.value ?? '';
  return {
    commonName: first('CN'),
    subject: SUBJECT_FIELDS.map(([, attribute]) => first(attribute)),
    sans: sansOfCsr(altNames),
    hasUniqueIdentifier: subject.attributes.some(({ type }) => type === UNIQUE_IDENTIFIER),
  };
};

const USAGE: { readonly [K in CertType]: string } = {
  server: 'serverAuth',
  application: 'serverAuth',
  intermediate: 'serverAuth',
  client: 'clientAuth',
};

/**
 * Whether a certificate request can serve this kind: it names the usage of the kind, or none at all. A critical extension other than
 * subjectAltName asks for something that none of our requests does.
 */
export const fitsKind = ({ extendedKeyUsage, critical }: Csr, certType: CertType): boolean =>
  critical.length === 0 &&
  (extendedKeyUsage === null || extendedKeyUsage.includes(USAGE[certType]) ||
    extendedKeyUsage.includes('anyExtendedKeyUsage'));
