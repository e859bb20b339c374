/**
 * Judges what was published: a certificate with everything that affects it. Inspection and installation both use this, so they never reach
 * different verdicts. `judge-bundle.ts` judges a CA or a chain by itself.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as T from 'fp-ts/lib/Task.js';
import type { CertType } from '../model/certificate.ts';
import type { Shelf } from './bundle.ts';
import type { Certificate, Description } from './certificate.ts';
import { soonestEnd } from './expiry.ts';
import { type Fault, formFaultsOf, type JudgedAs, valueFaults, verdictOf } from './fault.ts';
import { type Pair, pairOf, type TriedKey, tryKey } from './pair.ts';
import { MAX_COMPARISONS, pathFaults } from './path.ts';
import type { Encoded } from './pem.ts';
import { keyUsageForTls } from './purpose.ts';
import type { Verdicts } from './chain-search.ts';
import { type ReadValue, readValue } from './value.ts';
import { HARMLESS, NO_CERTIFICATES, type Path, verifyRead } from './verify.ts';
import { weakAlong } from './weak.ts';

/**
 * What a certificate is judged by, apart from others.
 *
 * @internal
 */
interface Terms {
  /** The requested kind. It limits the certificate and the CAs above it. */
  readonly certType: CertType;
  /** The requested names; null if nobody knows them. */
  readonly names: { readonly commonName: string; readonly sans: ReadonlyArray<string> } | null;
  /** The current time; null if unknown, and then dates are not judged. */
  readonly now: Date | null;
  /** Days before an end that count as soon; by default the last quarter of the certificate's life, and at most 30 days. */
  readonly endsWithinDays?: number;
}

/** What to judge. */
export interface JudgeInput extends Terms {
  /** The certificate comes first; others that follow it are treated like those of `chain`. */
  readonly certificate: Encoded;
  /** The private key that came with it; without it, keys are not judged. It goes nowhere else. */
  readonly key?: Encoded;
  /** What came with the certificate; null where nothing did. */
  readonly chain: Encoded | null;
  /** The trusted CAs; null if none was published, and then no path is looked for. */
  readonly ca: Encoded | null;
}

/** The same after reading, so that what many certificates are judged against is read only once. */
export interface ReadJudgeInput extends Terms {
  /** The certificate and its key, read before. */
  readonly pair: Pair;
  /** What came with the certificate, read before. */
  readonly chain: ReadValue | null;
  /** The published CA, read before. */
  readonly ca: ReadValue | null;
  /** Results of earlier signature checks among the same CAs; new ones are added. */
  readonly verdicts?: Verdicts;
}

/** The result of judging. */
export interface Judgement {
  /** Good, rejected or not judged. */
  readonly verdict: JudgedAs;
  /** Null if it is unreadable. */
  readonly certificate: Description | null;
  /** From the certificate up to the trusted CA, or as far as it leads. */
  readonly path: Path;
  /** Whether the path leads to the trusted CA and every rule holds; null if no CA was published. */
  readonly isVerified: boolean | null;
  /** What is wrong. */
  readonly faults: ReadonlyArray<Fault>;
}

const endsSoon = (path: Path, { now, endsWithinDays }: Terms): ReadonlyArray<Fault> => {
  const end = now === null ? null : soonestEnd(path, now, endsWithinDays);
  return end === null ? [] : [{ code: 'ends-soon', ...end }];
};

/** What is wrong with certificates, each by itself. */
export const aloneFaults = (certificate: Certificate, certType: CertType, now: Date | null): ReadonlyArray<Fault> => {
  const rules = { now: now?.getTime() ?? null, purpose: certType };
  return pathFaults([certificate], rules, { comparisons: MAX_COMPARISONS });
};

/**
 * The place of the certificate in a value that starts with another one; 0 if it comes first. With the key, it is the certificate that the
 * key belongs to; without it, the first one that is not a CA's.
 */
const placeOf = ({ value: { certificates: [first, ...others] }, key }: Pair, certType: CertType): number => {
  if (key !== null) return key.index;
  if (first === undefined || certType === 'intermediate' || first.description.basicConstraints?.ca !== true) return 0;
  return 1 + others.findIndex(({ description }) => {
    const isBelow = description.issuer.text === first.description.subject.text || others.length > 1;
    return description.basicConstraints?.ca !== true && isBelow;
  });
};

const keyFaults = (key: TriedKey | null): ReadonlyArray<Fault> =>
  key === null || key.fault === null
    ? []
    : [{ code: key.fault, ...(key.wrapping === null ? {} : { wrapping: key.wrapping }) }];

