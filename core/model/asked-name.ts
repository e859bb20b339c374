/**
 * The names that people ask for, common names and SANs: which kind each is of, the form in which it is compared, and what is wrong with a text
 * that is no name.
 *
 * A databag has SANs as bare text, so the kind has to be told from the text. This is the one place that does so without X.509. Sources: RFC 5280
 * section 4.2.1.6 (the kinds), RFC 1035 section 2.3.1 with RFC 9525 section 6.3 (host names), RFC 4291 section 2.2 (addresses), RFC 5321 section
 * 4.1.2 (mailboxes), RFC 3986 section 3 (URIs).
 *
 * @module
 */
import { addressOf, addressText, asciiHostOf } from './hosts.ts';

/** A name of a kind that a certificate can have, in the form in which it is compared. */
export interface AskedName {
  readonly kind: 'ip' | 'dns' | 'email' | 'uri';
  readonly form: string;
}

/** Characters of a common name (RFC 5280 appendix A.1, `ub-common-name`). */
export const MAX_COMMON_NAME = 64;

/** Characters of a name at most: a databag's longest sensible name is a URI. */
const MAX_NAME = 2_048;

/** Control characters and halves of surrogate pairs: no name that people could read has them. */
const UNREADABLE = /[\p{Cc}\p{Cs}]/u;

// deno-lint-ignore no-control-regex -- ASCII is meant.
const NOT_ASCII = /[^\u0000-\u007f]/;

