/**
 * Matching names: whether a certificate has those that were asked for.
 *
 * Host names match by RFC 9525 section 6.3 (RFC 6125 section 6.4 before it): as A-labels, without regard to case, and a wildcard
 * stands for exactly one whole label. Every kind of name answers for its own kind only: an address is no host name, and a URI names
 * no host. The common name does not name a host: a client looks at the alternative names only.
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

/** What was asked for. */
export interface NamesAsked {
  /** The kind that was asked for. */
  readonly certType: CertType;
  /** The common name that was asked for. */
  readonly commonName: string;
  /** Host names, addresses, and what else may stand in a certificate, in no order. */
  readonly sans: ReadonlyArray<string>;
}

/** A way in which the names of a certificate are not what was asked for. */
export type NameMismatch =
  /**
   * An alternative name that was asked for is in none of the certificate's. `offeredAs` says that it is there as a name of another
   * kind, where nobody looks for it: an address as host name, a host name as URI.
   */
  | { readonly code: 'name-missing'; readonly name: string; readonly offeredAs?: SanType }
  /** The same in a client's certificate, where servers seldom look at them. */
  | { readonly code: 'client-name-missing'; readonly name: string; readonly offeredAs?: SanType }
  /** What was asked for is a name that no certificate can have, so that no certificate is to blame. */
  | { readonly code: 'name-unusable'; readonly name: string; readonly reason: NotAName }
  /** The common name that was asked for is not in the certificate at all. */
  | { readonly code: 'common-name-missing'; readonly name: string; readonly offeredAs?: SanType }
  /** The host that was asked for as common name of a server is in the subject only, where no client looks for it. */
  | { readonly code: 'common-name-only'; readonly name: string };

/** Labels after a wildcard: OpenSSL takes `*.example.com` and not `*.com`. */
const MIN_LABELS = 2;

const formOf = ({ type, value }: San): string | null => {
  // A dot may end a name that is asked for, but not one that is offered.
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
  // A host name that is none still answers a request for the very same text.
  return form === null ? `${san.type}?${san.value.toLowerCase()}` : `${san.type}:${form}`;
};

/** What a name that is asked for may be looked up by: each kind only as its own. */
const keysFor = (text: string): ReadonlyArray<string> => {
  const name = classifyName(text);
  if (name.kind === 'none') return [`dns?${text.toLowerCase()}`];
  const key = `${name.kind}:${name.value}`;
  if (name.kind !== 'dns' || name.value.startsWith('*.')) return [key];
  const [, ...rest] = name.value.split('.');
  return rest.length >= MIN_LABELS ? [key, `dns:*.${rest.join('.')}`] : [key];
};

/** How the names of a certificate differ from those that were asked for; nothing if they are good. */
export const nameMismatches = (description: Description, asked: NamesAsked): ReadonlyArray<NameMismatch> =>
  nameMismatchesOf(description)(asked);

/** The same for any number of requests: the certificate's names are prepared once. */
export const nameMismatchesOf = (description: Description): (asked: NamesAsked) => ReadonlyArray<NameMismatch> => {
  const offered = new Set(description.sans.map(keyOf));
  const kinds = new Map(description.sans.map(({ type, value }) => [value.toLowerCase(), type]));
  const isOffered = (name: string): boolean => keysFor(name).some((key) => offered.has(key));
  /** The kind as which a name is there though it is of another. */
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
      // Where it is among the alternative names asked for, it is missing there, and that is told below.
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
