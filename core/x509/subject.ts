/**
 * Names for certificates that are made here: texts turned into a subject and alternative names, in the library's form.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { addressOf, addressText, hostOf, patternOf } from './hosts.ts';

/** A name that no certificate can have. */
export interface NameFault {
  readonly code: 'name-unusable' | 'common-name-too-long' | 'common-name-empty';
  readonly name: string;
}

/** An alternative name as the library takes it. */
export interface NewName {
  readonly type: 'dns' | 'ip' | 'email' | 'url';
  readonly value: string;
}

/** Characters of a common name (RFC 5280 appendix A.1, `ub-common-name`); OpenSSL refuses to make longer ones. */
const MAX_COMMON_NAME = 64;

/** The subject: a common name only, as UTF8String. */
export const subjectOf = (commonName: string): Array<Record<string, Array<{ utf8String: string }>>> => [
  { CN: [{ utf8String: commonName }] },
];

/** Control characters and halves of surrogate pairs: no name that people could read has them. */
const UNREADABLE = /[\p{Cc}\p{Cs}]/u;

/** Printable ASCII without blanks, with a scheme. */
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$/;
const MAILBOX = /^[!-?A-~]+$/;

/** Blanks around a name do not count (D28). */
const nameOf = (asked: string): NewName | null => {
  const text = asked.trim();
  const address = addressOf(text);
  if (address !== null) return { type: 'ip', value: addressText(address) };
  const pattern = patternOf(text);
  if (pattern !== null) return { type: 'dns', value: pattern };
  const at = text.lastIndexOf('@');
  const host = at < 1 ? null : hostOf(text.slice(at + 1));
  if (host !== null && MAILBOX.test(text.slice(0, at))) return { type: 'email', value: `${text.slice(0, at)}@${host}` };
  return URI.test(text) ? { type: 'url', value: text } : null;
};

/** Alternative names in the form in which certificates hold them, each once. */
export const usableNames = (
  commonName: string,
  texts: ReadonlyArray<string>,
): E.Either<NameFault, ReadonlyArray<NewName>> => {
  if (commonName === '') return E.left({ code: 'common-name-empty', name: commonName });
  if ([...commonName].length > MAX_COMMON_NAME) return E.left({ code: 'common-name-too-long', name: commonName });
  if (UNREADABLE.test(commonName)) return E.left({ code: 'name-unusable', name: commonName });
  const names = new Map<string, NewName>();
  for (const text of texts) {
    const name = nameOf(text);
    if (name === null) return E.left({ code: 'name-unusable', name: text });
    names.set(`${name.type} ${name.value}`, name);
  }
  return E.right([...names.values()]);
};

/** The common name of a server as an alternative name, where it can be one: that is where clients look for it. */
export const hostOfCommonName = (commonName: string): ReadonlyArray<string> =>
  addressOf(commonName) !== null || patternOf(commonName) !== null ? [commonName] : [];
