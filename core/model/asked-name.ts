/**
 * A name that somebody wants in a certificate: which kind of alternative name it is, or why it is not one.
 *
 * Only this module decides that. Matching, the authority and request validation all ask it, so no two of them can disagree about a name.
 * Sources: RFC 5280 section 4.2.1.6, RFC 9525 section 6, RFC 3986, RFC 5321 section 4.1.2.
 *
 * @module
 */
import { addressOf, addressText, hostOf, patternOf } from './hosts.ts';

/** Why no certificate can have a text as a name. */
export type NotAName =
  | 'empty'
  /** Control characters, halves of surrogate pairs, or other characters that no name contains. */
  | 'characters'
  /** Spaces or commas: several names, or a sentence. */
  | 'several'
  /** The name starts with its kind, as in `DNS:web.example`. */
  | 'kind-prefix'
  /** The name ends with a port, as in `web.example:8443`. */
  | 'port'
  /** An address with a zone, as in `fe80::1%eth0`. */
  | 'zone'
  /** A network instead of an address, as in `10.0.0.0/8`. */
  | 'network'
  /** An address in brackets, as in URLs. */
  | 'brackets'
  /** A star anywhere but alone in the first label. */
  | 'wildcard'
  /** It looks like an address, but is not a valid one. */
  | 'not-an-address'
  | 'not-a-mailbox'
  | 'not-a-uri'
  /** A label of more than 63 characters, or a name of more than 253. */
  | 'too-long';

/** A name by its kind, in the one form used for comparison, or why it is not a name. */
export type AskedName =
  | { readonly kind: 'dns' | 'ip' | 'email' | 'uri'; readonly value: string }
  | { readonly kind: 'none'; readonly reason: NotAName };

/** What each reason means; the text follows the name in a message. */
export const NOT_A_NAME: Readonly<Record<NotAName, string>> = {
  'empty': 'is empty',
  'characters': 'has characters that no host name has',
  'several': 'has a blank or a comma in it',
  'kind-prefix': 'has its kind before it, as in DNS:web.example',
  'port': 'has a port',
  'zone': 'has a zone, which only its own machine knows',
  'network': 'is a network, not an address',
  'brackets': 'has brackets around the address',
  'wildcard': 'has a star in the wrong place (*.example.com is a wildcard)',
  'not-an-address': 'looks like an address but is not one',
  'not-a-mailbox': 'looks like an e-mail address but is not one',
  'not-a-uri': 'looks like a URI but is not one',
  'too-long': 'is too long for a host name',
};

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const DOT_STRING = new RegExp(`^${ATOM}(?:\\.${ATOM})*$`);
const QUOTED = /^"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])*"$/;

/** Characters of the part before the `@` (RFC 5321 section 4.5.3.1.1). */
const MAX_BOX = 64;

/** A mailbox: what stands before the `@`, without quotes that it does not need, and the host. */
export interface Mailbox {
  readonly box: string;
  readonly host: string;
}

/** Splits a mailbox into its parts; null if the text is not a mailbox, e.g. `a@b@example.com`. */
export const mailboxOf = (text: string): Mailbox | null => {
  const at = text.lastIndexOf('@');
  // Longer texts are not mailboxes, so the patterns never see them.
  if (at < 1 || at > 2 * MAX_BOX + 2 || text.endsWith('.')) return null;
  const host = hostOf(text.slice(at + 1));
  const local = text.slice(0, at);
  const isQuoted = QUOTED.test(local);
  if (host === null || (!isQuoted && !DOT_STRING.test(local))) return null;
  const bare = isQuoted ? local.slice(1, -1).replace(/\\(.)/g, '$1') : local;
  if (bare.length > MAX_BOX) return null;
  return { box: DOT_STRING.test(bare) ? bare : local, host };
};

