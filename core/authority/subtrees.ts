/**
 * The names that a CA below may certify: the rules of a policy as name constraints.
 *
 * They are as tight as constraints allow (RFC 5280 section 4.2.1.10). `.example.com` keeps its leading dot, which excludes `example.com`
 * unless that is allowed as well. A single name also covers everything below it: constraints cannot express anything else. Names that are
 * not hosts, such as clients', cannot be constrained, so such a CA is for servers only.
 *
 * @module
 */
import { addressOf, hostOf } from '../model/hosts.ts';
import type { Base, Subtrees } from '../x509/subtrees.ts';
import { EVERY_NAME, networkOf } from './names.ts';

/** What a CA below may certify. */
export type Below =
  | { readonly kind: 'everything' }
  | { readonly kind: 'some'; readonly subtrees: Subtrees }
  /** No rule is about a host or an address. */
  | { readonly kind: 'nothing' };

const maskOf = (size: number, bits: number): ReadonlyArray<number> =>
  Array.from({ length: size }, (_, i) => (0xff << (8 - Math.min(8, Math.max(0, bits - 8 * i)))) & 0xff);

const addressBase = (rule: string): Base | null => {
  const network = networkOf(rule);
  if (network === null) return null;
  const { bytes, bits } = network;
  const mask = maskOf(bytes.length, bits);
  return { type: 'ip', network: Uint8Array.from([...mask.map((byte, i) => byte & (bytes[i] ?? 0)), ...mask]) };
};

/** The text of the base for a rule about hosts. */
const hostBase = (rule: string): string | null => {
  const isBelow = rule.startsWith('.') || rule.startsWith('*.');
  const host = hostOf(isBelow ? rule.slice(rule.indexOf('.') + 1) : rule);
  return host === null ? null : isBelow ? `.${host}` : host;
};

/** Every address of IPv4 and of IPv6. */
const EVERY_ADDRESS: ReadonlyArray<Base> = [8, 32].map((size) => ({ type: 'ip', network: new Uint8Array(size) }));

/** What a CA below may certify by these rules. */
export const belowOf = (rules: ReadonlyArray<string>): Below => {
  if (rules.includes(EVERY_NAME)) return { kind: 'everything' };
  const addresses = rules.map(addressBase).filter((base) => base !== null);
  const hosts = new Set(rules.filter((rule) => networkOf(rule) === null).map(hostBase).filter((host) => host !== null));
  // Whatever is below a listed host need not be listed again.
  const bases = [...hosts].filter((host) => !host.startsWith('.') || !hosts.has(host.slice(1)));
  if (addresses.length + bases.length === 0) return { kind: 'nothing' };
  return {
    kind: 'some',
    subtrees: {
      permitted: [...bases.map((text): Base => ({ type: 'dns', text })), ...addresses],
      // If nothing of a kind were permitted, everything of that kind would be.
      excluded: [
        ...(bases.length === 0 ? [{ type: 'dns', text: '' } as const] : []),
        ...(addresses.length === 0 ? EVERY_ADDRESS : []),
      ],
    },
  };
};

/** The constraints of a CA below by these rules; null if there are none. */
export const subtreesOf = (rules: ReadonlyArray<string>): Subtrees | null => {
  const below = belowOf(rules);
  return below.kind === 'some' ? below.subtrees : null;
};

/** Why some rules allow no CA below. */
export const NOTHING_BELOW = 'no host and no address is allowed that a CA below could certify';

/**
 * Whether a CA's common name is merely a label, such as `Web CA`: no rule has to allow it. One with a dot, or an address, could pass for a
 * server's.
 */
export const isTitle = (commonName: string): boolean =>
  addressOf(commonName) === null && (hostOf(commonName) === null || !commonName.includes('.'));
