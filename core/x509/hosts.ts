/**
 * Host names and addresses: the one form in which each is compared.
 *
 * Host names are compared as A-labels in lower case (RFC 9525 section 6.3, RFC 5280 section 7.2), addresses as their bytes.
 * The platform's `URL` knows international names and IPv6 addresses, and is the same everywhere; it is only asked about text that
 * cannot mean anything else to it.
 *
 * @module
 */

/** Labels of letters, digits, hyphens and the underscores of service names; 253 characters in all (RFC 1035 section 2.3.4). */
const HOST = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/** Such a name would be taken for an address (WHATWG URL section 3.5), and top-level domains are never numbers. */
const ENDS_IN_A_NUMBER = /(^|\.)\d+$/;

/** Characters that end a host name in a URL, or that it decodes. */
// deno-lint-ignore no-control-regex -- they are among them.
const NOT_IN_HOST = /[\u0000-\u0020\u007f#%/:<>?@[\\\]^`{|}]/;

// deno-lint-ignore no-control-regex -- ASCII is meant.
const isAscii = (text: string): boolean => /^[\u0000-\u007f]*$/.test(text);

const urlHost = (host: string): string | null => {
  try {
    return new URL(`http://${host}/`).hostname;
  } catch {
    return null;
  }
};

/**
 * A host name in A-labels and lower case, without the dot that may end it; null for what is none. An address is none.
 */
export const hostOf = (text: string): string | null => {
  // Four times 253 leaves room for names that become shorter as A-labels, and keeps the platform from long work.
  if (text.length > 1012 || (!isAscii(text) && NOT_IN_HOST.test(text))) return null;
  const host = (isAscii(text) ? text.toLowerCase() : urlHost(text) ?? '').replace(/\.$/, '');
  return HOST.test(host) && !ENDS_IN_A_NUMBER.test(host) ? host : null;
};

/** A host name or a wildcard such as `*.example.com` in the same form. */
export const patternOf = (text: string): string | null => {
  if (!text.startsWith('*.')) return hostOf(text);
  const host = hostOf(text.slice(2));
  return host === null ? null : `*.${host}`;
};

const IPV4 = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;
const IPV6 = /^[0-9A-Fa-f:.]{2,45}$/;

/** The bytes of an address, 4 or 16 of them; null for what is none. IPv4 has four decimal numbers without leading zeros. */
export const addressOf = (text: string): Uint8Array | null => {
  const v4 = IPV4.exec(text)?.slice(1).map(Number);
  if (v4 !== undefined) return v4.every((part) => part < 256) ? Uint8Array.from(v4) : null;
  if (!text.includes(':') || !IPV6.test(text)) return null;
  // The platform writes each of the groups in hex, and one run of zeros as `::`.
  const [head = '', tail] = (urlHost(`[${text}]`) ?? '').replace(/^\[|\]$/g, '').split('::');
  const groups = (part: string): ReadonlyArray<string> => (part === '' ? [] : part.split(':'));
  const [front, back] = [groups(head), groups(tail ?? '')];
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => '0');
  const all = tail === undefined ? front : [...front, ...zeros, ...back];
  if (all.length !== 8) return null;
  return Uint8Array.from(all.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff]));
};

/** An address as people write it (RFC 5952). */
export const addressText = (bytes: Uint8Array): string => {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from(
    { length: 8 },
    (_, i) => (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  return (urlHost(`[${groups.join(':')}]`) ?? '').replace(/^\[|\]$/g, '');
};

/** Whether two addresses are the same. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);
