/**
 * Names for new certificates: turns texts into a subject and alternative names.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { classifyName, type NotAName } from '../model/asked-name.ts';
import { addressOf, patternOf } from '../model/hosts.ts';
import { isLongCommonName, nameKeyOf } from '../model/same-names.ts';
import { type Bytes, der, derOid, derText } from './der-write.ts';
import { TAG } from './der.ts';

/** A name that no certificate can have. */
export type NameFault =
  | { readonly code: 'name-unusable'; readonly name: string; readonly reason: NotAName }
  | { readonly code: 'common-name-too-long' | 'common-name-empty'; readonly name: string };

/** An alternative name of a new certificate. */
export interface NewName {
  readonly type: 'dns' | 'ip' | 'email' | 'url';
  readonly value: string;
}

/** Names for a certificate. */
export interface NewNames {
  /** Null if it is too long for a subject, and an alternative name takes its place (RFC 5280 section 4.2.1.6). */
  readonly commonName: string | null;
  readonly sans: ReadonlyArray<NewName>;
}

const COMMON_NAME = derOid('2.5.4.3');

/** The subject, DER: a common name only, as UTF8String; or nothing. */
export const subjectDer = (commonName: string | null): Bytes =>
  commonName === null ? der(TAG.sequence) : der(
    TAG.sequence,
    der(TAG.set, der(TAG.sequence, COMMON_NAME, derText(TAG.utf8, commonName))),
  );

/** Control characters and halves of surrogate pairs: no readable name contains them. */
const UNREADABLE = /[\p{Cc}\p{Cs}]/u;

const sansOf = (texts: ReadonlyArray<string>): E.Either<NameFault, ReadonlyArray<NewName>> => {
  const names = new Map<string, NewName>();
  for (const text of texts) {
    const name = classifyName(text);
    if (name.kind === 'none') return E.left({ code: 'name-unusable', name: text, reason: name.reason });
    names.set(`${name.kind}:${name.value}`, { type: name.kind === 'uri' ? 'url' : name.kind, value: name.value });
  }
  return E.right([...names.values()]);
};

/**
 * A common name with alternative names in the form used in certificates, without repeats. A common name that is too long for a subject is
 * left out of it if it is one of the alternative names.
 */
export const usableNames = (commonName: string, texts: ReadonlyArray<string>): E.Either<NameFault, NewNames> => {
  if (commonName === '') return E.left({ code: 'common-name-empty', name: commonName });
  if (UNREADABLE.test(commonName)) return E.left({ code: 'name-unusable', name: commonName, reason: 'characters' });
  const isLong = isLongCommonName(commonName);
  const isAmongThem = (): boolean => {
    const key = nameKeyOf(commonName);
    return texts.some((text) => nameKeyOf(text) === key);
  };
  if (isLong && !isAmongThem()) return E.left({ code: 'common-name-too-long', name: commonName });
  return E.map((sans: ReadonlyArray<NewName>): NewNames => ({ commonName: isLong ? null : commonName, sans }))(
    sansOf(texts),
  );
};

/** The common name of a server as an alternative name, if it can be one: that is where clients look for it. */
export const hostOfCommonName = (commonName: string): ReadonlyArray<string> =>
  !isLongCommonName(commonName) && (addressOf(commonName) !== null || patternOf(commonName) !== null)
    ? [commonName]
    : [];
