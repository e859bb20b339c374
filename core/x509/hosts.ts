/**
 * Host names with the help of the platform, and addresses: the one form in which each is compared.
 *
 * Host names are compared as A-labels in lower case (RFC 9525 section 6.3, RFC 5280 section 7.2), addresses as their bytes. The
 * platform's `URL` knows international names; it is only asked about text that cannot mean anything else to it.
 *
 * @module
 */
import { asciiHostOf } from '../model/hosts.ts';

export { addressOf, addressText, sameBytes } from '../model/hosts.ts';

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
  return asciiHostOf(isAscii(text) ? text : urlHost(text) ?? '');
};

/** A host name or a wildcard such as `*.example.com` in the same form. */
export const patternOf = (text: string): string | null => {
  if (!text.startsWith('*.')) return hostOf(text);
  const host = hostOf(text.slice(2));
  return host === null ? null : `*.${host}`;
};
