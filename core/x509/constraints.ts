/**
 * Name constraints: whether the names of a certificate are in the subtrees that a CA above it allows (RFC 5280 section 4.2.1.10).
 *
 * A name is refused in doubt: one of a form that a constraint is about but that cannot be compared, a host name that is none, a
 * subtree that says nothing clear. Where an excluded subtree could be read narrowly or widely, it is read widely.
 *
 * @module
 */
import type { NameConstraints } from './extensions.ts';
import type { GeneralName } from './general-names.ts';
import { addressOf, hostOf, patternOf, sameBytes } from './hosts.ts';
import { isWithin, valuesOf } from './names.ts';
import type { Certificate } from './certificate.ts';
import { sanOf } from './general-names.ts';

/** Why a name is refused. */
export type ConstraintFault =
  | 'name-not-permitted'
  | 'name-excluded'
  /** The name, or the constraint, cannot be compared. */
  | 'name-not-comparable';

/** A refused name. */
export interface RefusedName {
  readonly code: ConstraintFault;
  /** The name, as {@link sanOf} shows it. */
  readonly name: string;
}

/** What a name and a base have to do with each other; null where it cannot be said. */
type Inside = boolean | null;

/** A domain: the base itself and, with `below`, what is below it; a leading dot leaves only that. An empty base is everything. */
const inDomain = (host: string, base: string, below: boolean): Inside => {
  if (base === '') return true;
  const dotted = base.startsWith('.');
  const domain = hostOf(dotted ? base.slice(1) : base);
  if (domain === null) return null;
  return (host === domain && !dotted) || ((below || dotted) && host.endsWith(`.${domain}`));
};

/** DNS: zero or more labels may stand before the base. */
const dnsInside = (text: string, base: string, widely: boolean): Inside => {
  const pattern = patternOf(text);
  if (pattern === null || text.endsWith('.')) return null;
  const found = inDomain(pattern, base, true);
  if (found !== false || !widely) return found;
  // `.example.com` excludes example.com too, and a wildcard is excluded if one of the names that it stands for is.
  const domain = hostOf(base.replace(/^\./, ''));
  return pattern === domain || (pattern.startsWith('*.') && domain !== null && domain.endsWith(pattern.slice(1)) &&
    !domain.slice(0, -pattern.length + 1).includes('.'));
};

/** E-mail: a mailbox, all mailboxes of a host, or all of the hosts below a domain. */
const emailInside = (text: string, base: string, widely: boolean): Inside => {
  const at = text.lastIndexOf('@');
  const host = hostOf(text.slice(at + 1));
  if (at < 1 || host === null) return null;
  const baseAt = base.lastIndexOf('@');
  if (baseAt < 0) {
    const found = inDomain(host, base, false);
    return found === false && widely ? host === hostOf(base.replace(/^\./, '')) : found;
  }
  const box = (mailbox: string): string => (widely ? mailbox.toLowerCase() : mailbox);
  const baseHost = hostOf(base.slice(baseAt + 1));
  return baseHost === null ? null : host === baseHost && box(text.slice(0, at)) === box(base.slice(0, baseAt));
};

/** A URI's scheme and host. With a user before the host, programs differ in what they take for the host: it is not compared. */
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([A-Za-z0-9._-]+)(?::\d*)?(?:[/?#]|$)/;

/** URI: its host, or with a leading dot a host below the domain. Without a host name it cannot be compared. */
const uriInside = (text: string, base: string, widely: boolean): Inside => {
  const host = hostOf(URI.exec(text)?.[1] ?? '');
  if (host === null) return null;
  const found = inDomain(host, base, false);
  return found === false && widely ? host === hostOf(base.replace(/^\./, '')) : found;
};

/** Addresses: the base is an address and a mask of the same length, whose set bits come first. */
const ipInside = (bytes: Uint8Array, base: Uint8Array, widely: boolean): Inside => {
  const size = base.length / 2;
  if (size !== 4 && size !== 16) return null;
  const mask = base.subarray(size);
  if (!/^1*0*$/.test([...mask].map((byte) => byte.toString(2).padStart(8, '0')).join(''))) return null;
  const matches = (address: Uint8Array): boolean =>
    sameBytes(
      address.map((byte, i) => byte & (mask[i] ?? 0)),
      base.subarray(0, size).map((byte, i) => byte & (mask[i] ?? 0)),
    );
  if (bytes.length === size) return matches(bytes);
  // ::ffff:10.0.0.7 may well be connected to as 10.0.0.7.
  const isMapped = bytes.length === 16 && bytes.subarray(0, 12).every((byte, i) => byte === (i < 10 ? 0 : 0xff));
  return widely && isMapped && size === 4 && matches(bytes.subarray(12));
};

const isInside = (name: GeneralName, base: GeneralName, widely: boolean): Inside => {
  if (name.type === 'dns' && base.type === 'dns') return dnsInside(name.text, base.text, widely);
  if (name.type === 'email' && base.type === 'email') return emailInside(name.text, base.text, widely);
  if (name.type === 'uri' && base.type === 'uri') return uriInside(name.text, base.text, widely);
  if (name.type === 'ip' && base.type === 'ip') return ipInside(name.bytes, base.bytes, widely);
  if (name.type === 'directory' && base.type === 'directory') return isWithin(name.name, base.name);
  return null;
};

const sameForm = (a: GeneralName, b: GeneralName): boolean =>
  a.type === b.type && (a.type !== 'other' || b.type !== 'other' || a.form === b.form);

/** A common name that a program might take for a host's name or address, where no alternative name says better. */
const hostsInCommonName = ({ subject, extensions }: Certificate): ReadonlyArray<GeneralName> => {
  if (extensions.altNames?.some(({ type }) => type === 'dns' || type === 'ip')) return [];
  return valuesOf(subject, 'CN').flatMap((text): ReadonlyArray<GeneralName> => {
    const bytes = addressOf(text);
    if (bytes !== null) return [{ type: 'ip', bytes }];
    return patternOf(text) === null ? [] : [{ type: 'dns', text }];
  });
};

/**
 * All names of a certificate that constraints are about: its subject, its alternative names, e-mail addresses in the subject, and
 * for the last certificate of a path a host in its common name, as OpenSSL has it.
 */
export const constrainedNames = (certificate: Certificate, isLast: boolean): ReadonlyArray<GeneralName> => [
  ...(certificate.subject.attributes.length > 0 ? [{ type: 'directory', name: certificate.subject } as const] : []),
  ...(certificate.extensions.altNames ?? []),
  ...valuesOf(certificate.subject, 'emailAddress').map((text) => ({ type: 'email', text }) as const),
  ...(isLast ? hostsInCommonName(certificate) : []),
];

/** The first name that the constraints refuse, or null. The caller bounds the work: names times subtrees comparisons. */
export const refusedName = (
  names: ReadonlyArray<GeneralName>,
  { permitted, excluded, hasDistances }: NameConstraints,
): RefusedName | null => {
  for (const name of names) {
    const judge = (bases: ReadonlyArray<GeneralName>, widely: boolean): ReadonlyArray<Inside> =>
      bases.filter((base) => sameForm(base, name)).map((base) => hasDistances ? null : isInside(name, base, widely));
    const [out, within] = [judge(excluded, true), judge(permitted, false)];
    const refuse = (code: ConstraintFault): RefusedName => ({ code, name: sanOf(name).value });
    if (out.includes(true)) return refuse('name-excluded');
    if (out.includes(null) || within.includes(null)) return refuse('name-not-comparable');
    if (within.length > 0 && !within.includes(true)) return refuse('name-not-permitted');
  }
  return null;
};
