/**
 * The subject of a request: its fields, and what no certificate request can express in them.
 *
 * Source: docs/csr-protocol.md, What a request is made of; RFC 5280 appendix A.1 for the bounds.
 *
 * @module
 */
import { type Decoder, object, omittable, text } from '../model/codec.ts';

/** The fields of a subject besides its common name; an empty one is absent. */
export interface Subject {
  /** O. */
  readonly organization?: string;
  /** OU. */
  readonly organizationalUnit?: string;
  /** An address for mail. */
  readonly emailAddress?: string;
  /** Two characters, e.g. `SE`. */
  readonly country?: string;
  /** ST. */
  readonly stateOrProvince?: string;
  /** L. */
  readonly locality?: string;
}

/** The fields with their short names in X.509 readers, in the order in which requests are written. */
export const SUBJECT_FIELDS: ReadonlyArray<readonly [field: keyof Subject, attribute: string]> = [
  ['organization', 'O'],
  ['organizationalUnit', 'OU'],
  ['emailAddress', 'emailAddress'],
  ['country', 'C'],
  ['stateOrProvince', 'ST'],
  ['locality', 'L'],
];

/** The type of the attribute that makes each request differ from the last: x500UniqueIdentifier. */
export const UNIQUE_IDENTIFIER = '2.5.4.45';

/** Decodes a subject; unknown fields are errors. */
export const Subject: Decoder<Subject> = object<Subject>('closed', {
  organization: omittable(text()),
  organizationalUnit: omittable(text()),
  emailAddress: omittable(text()),
  country: omittable(text()),
  stateOrProvince: omittable(text()),
  locality: omittable(text()),
});

/** Most bytes of UTF-8 in a common name. */
const MAX_COMMON_NAME = 64;

const LONE_SURROGATE = /\p{Cs}/u;

/** The length of a text in UTF-8: one to four bytes per character. */
const utf8Length = (s: string): number => {
  let bytes = 0;
  for (const c of s) {
    const code = c.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
};

/** PrintableString (X.680 section 41.4), which a country has to be. */
const COUNTRY = /^[A-Za-z0-9 '()+,./:=?-]{2}$/;

// deno-lint-ignore no-control-regex -- the range is ASCII.
const ASCII = /^[\u0000-\u007f]*$/;

/** What is wrong with a common name and a subject, each in a few words; empty if a request can have them all. */
export const subjectFaults = (commonName: string, subject: Subject): ReadonlyArray<string> => {
  const faults: Array<string> = [];
  // A text that is too long in UTF-16 is too long in UTF-8.
  if (commonName.length > MAX_COMMON_NAME || utf8Length(commonName) > MAX_COMMON_NAME) {
    faults.push(`the common name has more than ${MAX_COMMON_NAME} bytes in UTF-8`);
  }
  if (LONE_SURROGATE.test(commonName)) faults.push('the common name has half of a surrogate pair');
  for (const [field] of SUBJECT_FIELDS) {
    if (LONE_SURROGATE.test(subject[field] ?? '')) faults.push(`subject.${field} has half of a surrogate pair`);
  }
  const { country = '', emailAddress = '' } = subject;
  if (country !== '' && !COUNTRY.test(country)) faults.push('subject.country is not of two characters');
  if (!ASCII.test(emailAddress)) faults.push('subject.emailAddress is not ASCII');
  return faults;
};
