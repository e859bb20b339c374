/**
 * The simple values of DER: numbers, bits, object identifiers, texts and times, each in its only valid form (X.690 sections 8, 10 and 11).
 * The caller checks tags, since many values in certificates are tagged implicitly.
 *
 * @module
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { type Element, malformed, TAG } from './der.ts';

/** The content of a value that must be of this kind. */
export const contentOf = (element: Element, tag: number): Uint8Array =>
  element.tag === tag ? element.content : malformed('unexpected-value');

/** `true` or `false`; DER has one byte for each. */
export const booleanOf = (content: Uint8Array): boolean => {
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) return malformed('value');
  return content[0] === 0xff;
};

/** The value without content. */
export const nullOf = (content: Uint8Array): null => (content.length === 0 ? null : malformed('value'));

/** An integer as its bytes in two's complement, which must be as few as possible. */
export const integerOf = (content: Uint8Array): Uint8Array => {
  const [first, second] = content;
  if (first === undefined) return malformed('value');
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    return malformed('value');
  }
  return content;
};

/** A number that counts something: not negative, and below 2^31. */
export const countOf = (content: Uint8Array): number => {
  const bytes = integerOf(content);
  if (bytes.length > 4 || (bytes[0] ?? 0) >= 0x80) return malformed('value');
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
};

/** A positive number without the zero byte that its sign may need. */
export const magnitudeOf = (content: Uint8Array): Uint8Array => {
  const bytes = integerOf(content);
  if ((bytes[0] ?? 0) >= 0x80) return malformed('value');
  return bytes[0] === 0 ? bytes.subarray(1) : bytes;
};

/** The bytes of a bit string that fills them completely. */
export const wholeBitsOf = (content: Uint8Array): Uint8Array =>
  content[0] === 0 ? content.subarray(1) : malformed('value');

/** The positions of the bits that are set in a list of named bits, whose trailing zeros DER omits (X.690 section 11.2.2). */
export const namedBitsOf = (content: Uint8Array): ReadonlyArray<number> => {
  const unused = content[0] ?? malformed('value');
  const bytes = content.subarray(1);
  const last = bytes.at(-1);
  if (unused > 7 || (last === undefined && unused > 0)) return malformed('value');
  if (last !== undefined && (last & ((1 << unused) - 1)) !== 0) return malformed('value');
  return [...bytes].flatMap((byte, i) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => byte & (0x80 >> bit)).map((bit) => i * 8 + bit)
  );
};

/** Longest object identifier that is read, in bytes; the longest in use has about 30. */
const MAX_OID = 128;

/** Arcs up to here are counted as numbers, which takes a tenth of the time of counting them as big ones. */
const SMALL_ARC = 2 ** 45;

/** An object identifier with dots. */
export const oidOf = (content: Uint8Array): string => {
  if (content.length === 0 || content.length > MAX_OID || (content.at(-1) ?? 0) >= 0x80) return malformed('value');
  let dotted = '';
  let arc = 0;
  let big: bigint | null = null;
  let fresh = true;
  for (const byte of content) {
    if (fresh && byte === 0x80) return malformed('value');
    if (big === null && arc < SMALL_ARC) arc = arc * 128 + (byte & 0x7f);
    else big = ((big ?? BigInt(arc)) << 7n) | BigInt(byte & 0x7f);
    fresh = byte < 0x80;
    if (!fresh) continue;
    if (dotted === '') {
      // The first two arcs are one number (X.690 section 8.19.4).
      const top = big !== null || arc >= 80 ? 2 : arc < 40 ? 0 : 1;
      dotted = `${top}.${big === null ? arc - top * 40 : big - 80n}`;
    } else dotted += `.${big ?? arc}`;
    arc = 0;
    big = null;
  }
  return dotted;
};

/** ASCII text, as in IA5String and its relatives. */
export const asciiOf = (content: Uint8Array): string =>
  content.every((byte) => byte < 0x80) ? latin1Of(content) : malformed('text');

/** Characters given to `String.fromCharCode` at once; more than some 100,000 arguments overflow the stack. */
const CHUNK = 8192;

