/**
 * Makes foreign text safe for a terminal: one line, no control characters, no private key.
 *
 * Somebody else writes a databag. Escape sequences in it could change what the operator sees.
 *
 * @module
 */

/** Control characters, line separators, and the marks that change the direction of writing. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const escape = (character: string): string => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;

const PRIVATE_KEY = /PRIVATE KEY/;

/** Text as one harmless line of at most `limit` characters; longer text is cut, and its length shown. Text that contains a key is never shown. */
export const printable = (text: string, limit = 120): string => {
  if (PRIVATE_KEY.test(text)) return `(${text.length} characters with a private key)`;
  const line = text.slice(0, limit).replace(UNPRINTABLE, escape);
  return text.length > limit ? `${line}… (${text.length} characters)` : line;
};
