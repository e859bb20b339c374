/**
 * Finds a chain among certificates in any order: a depth-first search for the path from a certificate through its issuers to a trusted CA.
 *
 * Candidates are found by name and key identifiers (RFC 5280 sections 4.1.2.4, 4.2.1.1 and 4.2.1.2), each signature is checked once,
 * and a path that reaches the CA has to obey core/x509/path.ts. All work is bounded, whatever the certificates are; where it ends
 * early, the answer is no.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { Check } from '../model/passed.ts';
import { type Certificate, digestOfName } from './certificate.ts';
import { type Budget, MAX_COMPARISONS, type PathFault, pathFaults, type PathRules } from './path.ts';
import { checkSignature, type SignatureFault } from './signature.ts';

/** Why the search cannot go on from one place of a path. */
export type SearchFaultCode =
  | SignatureFault
  /** No certificate with the issuer's name was given. */
  | 'issuer-not-found'
  /** There is one with the issuer's name, but with another key identifier or serial number than the certificate names. */
  | 'key-identifier-mismatch'
  /** It signs itself, but is not among the trusted CAs. */
  | 'ca-not-trusted'
  /** It is among the trusted CAs, but does not sign itself, and its issuer is missing. */
  | 'ca-not-a-root'
  /** All its issuers are in the path already. */
  | 'loop'
  /** More than 12 certificates. */
  | 'path-too-long';

/** A fault at one place of a path. */
export type Obstacle =
  | PathFault
  /** `about` is the issuer's name. */
  | { readonly code: SearchFaultCode; readonly at: number; readonly about: string };

/** Most certificates in a path. Real paths have two to five. */
const MAX_PATH = 12;

/** Most signatures checked in one search; the limit of Go's crypto/x509. A check takes up to a millisecond. */
const MAX_SIGNATURES = 100;

/** Most certificates tried as an issuer in one search: about 2^11, where cross-certified CAs could otherwise make 12 factorial paths. */
const MAX_STEPS = 2_000;

/** A path that led nowhere. */
export interface DeadEnd {
  readonly path: ReadonlyArray<Certificate>;
  readonly obstacles: ReadonlyArray<Obstacle>;
  /** Whether the search was cut short; then there may be other paths. */
  readonly gaveUp: boolean;
}

/** Results of signature checks, shared by several searches among the same CAs. */
export type Verdicts = Map<string, Check<SignatureFault>>;

/** No results yet. */
export const noVerdicts = (): Verdicts => new Map();

/** Where the search may go, and how far. */
interface Terrain {
  readonly trusted: ReadonlySet<string>;
  readonly bySubject: ReadonlyMap<string, ReadonlyArray<Certificate>>;
  /** By name: the least number of issuers up to a trusted CA; absent if there is no way. */
  readonly distances: ReadonlyMap<string, number>;
  readonly rules: PathRules;
  readonly budget: Budget & { signatures: number; steps: number };
  readonly verdicts: Verdicts;
}

/** The best dead end: closest to a trusted CA, then with the fewest obstacles. */
interface Closest {
  readonly path: ReadonlyArray<Certificate>;
  readonly obstacles: ReadonlyArray<Obstacle>;
  readonly reachedCa: boolean;
}

const idOf = ({ description }: Certificate): string => description.sha256;

const isTrusted = ({ trusted }: Terrain, certificate: Certificate): boolean => trusted.has(idOf(certificate));

const isSpent = ({ budget }: Terrain): boolean => budget.signatures < 0 || budget.steps < 0;

/** What a certificate says about its issuer's key and certificate must agree with the issuer wherever both say it. */
const keyIdsFit = ({ extensions: { authorityKeyId } }: Certificate, issuer: Certificate): boolean => {
  if (authorityKeyId === null) return true;
  const { keyId, issuer: names, serialNumber } = authorityKeyId;
  const { subjectKeyId } = issuer.extensions;
  if (keyId !== null && subjectKeyId !== null && keyId !== subjectKeyId) return false;
  if (serialNumber !== null && serialNumber !== issuer.description.serialNumber) return false;
  return (names ?? []).every((name) => name.type !== 'directory' || digestOfName(name.name) === issuer.same.issuer);
};

