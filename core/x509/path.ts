/**
 * The rules for a path whose signatures hold: RFC 5280 sections 6.1.3 to 6.1.5, and the checks that TLS adds.
 *
 * A path is a list from the leaf to the trusted CA. Unlike in the RFC, the trusted certificate must obey the rules as well, as in OpenSSL:
 * it was published for this use. Only its policies do not count, as everywhere. Revocation is not checked.
 *
 * @module
 */
import type { CertType } from '../model/certificate.ts';
import { faultsIn, PASSED } from '../model/passed.ts';
import type { Certificate } from './certificate.ts';
import { checkNames, constrainedNames, type ConstraintFault } from './constraints.ts';
import { isEmptyName } from './names.ts';
import { NOT_JUDGED_EXTENSIONS } from './oids.ts';
import { checkPolicies, type PolicyFault, policyWork } from './policies.ts';
import { checkKey } from './public-key.ts';
import { caFaults, issuerPurposeFaults, type PurposeFault, purposeFaults } from './purpose.ts';

/** What can be wrong with a certificate at its place in a path. */
export type PathFaultCode =
  | PurposeFault
  | ConstraintFault
  | PolicyFault
  | 'not-yet-valid'
  | 'expired'
  /** A critical extension that is not understood. */
  | 'unknown-critical-extension'
  /** A critical extension that others know, but that is not judged here, e.g. where to find revocation lists. */
  | 'extension-not-judged'
  /** A critical key identifier, which RFC 5280 forbids: others refuse it as not understood. */
  | 'critical-key-identifier'
  /** The trusted CA is of version 1, which cannot say that it is a CA. Some accept it, since it is trusted. */
  | 'ca-version-1'
  /** The certificate's own key is RSA below 1024 bits. */
  | 'own-key-too-short'
  /** The certificate's own key is of an unsupported kind or size. */
  | 'own-key-unsupported'
  /** There are more CAs below a CA than it allows. */
  | 'path-length-exceeded'
  /** A CA without a name. */
  | 'empty-name'
  /** More names and constraints, or more policies, than are compared. */
  | 'too-many-names'
  | 'too-many-policies';

/** A fault at one place of a path. */
export interface PathFault {
  /** What is wrong. */
  readonly code: PathFaultCode;
  /** The place in the path; 0 is the leaf. */
  readonly at: number;
  /** The name, object identifier or moment that it is about. */
  readonly about?: string;
}

/** What a path is checked for. */
export interface PathRules {
  /** In milliseconds; without it, dates are not checked. */
  readonly now: number | null;
  readonly purpose: CertType | null;
}

/** Work that may still be done; it counts down. */
export interface Budget {
  comparisons: number;
}

/** Most comparisons of names with constraints, and most policies looked at, in one verification; the limit of Go's crypto/x509. */
export const MAX_COMPARISONS = 250_000;

/** 6.1.3 a 2. */
const dateFaults = (
  { notBefore, notAfter, description }: Certificate,
  at: number,
  now: number | null,
): Array<PathFault> => {
  if (now === null) return [];
  if (now < notBefore) return [{ code: 'not-yet-valid', at, about: description.notBefore }];
  return now > notAfter ? [{ code: 'expired', at, about: description.notAfter }] : [];
};

/** 6.1.4 k, l, m and n, from the trusted end down: which certificates are CAs, and how many there may be below each. */
const caFaultsOf = (path: ReadonlyArray<Certificate>, lowest: 0 | 1, isWhole: boolean): Array<PathFault> => {
  const faults: Array<PathFault> = [];
  let left = Infinity;
  for (let at = path.length - 1; at >= lowest; at--) {
    const certificate = path[at];
    if (certificate === undefined) continue;
    const { description } = certificate;
    const isOldRoot = isWhole && at > 0 && at === path.length - 1 && description.version === 1;
    faults.push(...(isOldRoot ? (['ca-version-1'] as const) : caFaults(description)).map((code) => ({ code, at })));
    if (isEmptyName(certificate.subject)) faults.push({ code: 'empty-name', at });
    if (at < path.length - 1 && !description.selfIssued) {
      if (left <= 0) faults.push({ code: 'path-length-exceeded', at });
      left -= 1;
    }
    left = Math.min(left, description.basicConstraints?.pathLength ?? Infinity);
  }
  return faults;
};