/** Bytes as the characters with the same numbers. */
export const latin1Of = (bytes: Uint8Array): string => {
  let text = '';
  for (let i = 0; i < bytes.length; i += CHUNK) {
    text += Reflect.apply(String.fromCharCode, null, bytes.subarray(i, i + CHUNK));
  }
  return text;
};

/** Characters of `width` bytes, as in BMPString and UniversalString. */
const wideOf = (content: Uint8Array, width: 2 | 4): string => {
  if (content.length % width !== 0) return malformed('text');
  let text = '';
  for (let i = 0; i < content.length; i += width) {
    const code = content.subarray(i, i + width).reduce((sum, byte) => sum * 256 + byte, 0);
    // A surrogate is not a character, neither alone nor in a pair: BMPString has none beyond U+FFFF.
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return malformed('text');
    text += String.fromCodePoint(code);
  }
  return text;
};

const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const utf8Of = (content: Uint8Array): string => {
  try {
    return DECODER.decode(content);
  } catch {
    return malformed('text');
  }
};

/**
 * PrintableString allows few characters. The star and the ampersand are not among them, but occur in certificates in use; Go's crypto/x509
 * also accepts these two, and no others.
 */
const PRINTABLE = /^[A-Za-z0-9 '()+,\-./:=?*&]*$/;
const NUMERIC = /^[0-9 ]*$/;
const VISIBLE = /^[ -~]*$/;

/** A reader for text that may only contain the characters of a pattern. */
const textWith = (pattern: RegExp) => (content: Uint8Array): string => {
  const text = latin1Of(content);
  return pattern.test(text) ? text : malformed('text');
};

/** How the text of each string type is read. TeletexString is read as Latin-1, as everybody does (RFC 5280 appendix B does not say). */
const TEXTS: ReadonlyMap<number, (content: Uint8Array) => string> = new Map([
  [0x0c, utf8Of],
  [0x12, textWith(NUMERIC)],
  [0x13, textWith(PRINTABLE)],
  [0x14, latin1Of],
  [0x16, asciiOf],
  [0x1a, textWith(VISIBLE)],
  [0x1c, (content) => wideOf(content, 4)],
  [0x1e, (content) => wideOf(content, 2)],
]);

/** The text of a string type, or null if the value is of another type. */
export const textOf = ({ tag, content }: Element): string | null => {
  const text = TEXTS.get(tag)?.(content) ?? null;
  // A NUL ends a text for some programs and not for others: what follows could be anybody's name.
  return text?.includes('\0') ? malformed('text') : text;
};

const UTC_TIME = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
const GENERALIZED_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;

/** A moment in milliseconds: with seconds and in UTC, as in RFC 5280 section 4.1.2.5; two-digit years mean 1950 to 2049. */
export const momentOf = ({ tag, content }: Element): number => {
  const pattern = tag === 0x17 ? UTC_TIME : tag === 0x18 ? GENERALIZED_TIME : malformed('unexpected-value');
  const found = pattern.exec(latin1Of(content)) ?? malformed('time');
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1).map(Number);
  const date = new Date(0);
  date.setUTCFullYear(tag === 0x18 ? year : year < 50 ? 2000 + year : 1900 + year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  // A month 13 or a 30th of February has become another day.
  const same = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute && date.getUTCSeconds() === second;
  return same ? date.getTime() : malformed('time');
};

/** A positive integer in hex, as serial numbers are shown; a leading `-` for negative ones, which RFC 5280 forbids. */
export const serialOf = (content: Uint8Array): string => {
  const bytes = integerOf(content);
  if ((bytes[0] ?? 0) < 0x80) return bytesToHex(bytes.length > 1 && bytes[0] === 0 ? bytes.subarray(1) : bytes);
  const size = BigInt(8 * bytes.length);
  const hex = ((1n << size) - BigInt(`0x${bytesToHex(bytes)}`)).toString(16);
  return `-${hex.length % 2 === 0 ? hex : `0${hex}`}`;
};

/** The bytes of an octet string. */
export const octetsOf = (element: Element): Uint8Array => contentOf(element, TAG.octetString);
