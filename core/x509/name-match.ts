/**
 * Matching names: whether a certificate has the requested ones.
 *
 * Host names match by RFC 9525 section 6.3 (formerly RFC 6125 section 6.4): as A-labels, ignoring case, and a wildcard stands for exactly
 * one whole label. Each kind of name only answers requests for its own kind: an address is not a host name, and a URI does not name a host.
 * The common name does not name a host either, since clients only look at SANs.
 *
 * @module
 */
import type { CertType } from '../model/certificate.ts';
import { classifyName, mailboxOf, type NotAName, uriOf } from '../model/asked-name.ts';
import { addressOf, addressText, patternOf } from '../model/hosts.ts';
import type { Description } from './certificate.ts';
import type { San, SanType } from './general-names.ts';
import { foldText, valuesOf } from './names.ts';
import { isServerKind } from './purpose.ts';

/** What was requested. */
export interface NamesAsked {
  /** The kind that was asked for. */
  readonly certType: CertType;
  /** The common name that was asked for. */
  readonly commonName: string;
  /** Host names, addresses, and any other names that a certificate can have, in any order. */
  readonly sans: ReadonlyArray<string>;
}

/** A way in which the names of a certificate differ from the request. */
export type NameMismatch =
  /**
   * The certificate lacks a requested SAN. `offeredAs` says that it has it as a name of another kind, where nobody looks: an address as a
   * host name, a host name as a URI.
   */
  | { readonly code: 'name-missing'; readonly name: string; readonly offeredAs?: SanType }
  /** The same in a client's certificate, where servers seldom look. */
  | { readonly code: 'client-name-missing'; readonly name: string; readonly offeredAs?: SanType }
  /** The request names something that no certificate can have, so no certificate is to blame. */
  | { readonly code: 'name-unusable'; readonly name: string; readonly reason: NotAName }
  /** The certificate does not have the requested common name at all. */
  | { readonly code: 'common-name-missing'; readonly name: string; readonly offeredAs?: SanType }
  /** The host that was requested as a server's common name is only in the subject, where no client looks for it. */
  | { readonly code: 'common-name-only'; readonly name: string };

/** Labels after a wildcard: OpenSSL accepts `*.example.com` but not `*.com`. */
const MIN_LABELS = 2;

const formOf = ({ type, value }: San): string | null => {
  // A requested name may end in a dot, but an offered one may not.
  if (type === 'dns') return value.endsWith('.') ? null : patternOf(value);
  if (type === 'uri') return uriOf(value);
  if (type === 'email') {
    const mailbox = mailboxOf(value);
    return mailbox === null ? null : `${mailbox.box}@${mailbox.host}`;
  }
  const address = type === 'ip' ? addressOf(value) : null;
  return address === null ? null : addressText(address);
};

/** What a name of a certificate is looked up by. */
const keyOf = (san: San): string => {
  const form = formOf(san);
  // A malformed host name still answers a request for exactly the same text.
  return form === null ? `${san.type}?${san.value.toLowerCase()}` : `${san.type}:${form}`;
};

/** What a requested name may be looked up by: each kind only as itself. */
const keysFor = (text: string): ReadonlyArray<string> => {
  const name = classifyName(text);
  if (name.kind === 'none') return [`dns?${text.toLowerCase()}`];
  const key = `${name.kind}:${name.value}`;
  if (name.kind !== 'dns' || name.value.startsWith('*.')) return [key];
  const [, ...rest] = name.value.split('.');
  return rest.length >= MIN_LABELS ? [key, `dns:*.${rest.join('.')}`] : [key];
};

/** How the names of a certificate differ from the requested ones; empty if they fit. */
export const nameMismatches = (description: Description, asked: NamesAsked): ReadonlyArray<NameMismatch> =>
  nameMismatchesOf(description)(asked);

/** The same for any number of requests: the certificate's names are prepared once. */
export const nameMismatchesOf = (description: Description): (asked: NamesAsked) => ReadonlyArray<NameMismatch> => {
  const offered = new Set(description.sans.map(keyOf));
  const kinds = new Map(description.sans.map(({ type, value }) => [value.toLowerCase(), type]));
  const isOffered = (name: string): boolean => keysFor(name).some((key) => offered.has(key));
  /** The kind under which a name is present although it is of another kind. */
  const elsewhere = (name: string): { readonly offeredAs?: SanType } => {
    const offeredAs = kinds.get(name.toLowerCase());
    return offeredAs === undefined || offeredAs === classifyName(name).kind ? {} : { offeredAs };
  };
  const subjects = new Set(valuesOf(description.subject, 'CN').map(foldText));
  return ({ certType, commonName, sans }) => {
    const inSubject = subjects.has(foldText(commonName));
    const common = (): ReadonlyArray<NameMismatch> => {
      if (isOffered(commonName)) return [];
      if (!inSubject) return [{ code: 'common-name-missing', name: commonName, ...elsewhere(commonName) }];
      // If it is among the requested SANs, it is missing there, and reported below.
      const { kind } = classifyName(commonName);
      if (!isServerKind(certType) || (kind !== 'dns' && kind !== 'ip') || sans.includes(commonName)) return [];
      return [{ code: 'common-name-only', name: commonName }];
    };
    const missing = (name: string): NameMismatch => {
      const asked = classifyName(name);
      if (asked.kind === 'none') return { code: 'name-unusable', name, reason: asked.reason };
      return { code: certType === 'client' ? 'client-name-missing' : 'name-missing', name, ...elsewhere(name) };
    };
    return [
      ...common(),
      ...sans.filter((name) => !isOffered(name) && (name !== commonName || inSubject)).map(missing),
    ];
  };
};
