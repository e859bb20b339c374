/**
 * When two lists of names are equal: order, repetition, the case of host names and the spelling of addresses do not matter.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { classifyName, type NotAName } from './asked-name.ts';
import { type Check, PASSED } from './passed.ts';

/**
 * What a name shares with every other spelling of it, and with no other name.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { nameKeyOf } from 'interface-tls-certificates/x509';
 * assert.equal(nameKeyOf('WEB.example'), nameKeyOf('web.example'));
 * ```
 */
export const nameKeyOf = (text: string): string => {
  const name = classifyName(text);
  return name.kind === 'none' ? `none:${text}` : `${name.kind}:${name.value}`;
};

/**
 * The names, each only in the first of its spellings; order and spelling are kept.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { distinctNames } from 'interface-tls-certificates/x509';
 * assert.deepEqual(distinctNames(['web.example', '10.0.0.7', 'WEB.example']), ['web.example', '10.0.0.7']);
 * ```
 */
export const distinctNames = (texts: ReadonlyArray<string>): ReadonlyArray<string> => {
  const seen = new Set<string>();
  return texts.filter((text) => {
    const key = nameKeyOf(text);
    return !seen.has(key) && seen.add(key);
  });
};

/**
 * Whether two lists ask for the same names.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { sameNames } from 'interface-tls-certificates/x509';
 * assert.ok(sameNames(['2001:db8::1', 'web.example'], ['WEB.example', '2001:DB8:0::1']));
 * ```
 */
export const sameNames = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): boolean => {
  const [one, other] = [new Set(a.map(nameKeyOf)), new Set(b.map(nameKeyOf))];
  return one.size === other.size && [...one].every((key) => other.has(key));
};

/** Longest common name in characters (RFC 5280 appendix A.1, `ub-common-name`); OpenSSL refuses to make longer ones. */
export const MAX_COMMON_NAME = 64;

/** Why a text cannot be the common name of a server. */
export type CommonNameFault =
  | NotAName
  /** A URI is not a host. */
  | 'uri'
  /** More than 64 characters, and not among the SANs, which would make up for it. */
  | 'common-name-too-long';

/** What each of them means; the text follows the name in a message. */
export const COMMON_NAME_FAULT: Readonly<Record<'uri' | 'common-name-too-long', string>> = {
  'uri': 'is a URL',
  'common-name-too-long': `has more than ${MAX_COMMON_NAME} characters, and is not among the SANs`,
};

/** Whether a common name is too long for a subject. */
export const isLongCommonName = (commonName: string): boolean =>
  // Counts characters only where it could matter.
  commonName.length > MAX_COMMON_NAME && [...commonName].length > MAX_COMMON_NAME;

/** Whether a text works as the common name of a server that asks for these SANs. */
export const checkCommonName = (commonName: string, sans: ReadonlyArray<string>): Check<CommonNameFault> => {
  const name = classifyName(commonName);
  if (name.kind === 'none') return E.left(name.reason);
  if (name.kind === 'uri') return E.left('uri');
  if (!isLongCommonName(commonName)) return PASSED;
  const key = nameKeyOf(commonName);
  return sans.some((san) => nameKeyOf(san) === key) ? PASSED : E.left('common-name-too-long');
};

/**
 * Why a text cannot be the common name of a server that asks for these SANs; null if it can.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { commonNameFault } from 'interface-tls-certificates/x509';
 * assert.equal(commonNameFault('web.example', []), null);
 * assert.equal(commonNameFault('https://web.example', []), 'uri');
 * ```
 */
export const commonNameFault = (commonName: string, sans: ReadonlyArray<string>): CommonNameFault | null => {
  const checked = checkCommonName(commonName, sans);
  return E.isLeft(checked) ? checked.left : null;
};
