/**
 * What is wrong with a name that somebody asks for, in words: the rest of a sentence, without the name itself, or null where nothing is.
 *
 * @module
 */
import { classifyName, NOT_A_NAME } from './asked-name.ts';
import { COMMON_NAME_FAULT, commonNameFault, isLongCommonName, nameKeyOf } from './same-names.ts';

/** Control characters and halves of surrogate pairs: no name that people could read has them. */
const UNREADABLE = /[\p{Cc}\p{Cs}]/u;

/** Why no certificate can have a text as a SAN. */
export const sanFlaw = (text: string): string | null => {
  const name = classifyName(text);
  return name.kind === 'none' ? NOT_A_NAME[name.reason] : null;
};

/**
 * Why no certificate can have a text as its common name. A common name that is too long for X.509 is fine where it is a SAN too: the certificate
 * then has it there alone.
 */
export const commonNameFlaw = (commonName: string, sans: ReadonlyArray<string>): string | null => {
  if (commonName.trim() === '') return NOT_A_NAME.empty;
  if (UNREADABLE.test(commonName)) return 'has control characters';
  if (!isLongCommonName(commonName)) return null;
  const isName = sanFlaw(commonName) === null;
  const key = nameKeyOf(commonName);
  return isName && sans.some((san) => nameKeyOf(san) === key) ? null : COMMON_NAME_FAULT['common-name-too-long'];
};

/** Why a text cannot be the common name of a server that asks for these SANs: a certificate could have it, but no client would look for it. */
export const serverNameFlaw = (commonName: string, sans: ReadonlyArray<string>): string | null => {
  const fault = commonNameFault(commonName, sans);
  if (fault === null) return null;
  return fault === 'uri' || fault === 'common-name-too-long' ? COMMON_NAME_FAULT[fault] : NOT_A_NAME[fault];
};