/** Scheme, authority with a host, and the rest (RFC 3986 appendix A). */
const URI =
  /^([A-Za-z][A-Za-z0-9+.-]*):\/\/((?:[\w.~!$&'()*+,;=:%-]*@)?(?:\[[0-9A-Fa-f:.]+\]|[\w.~!$&'()*+,;=%-]+)(?::\d*)?)([/?#][\w.~!$&'()*+,;=:@%/?#-]*)?$/;
/** A URN needs a namespace and something in it (RFC 8141 section 2). */
const URN = /^(urn:[a-z0-9][a-z0-9-]{0,30}[a-z0-9]):([\w.~!$&'()*+,;=:@%/?#-]+)$/i;
const BAD_PERCENT = /%(?![0-9A-Fa-f]{2})/;

/** Longest URI that is read, in characters. */
const MAX_URI = 2048;

/** A URI with scheme and host in lower case (RFC 5280 section 7.4); null if it is not a URI or has no scheme. */
export const uriOf = (text: string): string | null => {
  if (text.length > MAX_URI || BAD_PERCENT.test(text)) return null;
  const [, scheme, authority, rest = ''] = URI.exec(text) ?? [];
  if (scheme !== undefined && authority !== undefined) {
    const at = authority.lastIndexOf('@') + 1;
    return `${scheme.toLowerCase()}://${authority.slice(0, at)}${authority.slice(at).toLowerCase()}${rest}`;
  }
  const [, namespace, inside] = URN.exec(text) ?? [];
  return namespace === undefined ? null : `${namespace.toLowerCase()}:${inside ?? ''}`;
};

/** Control characters and halves of surrogate pairs; no readable name contains them. */
const UNREADABLE = /[\p{Cc}\p{Cs}]/u;
const KIND_PREFIX = /^(dns(name)?|ip([ _-]?addr(ess)?)?|uri|url|e?mail|rid|dirname|othername|san|cn)\s*[:=]/i;

const isHostOrAddress = (text: string): boolean => patternOf(text) !== null || addressOf(text) !== null;

const before = (text: string, mark: string): string => text.slice(0, Math.max(0, text.indexOf(mark)));

const reasonFor = (text: string): NotAName => {
  if (text === '') return 'empty';
  if (UNREADABLE.test(text)) return 'characters';
  if (KIND_PREFIX.test(text)) return 'kind-prefix';
  if (/[\s,;]/.test(text)) return 'several';
  if (addressOf(before(text, '%')) !== null) return 'zone';
  if (addressOf(before(text, '/')) !== null) return 'network';
  if (/^\[[^\]]*\]$/.test(text)) return 'brackets';
  const last = text.lastIndexOf(':');
  if (/^\[[^\]]*\]:/.test(text)) return 'port';
  if (last > 0 && /^\d{1,5}$/.test(text.slice(last + 1)) && isHostOrAddress(text.slice(0, last))) return 'port';
  if (text.includes('://')) return 'not-a-uri';
  if (text.includes('@')) return 'not-a-mailbox';
  if (text.includes('*')) return 'wildcard';
  if (/^[0-9a-fx:.]*$/i.test(text) && /\d/.test(text)) {
    return 'not-an-address';
  }
  const isTooLong = text.length > 253 || text.split('.').some((label) => label.length > 63);
  return isTooLong && /^[\w.-]*$/.test(text) ? 'too-long' : 'characters';
};

/**
 * Tells which kind of name this is. Host names come back as A-labels in lower case without a trailing dot, addresses in the form of RFC
 * 5952. Spaces around a name are ignored.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { classifyName } from 'interface-tls-certificates/x509';
 * assert.deepEqual(classifyName('Web.Example.'), { kind: 'dns', value: 'web.example' });
 * assert.deepEqual(classifyName('web.example:8443'), { kind: 'none', reason: 'port' });
 * ```
 */
export const classifyName = (asked: string): AskedName => {
  const text = asked.trim();
  const address = addressOf(text);
  if (address !== null) return { kind: 'ip', value: addressText(address) };
  const pattern = patternOf(text);
  if (pattern !== null) return { kind: 'dns', value: pattern };
  const mailbox = mailboxOf(text);
  if (mailbox !== null) return { kind: 'email', value: `${mailbox.box}@${mailbox.host}` };
  const uri = uriOf(text);
  return uri === null ? { kind: 'none', reason: reasonFor(text) } : { kind: 'uri', value: uri };
};
