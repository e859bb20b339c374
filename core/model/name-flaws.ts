/**
 * Checks of requested names. A `Left` says what is wrong: the rest of a sentence, without the name itself.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { classifyName, NOT_A_NAME } from './asked-name.ts';
import { type Check, PASSED } from './passed.ts';
import { checkCommonName, COMMON_NAME_FAULT, type CommonNameFault, isLongCommonName, nameKeyOf } from './same-names.ts';

/** Control characters and halves of surrogate pairs; no readable name contains them. */
const UNREADABLE = /[\p{Cc}\p{Cs}]/u;

/** Whether a certificate can have a text as a SAN. */
export const checkSan = (text: string): Check<string> => {
  const name = classifyName(text);
  return name.kind === 'none' ? E.left(NOT_A_NAME[name.reason]) : PASSED;
};

/**
 * Whether a certificate can have a text as its common name. A common name that is too long for X.509 is fine if it is also a SAN: the
 * certificate then has it as a SAN only.
 */
export const checkSubjectName = (commonName: string, sans: ReadonlyArray<string>): Check<string> => {
  if (commonName.trim() === '') return E.left(NOT_A_NAME.empty);
  if (UNREADABLE.test(commonName)) return E.left('has control characters');
  if (!isLongCommonName(commonName)) return PASSED;
  const key = nameKeyOf(commonName);
  const isAmongSans = E.isRight(checkSan(commonName)) && sans.some((san) => nameKeyOf(san) === key);
  return isAmongSans ? PASSED : E.left(COMMON_NAME_FAULT['common-name-too-long']);
};

/** Whether a text works as the common name of a server that asks for these SANs. Another one would be issued, but no client would look at it. */
export const checkServerName = (commonName: string, sans: ReadonlyArray<string>): Check<string> =>
  E.mapLeft((fault: CommonNameFault) =>
    fault === 'uri' || fault === 'common-name-too-long' ? COMMON_NAME_FAULT[fault] : NOT_A_NAME[fault]
  )(checkCommonName(commonName, sans));
