/**
 * General names: the names of a certificate besides its subject, and the bases of name constraints (RFC 5280 section 4.2.1.6).
 *
 * @module
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { context, type Element, elementOf, elementsOf, inside, malformed, TAG } from './der.ts';
import { addressText } from '../model/hosts.ts';
import { type ComparableName, readName } from './names.ts';
import { asciiOf, oidOf } from './primitives.ts';

/** The kinds of general names that are read. */
export type SanType = 'dns' | 'ip' | 'uri' | 'email' | 'directory' | 'registeredId' | 'other';

/** A SAN of a certificate. */
export interface San {
  /** What kind of name it is. */
  readonly type: SanType;
  /**
   * The name as it is; an address as people write it, a directory name as {@link "names".Name.text}, an object identifier with dots; for
   * other names, the DER of the whole value in hex.
   */
  readonly value: string;
}

/** A general name with what is needed to compare it. */
export type GeneralName =
  | { readonly type: 'dns' | 'uri' | 'email'; readonly text: string }
  | { readonly type: 'ip'; readonly bytes: Uint8Array }
  | { readonly type: 'directory'; readonly name: ComparableName }
  | { readonly type: 'registeredId'; readonly oid: string }
  /** Other names (with the identifier of their type), X.400 addresses and EDI party names; `form` tells them apart. */
  | { readonly type: 'other'; readonly form: string; readonly hex: string };

const readOtherName = (content: Uint8Array): string => {
  const [type, value, ...more] = elementsOf(content);
  if (type?.tag !== TAG.oid || value?.tag !== context(0) || more.length > 0) return malformed('unexpected-value');
  return oidOf(type.content);
};

/** Reads a general name; the caller decides whether an address has a mask. */
export const readGeneralName = ({ tag, content, whole }: Element): GeneralName => {
  switch (tag) {
    case context(1, 'primitive'):
      return { type: 'email', text: asciiOf(content) };
    case context(2, 'primitive'):
      return { type: 'dns', text: asciiOf(content) };
    case context(4):
      return { type: 'directory', name: readName(elementOf(content)) };
    case context(6, 'primitive'):
      return { type: 'uri', text: asciiOf(content) };
    case context(7, 'primitive'):
      return { type: 'ip', bytes: content };
    case context(8, 'primitive'):
      return { type: 'registeredId', oid: oidOf(content) };
    case context(0):
      return { type: 'other', form: readOtherName(content), hex: bytesToHex(whole) };
    case context(3):
      return { type: 'other', form: 'x400', hex: bytesToHex(whole) };
    case context(5):
      return { type: 'other', form: 'ediParty', hex: bytesToHex(whole) };
    default:
      return malformed('unexpected-value');
  }
};

/** Reads SANs: at least one, and addresses of 4 or 16 bytes. */
export const readAltNames = (element: Element): ReadonlyArray<GeneralName> => {
  const names = inside(element).map(readGeneralName);
  const isRight = (name: GeneralName): boolean =>
    name.type !== 'ip' || name.bytes.length === 4 || name.bytes.length === 16;
  return names.length > 0 && names.every(isRight) ? names : malformed('value');
};

/** A general name as it is shown. */
export const sanOf = (name: GeneralName): San => {
  switch (name.type) {
    case 'ip':
      return { type: name.type, value: addressText(name.bytes) };
    case 'directory':
      return { type: name.type, value: name.name.text };
    case 'registeredId':
      return { type: name.type, value: name.oid };
    case 'other':
      return { type: name.type, value: name.hex };
    default:
      return { type: name.type, value: name.text };
  }
};