/** Whether a signature holds. Each is checked once; when the budget is spent, none holds. */
const verdictOn = async (terrain: Terrain, child: Certificate, issuer: Certificate): Promise<Check<SignatureFault>> => {
  const pair = `${idOf(child)} ${idOf(issuer)}`;
  const known = terrain.verdicts.get(pair);
  if (known !== undefined) return known;
  terrain.budget.signatures -= 1;
  if (isSpent(terrain)) return E.left('signature-invalid');
  // A trusted CA's signature on itself may use SHA-1, since trust does not depend on it.
  const evenBroken = child === issuer && isTrusted(terrain, child);
  const { key, spki } = issuer.publicKey;
  const verdict = await checkSignature(child.signed, { key, spki }, evenBroken)();
  terrain.verdicts.set(pair, verdict);
  return verdict;
};

const closer = (a: Closest | null, b: Closest): Closest => {
  if (a === null) return b;
  if (a.reachedCa !== b.reachedCa) return a.reachedCa ? a : b;
  if (a.path.length !== b.path.length) return a.path.length > b.path.length ? a : b;
  return a.obstacles.length <= b.obstacles.length ? a : b;
};

/** Why a path cannot continue after its last certificate, if only that certificate itself could be its issuer. */
const endOf = (
  terrain: Terrain,
  last: Certificate,
  itself: Check<SignatureFault>,
  hasNamesake: boolean,
): SearchFaultCode => {
  if (last.description.selfIssued && keyIdsFit(last, last)) return E.isLeft(itself) ? itself.left : 'ca-not-trusted';
  if (isTrusted(terrain, last)) return 'ca-not-a-root';
  return hasNamesake && !last.description.selfIssued ? 'loop' : 'issuer-not-found';
};

/** Steps from the trusted CAs to every name through issuers, whether or not the signatures hold. */
const distancesFrom = (
  trusted: ReadonlyArray<Certificate>,
  all: Iterable<Certificate>,
): ReadonlyMap<string, number> => {
  const issuedBy = new Map<string, Set<string>>();
  for (const { same } of all) {
    const subjects = issuedBy.get(same.issuer) ?? new Set();
    issuedBy.set(same.issuer, subjects.add(same.subject));
  }
  const distances = new Map<string, number>(trusted.map(({ same }) => [same.subject, 0]));
  // A map is iterated in insertion order, including entries added during the iteration.
  for (const [name, distance] of distances) {
    for (const subject of issuedBy.get(name) ?? []) {
      if (!distances.has(subject)) distances.set(subject, distance + 1);
    }
  }
  return distances;
};

/**
 * Candidates in the order in which they are tried: trusted ones, then those whose own issuer is closest to a trusted CA; among equals,
 * those with the wanted key identifier first. This finds the way through a dense mesh of CAs before the budget is spent.
 */
const inOrder = (
  terrain: Terrain,
  last: Certificate,
  candidates: ReadonlyArray<Certificate>,
): ReadonlyArray<Certificate> => {
  const wanted = last.extensions.authorityKeyId?.keyId ?? null;
  const rankOf = (candidate: Certificate): number => {
    const distance = isTrusted(terrain, candidate) ? 0 : 1 + (terrain.distances.get(candidate.same.issuer) ?? Infinity);
    return 2 * distance + (wanted !== null && candidate.extensions.subjectKeyId === wanted ? 0 : 1);
  };
  const ranked = candidates.map((candidate) => ({ candidate, rank: rankOf(candidate) }));
  // Infinity minus Infinity is NaN, and then they are equal.
  return ranked.sort((a, b) => (a.rank - b.rank) || 0).map(({ candidate }) => candidate);
};

