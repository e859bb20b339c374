/**
 * The names that an authority may certify: rules, and whether a rule covers a name.
 *
 * @module
 */
import { addressOf, hostOf } from '../model/hosts.ts';

/** The rule that covers every name. */
export const EVERY_NAME = '*';

/** An address or a network; null for anything else. */
export const networkOf = (rule: string): { readonly bytes: Uint8Array; readonly bits: number } | null => {
  const [address = '', length, ...more] = rule.split('/');
  const bytes = addressOf(address);
  if (bytes === null || more.length > 0) return null;
  if (length === undefined) return { bytes, bits: bytes.length * 8 };
  const bits = /^(0|[1-9]\d{0,2})$/.test(length) ? Number(length) : Infinity;
  return bits <= bytes.length * 8 ? { bytes, bits } : null;
};

const isIn = (address: Uint8Array, { bytes, bits }: { readonly bytes: Uint8Array; readonly bits: number }): boolean =>
  address.length === bytes.length &&
  address.every((byte, i) => {
    const left = Math.min(8, Math.max(0, bits - 8 * i));
    const mask = (0xff << (8 - left)) & 0xff;
    return (byte & mask) === ((bytes[i] ?? 0) & mask);
  });

/** Whether a text is a rule: `*`, a name, `.example.com` for everything below it, an address, or a network such as `10.0.0.0/8`. */
export const isNameRule = (rule: string): boolean => rule !== '' && (!rule.includes('/') || networkOf(rule) !== null);

const covers = (rule: string, name: string): boolean => {
  if (rule === EVERY_NAME || rule === name) return true;
  const address = addressOf(name);
  const network = networkOf(rule);
  if (address !== null || network !== null) return address !== null && network !== null && isIn(address, network);
  // Whoever may have a wildcard's domain and everything below it may have the wildcard.
  const host = hostOf(name.startsWith('*.') ? name.slice(2) : name);
  if (host === null) return false;
  if (!rule.startsWith('.')) return !name.startsWith('*.') && hostOf(rule) === host;
  const domain = hostOf(rule.slice(1));
  return domain !== null && (host.endsWith(`.${domain}`) || (name.startsWith('*.') && host === domain));
};

/** The first of these names that no rule covers; null if all are covered. */
export const uncovered = (rules: ReadonlyArray<string>, names: Iterable<string>): string | null => {
  for (const name of names) {
    if (!rules.some((rule) => covers(rule, name) || covers(rule, name.trim()))) return name;
  }
  return null;
};
