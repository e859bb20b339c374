/**
 * Host names and addresses, each in the one form used for comparison.
 *
 * Host names are compared as A-labels in lower case (RFC 9525 section 6.3, RFC 5280 section 7.2), addresses as bytes. The platform's `URL`
 * knows international names; it only ever sees text that it cannot take for anything else.
 *
 * @module
 */

/** Labels of letters, digits, hyphens and the underscores of service names; 253 characters in all (RFC 1035 section 2.3.4). */
const HOST = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/** `URL` would read such a name as an address (WHATWG URL section 3.5), and top-level domains are never numbers. */
const ENDS_IN_A_NUMBER = /(^|\.)(\d+|0x[0-9a-f]*)$/;

/** Characters that end a host name in a URL, or that `URL` would decode. */
// deno-lint-ignore no-control-regex -- control characters are among them.
const NOT_IN_HOST = /[\u0000-\u0020\u007f#%/:<>?@[\\\]^`{|}]/;

// deno-lint-ignore no-control-regex -- the range is ASCII.
const isAscii = (text: string): boolean => /^[\u0000-\u007f]*$/.test(text);

/** The one part of the platform used here: a pure function of its text. The core is compiled without the platform's types. */
declare const URL: new (text: string) => { readonly hostname: string };

const urlHost = (host: string): string | null => {
  try {
    return new URL(`http://${host}/`).hostname;
  } catch {
    return null;
  }
};

/**
 * A host name as A-labels in lower case, without a trailing dot; null if it is not one. An address is not a host name.
 */
export const hostOf = (text: string): string | null => {
  // Four times 253 leaves room for names that get shorter as A-labels, and bounds the platform's work.
  if (text.length > 1012 || (!isAscii(text) && NOT_IN_HOST.test(text))) return null;
  const host = (isAscii(text) ? text.toLowerCase() : urlHost(text) ?? '').replace(/\.$/, '');
  return HOST.test(host) && !ENDS_IN_A_NUMBER.test(host) ? host : null;
};

/** A host name, or a wildcard such as `*.example.com`, in the same form. */
export const patternOf = (text: string): string | null => {
  if (!text.startsWith('*.')) return hostOf(text);
  const host = hostOf(text.slice(2));
  return host === null ? null : `*.${host}`;
};

const IPV4 = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;

const v4Of = (text: string): ReadonlyArray<number> | null => {
  const parts = IPV4.exec(text)?.slice(1).map(Number);
  return parts?.every((part) => part < 256) ? parts : null;
};

/** Groups of up to four hex digits; the last may be an IPv4 address, which counts as two. Null if one of them is neither. */
const groupsOf = (text: string, isEnd: boolean): ReadonlyArray<number> | null => {
  if (text === '') return [];
  const parts = text.split(':');
  const groups = parts.flatMap((part, i) => {
    const v4 = isEnd && i === parts.length - 1 ? v4Of(part) : null;
    if (v4 !== null) return [(v4[0] ?? 0) * 256 + (v4[1] ?? 0), (v4[2] ?? 0) * 256 + (v4[3] ?? 0)];
    return [/^[0-9A-Fa-f]{1,4}$/.test(part) ? parseInt(part, 16) : NaN];
  });
  return groups.some(Number.isNaN) ? null : groups;
};

/** Longest address in characters: eight groups with an IPv4 address at the end take 45. */
const MAX_ADDRESS = 45;

/**
 * The bytes of an address, 4 or 16 of them; null if it is not an address. IPv4 has four decimal numbers without leading zeros, IPv6 any
 * form of RFC 4291 section 2.2. The platform's `URL` does not help here: Bun's rejects some valid addresses (`::0:0:0:0:0.0.0.0`).
 */
export const addressOf = (text: string): Uint8Array | null => {
  if (text.length > MAX_ADDRESS) return null;
  const v4 = v4Of(text);
  if (v4 !== null) return Uint8Array.from(v4);
  if (!text.includes(':')) return null;
  const [head = '', tail, ...more] = text.split('::');
  const front = groupsOf(head, tail === undefined);
  const back = groupsOf(tail ?? '', true);
  if (front === null || back === null || more.length > 0) return null;
  const zeros = 8 - front.length - back.length;
  // `::` stands for at least one group of zeros.
  if (tail === undefined ? zeros !== 0 : zeros < 1) return null;
  const groups = [...front, ...Array.from({ length: zeros }, () => 0), ...back];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
};

/** An address as people write it, with `::` for the first of the longest runs of two or more zero groups (RFC 5952). */
export const addressText = (bytes: Uint8Array): string => {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
  const runFrom = (at: number): number => {
    const end = groups.findIndex((group, i) => i >= at && group !== 0);
    return (end < 0 ? 8 : end) - at;
  };
  const runs = groups.map((_, at) => runFrom(at));
  const longest = Math.max(...runs);
  const at = runs.indexOf(longest);
  const hex = (part: ReadonlyArray<number>): string => part.map((group) => group.toString(16)).join(':');
  return longest < 2 ? hex(groups) : `${hex(groups.slice(0, at))}::${hex(groups.slice(at + longest))}`;
};

/** Whether two addresses are equal. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);
