/**
 * The rules for a path whose signatures hold: RFC 5280 sections 6.1.3 to 6.1.5, and the checks that TLS adds to them.
 *
 * A path is a list from the certificate itself to the CA that is trusted. Unlike the RFC, the trusted certificate has to obey the
 * rules as well, as with OpenSSL: it was published for this use. Not done are policies (no policy is ever asked for, and critical
 * policy extensions are refused as not understood) and revocation.
 *
 * @module
 */
import type { CertType } from '../model/certificate.ts';
import type { Certificate } from './certificate.ts';
import { constrainedNames, type ConstraintFault, refusedName } from './constraints.ts';
import { isEmptyName } from './names.ts';
import { caFaults, issuerPurposeFaults, type PurposeFault, purposeFaults } from './purpose.ts';

/** What can be wrong with a certificate at its place in a path. */
export type PathFaultCode =
  | PurposeFault
  | ConstraintFault
  | 'not-yet-valid'
  | 'expired'
  /** A critical extension that is not understood. */
  | 'unknown-critical-extension'
  /** There are more CAs below one than it allows. */
  | 'path-length-exceeded'
  /** A CA without a name. */
  | 'empty-name'
  /** More names and constraints than are compared. */
  | 'too-many-names';

/** Something wrong at one place of a path. */
export interface PathFault {
  readonly code: PathFaultCode;
  /** The place in the path; 0 is the certificate itself. */
  readonly at: number;
  /** The name, object identifier or moment that it is about. */
  readonly about?: string;
}

/** What a path is checked for. */
export interface PathRules {
  /** In milliseconds; without it nothing is said about dates. */
  readonly now: number | null;
  readonly purpose: CertType | null;
}

/** Work that may still be done; it is counted down. */
export interface Budget {
  comparisons: number;
}

/** Comparisons of a name with a constraint in one verification; the limit of Go's crypto/x509. */
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

/** 6.1.4 k, l, m and n, from the trusted end down: CAs, and how many there may be below each. */
const caFaultsOf = (path: ReadonlyArray<Certificate>, lowest: 0 | 1): Array<PathFault> => {
  const faults: Array<PathFault> = [];
  let left = Infinity;
  for (let at = path.length - 1; at >= lowest; at--) {
    const certificate = path[at];
    if (certificate === undefined) continue;
    const { description } = certificate;
    faults.push(...caFaults(description).map((code) => ({ code, at })));
    if (isEmptyName(certificate.subject)) faults.push({ code: 'empty-name', at });
    if (at < path.length - 1 && !description.selfIssued) {
      if (left <= 0) faults.push({ code: 'path-length-exceeded', at });
      left -= 1;
    }
    left = Math.min(left, description.basicConstraints?.pathLength ?? Infinity);
  }
  return faults;
};

/** 6.1.3 b and c, and 6.1.4 g: every CA's constraints on every certificate below, but for self-issued ones in between. */
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
      const refused = refusedName(names, constraints);
      if (refused !== null) faults.push({ code: refused.code, at, about: refused.name });
    }
  }
  return faults;
};

/** All that is wrong with a path, sorted by place; nothing if it is valid. It may also be the lower part of one. */
export const pathFaults = (
  path: ReadonlyArray<Certificate>,
  { now, purpose }: PathRules,
  budget: Budget,
): ReadonlyArray<PathFault> => {
  const faults = path.flatMap((certificate, at): ReadonlyArray<PathFault> => {
    const { description } = certificate;
    const purposes = purpose === null
      ? []
      : at > 0
      ? issuerPurposeFaults(description, purpose)
      : purposeFaults(description, purpose);
    return [
      ...dateFaults(certificate, at, now),
      ...description.unknownCritical.map((about) => ({ code: 'unknown-critical-extension' as const, at, about })),
      ...purposes.map((code) => ({ code, at })),
    ];
  });
  // A certificate that is to be a CA's has to have room for others below it, or it is of no use.
  const isCaAsked = purpose === 'intermediate';
  faults.push(
    ...caFaultsOf(path, isCaAsked ? 0 : 1).filter(({ code, at }) =>
      at > 0 || code !== 'not-a-ca' && code !== 'may-not-sign'
    ),
  );
  faults.push(...nameFaults(path, budget));
  return faults.sort((a, b) => a.at - b.at);
};
