/**
 * Arbitrary text for properties: any character that there is, also those beyond the first 65,536.
 *
 * @module
 */
import fc from 'fast-check';

/** The first of the surrogates, which are no characters, and how many there are. */
const [SURROGATES, NUMBER] = [0xd800, 0x800];

/**
 * Any character. It says the same as `unit: 'binary'` of fast-check, which first makes a table of a million characters: a second and a half in each
 * process.
 */
const character = fc.nat(0x10ffff - NUMBER).map(
  (n) => String.fromCodePoint(n < SURROGATES ? n : n + NUMBER),
  (text) => {
    const code = typeof text === 'string' ? text.codePointAt(0) : undefined;
    if (typeof text !== 'string' || code === undefined || [...text].length !== 1) throw new Error('not one character');
    if (code >= SURROGATES && code < SURROGATES + NUMBER) throw new Error('not a character');
    return code < SURROGATES ? code : code - NUMBER;
  },
);

/** Text of any characters. */
export const anyText = (
  size: { readonly minLength?: number; readonly maxLength?: number } = {},
): fc.Arbitrary<string> => fc.string({ ...size, unit: character });
