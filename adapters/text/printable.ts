/**
 * Foreign text made safe for a terminal: one line, no control characters, no private key.
 *
 * A databag is written by somebody else. Escape sequences in it could rewrite what the operator sees.
 *
 * @module
 */

/** Control characters, line separators, and the marks that turn the direction of writing around. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const escape = (character: string): string => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;

const PRIVATE_KEY = /PRIVATE KEY/;

/** Text as one harmless line of at most `limit` characters; what is longer is cut, with its length. No text with a key is shown. */
export const printable = (text: string, limit = 120): string => {
  if (PRIVATE_KEY.test(text)) return `(${text.length} characters with a private key)`;
  const line = text.slice(0, limit).replace(UNPRINTABLE, escape);
  return text.length > limit ? `${line}… (${text.length} characters)` : line;
};
