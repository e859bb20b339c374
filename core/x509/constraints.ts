/**
 * Name constraints: whether a certificate's names lie in the subtrees that the CAs above it allow (RFC 5280 section 4.2.1.10).
 *
 * When in doubt, a name is refused: one of a constrained form that cannot be compared, a malformed host name, an unclear subtree. If an
 * excluded subtree can be read narrowly or widely, it is read widely.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { NameConstraints } from './extensions.ts';
import type { Certificate } from './certificate.ts';
import { type GeneralName, sanOf } from './general-names.ts';
import { mailboxOf } from '../model/asked-name.ts';
import { addressOf, hostOf, patternOf } from '../model/hosts.ts';
import { type Check, PASSED } from '../model/passed.ts';
import { type ComparableName, isWithin, valuesOf } from './names.ts';

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

/** How a name relates to a base; null if that is unknown. */
type Inside = boolean | null;

/** A name in the form used for comparison; null if it has none. */
type Form =
  | { readonly type: 'host'; readonly host: string }
  | { readonly type: 'mailbox'; readonly box: string; readonly host: string }
  | { readonly type: 'address'; readonly bytes: Uint8Array }
  | { readonly type: 'directory'; readonly name: ComparableName }
  | null;

/** A URI's scheme and host. If a user precedes the host, programs disagree about what the host is, so it is not compared. */
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([A-Za-z0-9._-]+)(?::\d*)?(?:[/?#]|$)/;

const hostForm = (host: string | null): Form => (host === null ? null : { type: 'host', host });

const formOf = (name: GeneralName): Form => {
  switch (name.type) {
    case 'dns':
      return name.text.endsWith('.') ? null : hostForm(patternOf(name.text));
    case 'uri':
      return hostForm(hostOf(URI.exec(name.text)?.[1] ?? ''));
    case 'email': {
      const mailbox = mailboxOf(name.text);
      return mailbox === null ? null : { type: 'mailbox', ...mailbox };
    }
    case 'ip':
      return { type: 'address', bytes: name.bytes };
    case 'directory':
      return { type: 'directory', name: name.name };
    default:
      return null;
  }
};

/** Tells whether a name lies within a base; a base is prepared once for all names. */
type Judge = (form: Form) => Inside;

const never: Judge = () => null;

/** A domain: the base itself and, with `below`, everything below it; a leading dot leaves only what is below. An empty base is everything. */
const domainJudge = (base: string, below: boolean, widely: boolean): Judge => {
  const dotted = base.startsWith('.');
  const domain = base === '' ? '' : hostOf(dotted ? base.slice(1) : base);
  if (domain === null) return never;
  const ending = `.${domain}`;
  // A wildcard is excluded if one of the names that it covers is: names with one label more than the part after the star.
  const parent = `*${domain.includes('.') ? domain.slice(domain.indexOf('.')) : ''}`;
  return (form) => {
    if (form === null || !('host' in form)) return null;
    const { host } = form;
    if (domain === '') return true;
    if (host === domain) return !dotted || widely;
    return ((below || dotted) && host.endsWith(ending)) || (widely && host === parent);
  };
};

/** A mailbox, all mailboxes of a host, or those of all hosts below a domain. */
const emailJudge = (base: string, widely: boolean): Judge => {
  if (!base.includes('@')) return domainJudge(base, false, widely);
  const wanted = mailboxOf(base);
  if (wanted === null) return never;
  const fold = (box: string): string => (widely ? box.toLowerCase() : box);
  const box = fold(wanted.box);
  return (form) => form?.type === 'mailbox' ? form.host === wanted.host && fold(form.box) === box : null;
};

/** An address and a mask of the same length, whose set bits come first. */
const addressJudge = (base: Uint8Array, widely: boolean): Judge => {
  const size = base.length / 2;
  const mask = base.subarray(size);
  const bits = [...mask].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  if ((size !== 4 && size !== 16) || !/^1*0*$/.test(bits)) return never;
  const network = base.subarray(0, size);
  const matches = (bytes: Uint8Array, from: number): boolean =>
    mask.every((byte, i) => ((bytes[from + i] ?? 0) & byte) === ((network[i] ?? 0) & byte));
  return (form) => {
    if (form?.type !== 'address') return null;
    const { bytes } = form;
    if (bytes.length === size) return matches(bytes, 0);
    // A client may connect to ::ffff:10.0.0.7 as 10.0.0.7.
    return widely && size === 4 && bytes.subarray(0, 12).every((byte, i) => byte === (i < 10 ? 0 : 0xff)) &&
      matches(bytes, 12);
  };
};

/** `widely`: for excluded subtrees, where a name that might be meant counts. */
const judgeOf = (base: GeneralName, widely: boolean): Judge => {
  switch (base.type) {
    case 'dns':
      return domainJudge(base.text, true, widely);
    case 'uri':
      return domainJudge(base.text, false, widely);
    case 'email':
      return emailJudge(base.text, widely);
    case 'ip':
      return addressJudge(base.bytes, widely);
    case 'directory':
      return (form) => form?.type === 'directory' ? isWithin(form.name, base.name) : null;
    default:
      return never;
  }
};

/** A common name that a program might take for a host name or address if there is no SAN to use instead. */
const hostsInCommonName = ({ subject, extensions }: Certificate): ReadonlyArray<GeneralName> => {
  if (extensions.altNames?.some(({ type }) => type === 'dns' || type === 'ip')) return [];
  return valuesOf(subject, 'CN').flatMap((text): ReadonlyArray<GeneralName> => {
    const bytes = addressOf(text);
    if (bytes !== null) return [{ type: 'ip', bytes }];
    return patternOf(text) === null ? [] : [{ type: 'dns', text }];
  });
};

/**
 * All names of a certificate that constraints apply to: its subject, its SANs, e-mail addresses in the subject and, for the last
 * certificate of a path, a host in its common name, as in OpenSSL.
 */
export const constrainedNames = (certificate: Certificate, isLast: boolean): ReadonlyArray<GeneralName> => [
  ...(certificate.subject.attributes.length > 0 ? [{ type: 'directory', name: certificate.subject } as const] : []),
  ...(certificate.extensions.altNames ?? []),
  ...valuesOf(certificate.subject, 'emailAddress').map((text) => ({ type: 'email', text }) as const),
  ...(isLast ? hostsInCommonName(certificate) : []),
];

/** Mailboxes beyond ASCII have a form of their own, yet constraints on e-mail addresses apply to them too (RFC 9598 section 6). */
const SMTP_UTF8_MAILBOX = '1.3.6.1.5.5.7.8.9';

/** The kind of a name: only names of the same kind are related. Any two other names are, whatever their types. */
const kindOf = (name: GeneralName): string => {
  if (name.type !== 'other') return name.type;
  if (name.form === SMTP_UTF8_MAILBOX) return 'email';
  return /^\d/.test(name.form) ? 'other' : name.form;
};

type Judges = ReadonlyMap<string, ReadonlyArray<Judge>>;

const judgesOf = (bases: ReadonlyArray<GeneralName>, widely: boolean, hasDistances: boolean): Judges => {
  const judges = new Map<string, Array<Judge>>();
  for (const base of bases) {
    const same = judges.get(kindOf(base)) ?? [];
    judges.set(kindOf(base), same);
    same.push(hasDistances ? never : judgeOf(base, widely));
  }
  return judges;
};

/** Whether the constraints admit all names; a `Left` is the first that they refuse. The caller bounds the work: names times subtrees comparisons. */
export const checkNames = (
  names: ReadonlyArray<GeneralName>,
  { permitted, excluded, hasDistances }: NameConstraints,
): Check<RefusedName> => {
  const without = judgesOf(excluded, true, hasDistances);
  const within = judgesOf(permitted, false, hasDistances);
  for (const name of names) {
    const form = formOf(name);
    const verdicts = (judges: Judges): ReadonlyArray<Inside> =>
      (judges.get(kindOf(name)) ?? []).map((judge) => judge(form));
    const [out, inside] = [verdicts(without), verdicts(within)];
    const refuse = (code: ConstraintFault): Check<RefusedName> => E.left({ code, name: sanOf(name).value });
    if (out.includes(true)) return refuse('name-excluded');
    if (out.includes(null) || inside.includes(null)) return refuse('name-not-comparable');
    if (inside.length > 0 && !inside.includes(true)) return refuse('name-not-permitted');
  }
  return PASSED;
};