/** The path to the trusted CA, and what is wrong with it. */
const pathOf = async (own: Certificate, input: ReadJudgeInput): Promise<Pick<Judgement, 'path' | 'faults'>> => {
  const { pair, certType, ca, chain, now, verdicts } = input;
  if (ca === null) return { path: [own.description], faults: aloneFaults(own, certType, now) };
  const verified = await verifyRead({
    certificate: pair.value,
    ca,
    chain: chain ?? NO_CERTIFICATES,
    purpose: certType,
    ...(now === null ? {} : { now }),
    ...(verdicts === undefined ? {} : { verdicts }),
  })();
  if (E.isRight(verified)) return { path: verified.right, faults: [] };
  const { path, reasons } = verified.left;
  const faults = reasons.filter((reason) => reason.code !== 'unreadable' || reason.source !== 'certificate');
  // If no path was looked for, nothing has been said about the certificate yet.
  const isAlone = faults.every(({ code }) => code === 'unreadable');
  return { path, faults: [...(isAlone ? aloneFaults(own, certType, now) : []), ...faults] };
};

/**
 * See {@link judge}, for certificates and keys that were read and tried before.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority } from 'interface-tls-certificates/authority';
 * import { judgeRead, pairOf, readValue } from 'interface-tls-certificates/x509';
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * const now = new Date('2026-11-25');
 * const made = await createAuthority({ commonName: 'Our CA', days: 100 }, { now, random })();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const pair = pairOf(readValue(made.right.certificate), null);
 * const judged = await judgeRead({ pair, certType: 'intermediate', names: null, ca: null, chain: null, now })();
 * assert.equal(judged.verdict, 'good');
 * ```
 */
export const judgeRead = (input: ReadJudgeInput): T.Task<Judgement> => async () => {
  const { pair, certType, names } = input;
  const { value, key } = pair;
  const [own] = value.certificates;
  const form = [
    ...valueFaults('certificate', value),
    ...formFaultsOf('certificate', value.form),
    ...(key === null ? [] : formFaultsOf('key', key.form)),
  ];
  const isVerified = input.ca === null ? null : false;
  // If a block is broken or left out, nobody knows whether the first readable one is meant.
  if (own === undefined || value.faults.some(({ code }) => !HARMLESS.has(code))) {
    return { verdict: verdictOf(form), certificate: null, path: [], isVerified, faults: form };
  }
  const index = placeOf(pair, certType);
  if (index > 0) {
    const faults: ReadonlyArray<Fault> = [{ code: 'wrong-order', index }, ...form];
    return { verdict: 'refused', certificate: own.description, path: [own.description], isVerified, faults };
  }
  const { description } = own;
  const { path, faults: pathFaults } = await pathOf(own, input);
  // A broken hash that already made the path invalid is reported once.
  const told = new Set(pathFaults.flatMap((fault) => (fault.code === 'signature-hash-broken' ? [fault.at] : [])));
  const isNarrow = certType !== 'intermediate' && keyUsageForTls(description, certType) === 'only-key-exchange';
  const faults: ReadonlyArray<Fault> = [
    ...(names === null ? [] : pair.mismatches({ certType, ...names })),
    ...keyFaults(key),
    ...pathFaults,
    ...(isNarrow ? [{ code: 'only-key-exchange' as const }] : []),
    ...weakAlong(path).filter(({ code, at }) => code !== 'broken-hash' || !told.has(at)),
    ...endsSoon(path, input),
    ...form,
  ];
  const isGood = isVerified === null ? null : pathFaults.length === 0;
  return { verdict: verdictOf(faults), certificate: description, path, isVerified: isGood, faults };
};

/**
 * Judges a certificate: its names, its key, its purpose, and the path to the CA with all rules, dates and weaknesses along it. It never
 * fails; `severityOf` says how serious each fault is.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { judge, severityOf } from 'interface-tls-certificates/x509';
 * const input = { certificate: 'None', certType: 'server', names: null, chain: null, ca: null, now: null } as const;
 * const { verdict, faults } = await judge(input)();
 * assert.equal(verdict, 'refused');
 * assert.deepEqual(faults.map(severityOf), ['error']);
 * ```
 */
export const judge = ({ certificate, key, chain, ca, ...terms }: JudgeInput): T.Task<Judgement> => async () => {
  const shelf: Shelf = new Map();
  const value = readValue(certificate, shelf);
  const tried = key === undefined ? null : await tryKey(value, key)();
  return await judgeRead({
    ...terms,
    pair: pairOf(value, tried),
    chain: chain === null ? null : readValue(chain, shelf),
    ca: ca === null ? null : readValue(ca, shelf),
  })();
};
