/**
 * Matching: whether a certificate is an answer to what was asked for: every name, the purpose, and the key.
 *
 * Host names match by RFC 9525 section 6.3 (RFC 6125 section 6.4 before it): as A-labels, without regard to case, and a wildcard
 * stands for exactly one whole label. Addresses match as addresses, and in nothing but an address. The common name does not name
 * a host: a client looks at the alternative names only.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import { commonNameFlaw, sanFlaw } from '../model/asked-name.ts';
import type { CertType } from '../model/certificate.ts';
import { type BundleFault, readBundle } from './bundle.ts';
import type { Description } from './certificate.ts';
import type { San } from './general-names.ts';
import { addressOf, hostOf, patternOf } from './hosts.ts';
import { foldText, valuesOf } from './names.ts';
import type { Encoded } from './pem.ts';
import { type KeyFault, provesKey } from './private-key.ts';
import { type PurposeFault, purposeFaults } from './purpose.ts';

/** What was asked for. */
export interface Asked {
  readonly certType: CertType;
  readonly commonName: string;
  /** Host names, addresses, and what else may stand in a certificate, in no order. */
  readonly sans: ReadonlyArray<string>;
}

/** A way in which a certificate is not what was asked for. */
export type Mismatch =
  /** An alternative name that was asked for is in none of the certificate's. */
  | { readonly code: 'name-missing'; readonly name: string }
  /** The common name that was asked for is not in the certificate at all. */
  | { readonly code: 'common-name-missing'; readonly name: string }
  /** The host that was asked for as common name of a server is in the subject only, where no client looks for it. */
  | { readonly code: 'common-name-only'; readonly name: string }
  | { readonly code: PurposeFault };

/** Labels after a wildcard: OpenSSL takes `*.example.com` and not `*.com`. */
const MIN_LABELS = 2;

const emailForm = (text: string): string | null => {
  const at = text.lastIndexOf('@');
  const host = at < 1 ? null : hostOf(text.slice(at + 1));
  return host === null ? null : `${text.slice(0, at)}@${host}`;
};

const addressForm = (text: string): string | null => addressOf(text)?.join('.') ?? null;

/** What a name of a certificate is looked up by. A dot may end a name that is asked for, but not one that is offered. */
const keyOf = ({ type, value }: San): string => {
  const form = type === 'dns'
    ? (value.endsWith('.') ? null : patternOf(value))
    : type === 'ip'
    ? addressForm(value)
    : type === 'email'
    ? emailForm(value)
    : value;
  // A name that is none of its kind still answers a request for the very same text.
  return form === null ? `${type}?${value.toLowerCase()}` : `${type}:${form}`;
};

/** What a name that is asked for may be looked up by: each kind only as its own, so an address is never a host name. */
const keysFor = (name: string): ReadonlyArray<string> => {
  const address = addressForm(name);
  if (address !== null) return [`ip:${address}`];
  const pattern = patternOf(name);
  const email = emailForm(name);
  const [, ...rest] = (pattern ?? '').split('.');
  const wildcard = rest.length >= MIN_LABELS && !name.startsWith('*.') ? [`dns:*.${rest.join('.')}`] : [];
  return [
    ...(pattern === null ? [`dns?${name.toLowerCase()}`] : [`dns:${pattern}`, ...wildcard]),
    ...(email === null ? [] : [`email:${email}`]),
    `uri:${name}`,
  ];
};

const isHost = (name: string): boolean => patternOf(name) !== null || addressOf(name) !== null;

/**
 * How a certificate differs from what was asked for, in names and purpose; nothing if it is good.
 *
 * Sources: RFC 9525 section 6, RFC 5280 section 7.
 *
 * @example
 * ```ts
 * import { describe, mismatches } from '@tls-certificates/interface-tls-certificates/x509';
 * const asked = { certType: 'server', commonName: 'web.example', sans: ['web.example', '10.0.0.7'] } as const;
 * for (const certificate of describe('').certificates) console.log(mismatches(certificate, asked));
 * ```
 */
export const mismatches = (
  description: Description,
  { certType, commonName, sans }: Asked,
): ReadonlyArray<Mismatch> => {
  const offered = new Set(description.sans.map(keyOf));
  // Blanks around a name that is asked for do not count (D28).
  const isOffered = (name: string): boolean =>
    [name, name.trim()].some((form) => keysFor(form).some((key) => offered.has(key)));
  const inSubject = valuesOf(description.subject, 'CN').some((own) => foldText(own) === foldText(commonName));
  const isServer = certType === 'server' || certType === 'application';
  const common = (): ReadonlyArray<Mismatch> => {
    // What no certificate can have is held against none.
    if (isOffered(commonName) || commonNameFlaw(commonName, sans) !== null) return [];
    if (!inSubject) return [{ code: 'common-name-missing', name: commonName }];
    // Where it is among the alternative names asked for, it is missing there, and that is told below.
    if (!isServer || !isHost(commonName) || sans.includes(commonName)) return [];
    return [{ code: 'common-name-only', name: commonName }];
  };
  return [
    ...common(),
    ...sans
      .filter((name) => !isOffered(name) && sanFlaw(name) === null && (name !== commonName || inSubject))
      .map((name) => ({ code: 'name-missing', name }) as const),
    ...purposeFaults(description, certType).map((code) => ({ code })),
  ];
};

/** A certificate with its key, and what was asked for. */
export interface MatchInput {
  /** The first certificate in it counts. */
  readonly certificate: Encoded;
  /** The private key that came with it: PKCS#8, PKCS#1 or SEC1. It goes nowhere. */
  readonly key: Encoded;
  readonly asked: Asked;
}

/** Why a certificate with its key is not the answer. */
export type MatchFault =
  | Mismatch
  | { readonly code: KeyFault }
  | { readonly code: 'unreadable'; readonly fault: BundleFault };

/**
 * Matches a certificate and its key with what was asked for. A `Right` is the certificate's description; a `Left` lists all that does
 * not fit. The key is used to sign a fixed text, which the certificate's public key then verifies; nothing of it comes back.
 */
export const match =
  ({ certificate, key, asked }: MatchInput): TE.TaskEither<ReadonlyArray<MatchFault>, Description> => async () => {
    const { certificates, faults } = readBundle(certificate);
    const [first] = certificates;
    const fatal = faults.filter(({ code }) =>
      first === undefined || (code !== 'private-key' && code !== 'not-a-certificate')
    );
    if (first === undefined || fatal.length > 0) return E.left(fatal.map((fault) => ({ code: 'unreadable', fault })));
    const keyFault = await provesKey(key, first.publicKey)();
    const found: ReadonlyArray<MatchFault> = [
      ...mismatches(first.description, asked),
      ...(keyFault === null ? [] : [{ code: keyFault }]),
    ];
    return found.length === 0 ? E.right(first.description) : E.left(found);
  };