/** Labels of an international host name. What becomes of them in ASCII is for X.509 to find out. */
const INTERNATIONAL = /^[^\s\p{Cc}\p{Cs}!-,./:-@[-^`{-\u007f]+(?:\.[^\s\p{Cc}\p{Cs}!-,./:-@[-^`{-\u007f]+)*\.?$/u;

/** A scheme, and what it names: with an authority, or of the schemes that have none. Else `web.example:8443` would be a URI. */
const URI = /^([A-Za-z][A-Za-z0-9+.-]*:\/\/)([^/?#]+)(.*)$/;
const URI_WITHOUT_AUTHORITY = /^(?:urn|sips?|tag|did|mailto):./i;
const PRINTABLE = /^[!-~]+$/;

/** What may stand before the `@` of a mailbox. */
const LOCAL_PART = /^[!-?A-~]+$/;

const hostForm = (text: string): string | null => {
  const [star, host] = text.startsWith('*.') ? ['*.', text.slice(2)] : ['', text];
  if (!NOT_ASCII.test(host)) {
    const form = asciiHostOf(host);
    return form === null ? null : `${star}${form}`;
  }
  return host.length <= 1_012 && INTERNATIONAL.test(host)
    ? `${star}${host.normalize('NFC').toLowerCase().replace(/\.$/, '')}`
    : null;
};

/** The host of a URI's authority is the one part of it, beside the scheme, in which case is of no account (RFC 3986 section 6.2.2.1). */
const uriForm = (text: string): string | null => {
  if (!PRINTABLE.test(text)) return null;
  const [, scheme, authority, rest] = URI.exec(text) ?? [];
  if (scheme === undefined || authority === undefined) return URI_WITHOUT_AUTHORITY.test(text) ? text : null;
  const at = authority.lastIndexOf('@') + 1;
  return `${scheme.toLowerCase()}${authority.slice(0, at)}${authority.slice(at).toLowerCase()}${rest ?? ''}`;
};

const mailboxForm = (text: string): string | null => {
  const at = text.lastIndexOf('@');
  const host = at < 1 || !LOCAL_PART.test(text.slice(0, at)) ? null : hostForm(text.slice(at + 1));
  return host === null || host.startsWith('*.') ? null : `${text.slice(0, at)}@${host}`;
};

/**
 * The name that a text is; null where no certificate can have it. Blanks around it do not count.
 *
 * An IPv6 address that maps an IPv4 address (`::ffff:10.0.0.7`) is another name than that address: a certificate holds 16 bytes of the one and 4 of
 * the other (RFC 5280 section 4.2.1.6), and clients compare the bytes.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { readAskedName } from './asked-name.ts';
 * assert.deepEqual(readAskedName('2001:0DB8:0::1'), { kind: 'ip', form: '2001:db8::1' });
 * assert.deepEqual(readAskedName('Web.Example.'), { kind: 'dns', form: 'web.example' });
 * assert.equal(readAskedName('web.example:8443'), null);
 * ```
 */
export const readAskedName = (text: string): AskedName | null => {
  const name = text.length > MAX_NAME ? '' : text.trim();
  const address = addressOf(name);
  if (address !== null) return { kind: 'ip', form: addressText(address) };
  const host = hostForm(name);
  if (host !== null) return { kind: 'dns', form: host };
  const mailbox = mailboxForm(name);
  if (mailbox !== null) return { kind: 'email', form: mailbox };
  const uri = uriForm(name);
  return uri === null ? null : { kind: 'uri', form: uri };
};

/** A name in the form in which it is compared: two names are the same if and only if their forms are. What is no name is its own form. */
export const nameForm = (text: string): string => {
  const name = readAskedName(text);
  return name === null ? text : name.form;
};

/** Names as a set, each in the form in which it is compared: order, repeats and forms are no difference (D28). */
export const nameForms = (names: Iterable<string>): ReadonlySet<string> => new Set([...names].map(nameForm));

/** Whether two lists ask for the same names. */
export const sameNames = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): boolean => {
  const [left, right] = [nameForms(a), nameForms(b)];
  return left.size === right.size && [...left].every((name) => right.has(name));
};

/** Names of kinds that stand before a name in some tools. */
const PREFIX = /^(?:dns|ip|ip address|ipaddress|email|uri|rid|dirname|othername)\s*:(?!\/\/)/i;

/** A port behind a host or an address in brackets. */
const PORT = /^(?:\[[^\]]*\]|[^:\s]*):\d*$/;

/** What a text looks like that is no name, as the rest of a sentence. */
const looksLike = (text: string): string => {
  const [first = '', ...more] = text.split('/');
  if (PREFIX.test(text)) return 'begins with a kind of name, such as DNS:, which is no part of a name';
  if (PORT.test(text)) return 'has a port';
  if (text.includes('%') && text.includes(':')) return 'has a zone, which only its own machine knows';
  if (more.length === 1 && addressOf(first) !== null) return 'is a network, and not an address';
  if (/^\[.*\]$/.test(text)) return 'stands in brackets';
  if (text.includes(',')) return 'has a comma';
  if (/\s/.test(text)) return 'has a blank';
  if (text.includes('/')) return 'has a path';
  return 'is neither a host name nor an address, a mailbox or a URI';
};

/** Why no certificate can have a text as a SAN, as the rest of a sentence without the text; null where one can. */
export const sanFlaw = (text: string): string | null => {
  if (text.trim() === '') return 'is empty';
  if (readAskedName(text) !== null) return null;
  if (text.length > MAX_NAME) return `is longer than ${MAX_NAME} characters`;
  return UNREADABLE.test(text) ? 'has control characters' : looksLike(text.trim());
};

/**
 * Why no certificate can have a text as its common name, as the rest of a sentence without the text; null where one can. A longer common name than
 * X.509 has room for stands where it is a SAN too, since the certificate then has it there alone.
 */
export const commonNameFlaw = (commonName: string, sans: ReadonlyArray<string>): string | null => {
  if (commonName.trim() === '') return 'is empty';
  if (UNREADABLE.test(commonName)) return 'has control characters';
  // A character is two units at most, so a long text need not be counted.
  const isLong = commonName.length > 2 * MAX_COMMON_NAME || [...commonName].length > MAX_COMMON_NAME;
  if (!isLong) return null;
  const form = readAskedName(commonName) === null ? null : nameForm(commonName);
  return form !== null && nameForms(sans).has(form)
    ? null
    : `is longer than ${MAX_COMMON_NAME} characters, and is not among the SANs`;
};

/**
 * Why a text that somebody typed cannot be the common name of a server, as the rest of a sentence without the text: a certificate could have it, and
 * no client would ever look for it. Null where it can.
 */
export const serverNameFlaw = (commonName: string): string | null => {
  const name = commonName.trim();
  const known = readAskedName(name);
  if (known !== null) return known.kind === 'uri' ? 'is a URL' : null;
  if (name.includes('://')) return 'is a URL';
  if (name.includes(',')) return 'has a comma';
  if (/\s/.test(name)) return 'has a blank';
  if (PORT.test(name)) return 'has a port';
  return /[/?#]/.test(name) ? 'has a path' : null;
};
