/**
 * Distinguished names: reads them, shows them, and tells whether two are equal.
 *
 * They are compared as in RFC 5280 section 7.1: attribute by attribute, whatever string type holds the text, ignoring case and repeated
 * spaces, after the preparation of RFC 4518 section 2.
 *
 * @module
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { cursor, type Element, inside, malformed, TAG } from './der.ts';
import { ATTRIBUTES } from './oids.ts';
import { oidOf, textOf } from './primitives.ts';

/** One attribute of a name. */
export interface Attribute {
  /** A short name such as `CN` if there is one, otherwise the object identifier. */
  readonly type: string;
  /** The text; for an unknown type also the DER of bits or a sequence, in hex after a `#`. */
  readonly value: string;
}

/** A distinguished name, from the root of the directory down, in the order of the certificate. */
export interface Name {
  /** The name in the form of RFC 4514, but in the order of the certificate, as in OpenSSL, e.g. `O=Example, CN=web`. */
  readonly text: string;
  /** In the certificate's order. */
  readonly attributes: ReadonlyArray<Attribute>;
}

/** A name with the form used for comparison: one text for each relative name. */
export interface ComparableName extends Name {
  readonly canonical: ReadonlyArray<string>;
}

/** RFC 4518 section 2.2: what becomes a space, and what vanishes. */
const BLANKS = /[\t\n\v\f\r\u0085\p{Z}]+/gu;
const NOTHING = /[\p{Cc}\p{Cf}\u034f\u180b-\u180d\ufe00-\ufe0f\ufffc]+/gu;

/** Words in ASCII with single blanks between them: there is nothing to do but to fold them. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;

/** Text in the form used for comparison: mapped, folded, normalised (RFC 4518 sections 2.2 and 2.3), and with single spaces (section 2.6.1). */
export const foldText = (text: string): string =>
  PLAIN.test(text)
    ? text.toLowerCase()
    : text.replace(BLANKS, ' ').replace(NOTHING, '').normalize('NFKC').toLowerCase().normalize('NFKC').replace(
      / +/g,
      ' ',
    )
      .trim();

// deno-lint-ignore no-control-regex -- they are what is escaped.
const SPECIAL = /[\u0000-\u001f\u007f,+"\\<>;]|^[ #]| $/g;

/** RFC 4514 section 2.4; control characters are escaped as well, so that a name stays on its line. */
const escaped = (value: string): string =>
  value.replace(SPECIAL, (c) => `\\${c < ' ' || c > '~' ? c.charCodeAt(0).toString(16).padStart(2, '0') : c}`);

const readAttribute = (element: Element): Attribute & { readonly canonical: string } => {
  const parts = cursor(element);
  const oid = oidOf(parts.take(TAG.oid).content);
  const value = parts.any();
  parts.end();
  const text = textOf(value);
  // As OpenSSL reads names: an attribute of an unknown type may also be bits or a sequence, and nothing else.
  const isOther = !ATTRIBUTES.has(oid) && (value.tag === TAG.bitString || value.tag === TAG.sequence);
  if (text === null && !isOther) malformed('text');
  const raw = `#${bytesToHex(value.whole)}`;
  const type = ATTRIBUTES.get(oid) ?? oid;
  return {
    type,
    value: text ?? raw,
    canonical: JSON.stringify([oid, text === null ? raw : foldText(text), text === null]),
  };
};

/** Reads a name. */
export const readName = (element: Element): ComparableName => {
  const parts = inside(element).map((relative) => {
    const attributes = inside(relative, TAG.set).map(readAttribute);
    return attributes.length > 0 ? attributes : malformed('value');
  });
  const shown = (attributes: ReadonlyArray<Attribute>): string =>
    attributes.map(({ type, value }) => `${type}=${escaped(value)}`).join(' + ');
  return {
    text: parts.map(shown).join(', '),
    attributes: parts.flat().map(({ type, value }) => ({ type, value })),
    canonical: parts.map((attributes) => attributes.map(({ canonical }) => canonical).sort().join()),
  };
};

/** A text that two names share exactly if they are equal. */
export const nameKey = ({ canonical }: ComparableName): string => canonical.join('\n');

/** Whether a name is within the subtree of another, or equals it (RFC 5280 section 4.2.1.10). */
export const isWithin = (name: ComparableName, base: ComparableName): boolean =>
  base.canonical.every((part, i) => part === name.canonical[i]);

/** The values of all attributes of one type. */
export const valuesOf = ({ attributes }: Name, type: string): ReadonlyArray<string> =>
  attributes.filter((attribute) => attribute.type === type).map(({ value }) => value);

/** Whether a name is empty. */
export const isEmptyName = ({ attributes }: Name): boolean => attributes.length === 0;