/** 6.1.3 b and c, and 6.1.4 g: the constraints of every CA on every certificate below it, except self-issued ones in between. */
const nameFaults = (path: ReadonlyArray<Certificate>, budget: Budget): Array<PathFault> => {
  const constraining = path.flatMap(({ extensions }, at) =>
    extensions.nameConstraints === null ? [] : [{ at, constraints: extensions.nameConstraints }]
  );
  if (constraining.length === 0) return [];
  const faults: Array<PathFault> = [];
  for (const [at, certificate] of path.entries()) {
    if (at > 0 && certificate.description.selfIssued) continue;
    const names = constrainedNames(certificate, at === 0);
    for (const { at: above, constraints } of constraining) {
      if (above <= at) continue;
      budget.comparisons -= names.length * (constraints.permitted.length + constraints.excluded.length);
      if (budget.comparisons < 0) return [{ code: 'too-many-names', at: above }];
      const refused = faultsIn(checkNames(names, constraints));
      faults.push(...refused.map(({ code, name }) => ({ code, at, about: name })));
    }
  }
  return faults;
};

/** Section 6.1.3 d to f, as RFC 9618 has them. */
const policyFaults = (path: ReadonlyArray<Certificate>, budget: Budget): Array<PathFault> => {
  const links = path.slice(0, -1).map(({ extensions, description }) => ({
    ...extensions.policies,
    selfIssued: description.selfIssued,
  }));
  if (links.every(({ requireExplicit, mappings }) => requireExplicit === null && mappings.length === 0)) return [];
  budget.comparisons -= links.length * links.reduce((sum, link) => sum + policyWork(link), 0);
  if (budget.comparisons < 0) return [{ code: 'too-many-policies', at: 0 }];
  return [...faultsIn(checkPolicies(links))];
};

/** What is wrong with one certificate, whatever is above and below it. */
const ownFaults = (certificate: Certificate, at: number, { now, purpose }: PathRules): ReadonlyArray<PathFault> => {
  const { description, extensions, publicKey } = certificate;
  const purposes = purpose === null
    ? []
    : at > 0
    ? issuerPurposeFaults(description, purpose)
    : purposeFaults(description, purpose);
  // The keys of CAs are judged together with their signatures.
  const ownKey = at === 0 ? checkKey(publicKey.key) : PASSED;
  return [
    ...dateFaults(certificate, at, now),
    ...extensions.unknownCritical.map((about) => ({
      code: NOT_JUDGED_EXTENSIONS.has(about) ? 'extension-not-judged' as const : 'unknown-critical-extension' as const,
      at,
      about,
    })),
    ...extensions.wronglyCritical.map((about) => ({ code: 'critical-key-identifier' as const, at, about })),
    ...purposes.map((code) => ({ code, at })),
    ...faultsIn(ownKey).map((code) => ({ code: `own-${code}` as const, at })),
  ];
};

/**
 * Everything that is wrong with a path, sorted by place; empty if it is valid. The path may also be the lower part of a longer one:
 * `isWhole` says that it ends with a trusted CA.
 */
export const pathFaults = (
  path: ReadonlyArray<Certificate>,
  rules: PathRules,
  budget: Budget,
  isWhole = false,
): ReadonlyArray<PathFault> => {
  // A certificate that is to be a CA's needs room for others below it, or it is useless.
  const lowest = rules.purpose === 'intermediate' ? 0 : 1;
  const faults = [
    ...path.flatMap((certificate, at) => ownFaults(certificate, at, rules)),
    ...caFaultsOf(path, lowest, isWhole).filter(({ code, at }) =>
      at > 0 || code !== 'not-a-ca' && code !== 'may-not-sign'
    ),
    ...nameFaults(path, budget),
    ...(isWhole ? policyFaults(path, budget) : []),
  ];
  return faults.sort((a, b) => a.at - b.at);
};