/** Whether a certificate can come next in a path: it issued the last one, and there is room for it. */
const checkNext = async (
  terrain: Terrain,
  path: ReadonlyArray<Certificate>,
  last: Certificate,
  issuer: Certificate,
): Promise<Check<SearchFaultCode>> => {
  if (!keyIdsFit(last, issuer)) return E.left('key-identifier-mismatch');
  return path.length >= MAX_PATH ? E.left('path-too-long') : await verdictOn(terrain, last, issuer);
};

const walk = async (
  terrain: Terrain,
  path: ReadonlyArray<Certificate>,
  last: Certificate,
): Promise<E.Either<Closest, ReadonlyArray<Certificate>>> => {
  const at = path.length - 1;
  const { rules, budget } = terrain;
  const itself: Check<SignatureFault> = last.description.selfIssued
    ? await verdictOn(terrain, last, last)
    : E.left('signature-invalid');
  if (E.isRight(itself) && isTrusted(terrain, last)) {
    const obstacles = pathFaults(path, rules, budget, true);
    return obstacles.length === 0 ? E.right(path) : E.left({ path, obstacles, reachedCa: true });
  }

  let closest: Closest | null = null;
  const stuck = (code: SearchFaultCode): void => {
    const obstacle = { code, at, about: last.description.issuer.text };
    closest = closer(closest, { path, obstacles: [...pathFaults(path, rules, budget), obstacle], reachedCa: false });
  };

  const namesakes = terrain.bySubject.get(last.same.issuer) ?? [];
  // The same name with the same key would only make the path longer (RFC 4158 section 2.4.2).
  const isNew = (candidate: Certificate): boolean =>
    !path.some(({ same }) => same.subject === candidate.same.subject && same.key === candidate.same.key);
  const issuers = inOrder(terrain, last, namesakes.filter(isNew));
  if (issuers.length === 0) stuck(endOf(terrain, last, itself, namesakes.length > 0));
  for (const issuer of issuers) {
    budget.steps -= 1;
    if (isSpent(terrain)) break;
    const isNext = await checkNext(terrain, path, last, issuer);
    if (E.isLeft(isNext)) {
      stuck(isNext.left);
      continue;
    }
    const found = await walk(terrain, [...path, issuer], issuer);
    if (E.isRight(found)) return found;
    closest = closer(closest, found.left);
  }
  return E.left(closest ?? { path, obstacles: [], reachedCa: false });
};

/** Looks for a valid path from a certificate to one of the trusted CAs. */
export const findPath = async (
  certificate: Certificate,
  { trusted, others }: { readonly trusted: ReadonlyArray<Certificate>; readonly others: ReadonlyArray<Certificate> },
  rules: PathRules,
  verdicts: Verdicts = noVerdicts(),
): Promise<E.Either<DeadEnd, ReadonlyArray<Certificate>>> => {
  const all = new Map([...trusted, ...others, certificate].map((one) => [idOf(one), one]));
  const bySubject = new Map<string, Array<Certificate>>();
  for (const one of all.values()) {
    const namesakes = bySubject.get(one.same.subject);
    if (namesakes === undefined) bySubject.set(one.same.subject, [one]);
    else namesakes.push(one);
  }
  const terrain: Terrain = {
    trusted: new Set(trusted.map(idOf)),
    bySubject,
    distances: distancesFrom(trusted, all.values()),
    rules,
    budget: { signatures: MAX_SIGNATURES, steps: MAX_STEPS, comparisons: MAX_COMPARISONS },
    verdicts,
  };
  // The map may hold another object for the same certificate; there must be only one.
  const start = all.get(idOf(certificate)) ?? certificate;
  const found = await walk(terrain, [start], start);
  return E.mapLeft(({ path, obstacles }: Closest): DeadEnd => ({ path, obstacles, gaveUp: isSpent(terrain) }))(found);
};
