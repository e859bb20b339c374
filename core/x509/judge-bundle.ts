/**
 * Judges a CA or a chain by itself, whether or not a certificate was issued below it: a CA is trusted wherever it is installed, and charms
 * write a chain into a file as it is.
 *
 * @module
 */
import type { Certificate, Description } from './certificate.ts';
import { soonestEnd } from './expiry.ts';
import { type Fault, formFaultsOf, type JudgedAs, valueFaults, verdictOf } from './fault.ts';
import { aloneFaults } from './judge.ts';
import type { Encoded } from './pem.ts';
import { type ReadValue, readValue } from './value.ts';
import type { VerifiedPart } from './verify.ts';
import { weakAlong } from './weak.ts';

/** The result of judging a CA or a chain by itself. A fault's place `at` is one among the certificates. */
export interface BundleJudgement {
  /** Good, rejected or not judged. */
  readonly verdict: JudgedAs;
  /** Without repeats, in the order of the value. */
  readonly certificates: ReadonlyArray<Description>;
  /** What is wrong. */
  readonly faults: ReadonlyArray<Fault>;
}

const readOf = (value: Encoded | ReadValue): ReadValue =>
  typeof value === 'string' || value instanceof Uint8Array ? readValue(value) : value;

/** A fault of a certificate by itself, at its place among others. */
const placed = (fault: Fault, at: number): Fault => ('at' in fault ? { ...fault, at } : fault);

const isCurrent = ({ notBefore, notAfter }: Certificate, now: Date): boolean =>
  notBefore <= now.getTime() && now.getTime() <= notAfter;

const judged = (
  source: VerifiedPart,
  value: ReadValue,
  certificates: ReadonlyArray<Certificate>,
  faults: ReadonlyArray<Fault>,
): BundleJudgement => {
  const all = [...valueFaults(source, value), ...faults, ...formFaultsOf(source, value.form)];
  return { verdict: verdictOf(all), certificates: certificates.map(({ description }) => description), faults: all };
};

/**
 * Judges what was published as CA by itself: whether it is completely readable, belongs to a CA, is valid and strong, and contains no
 * private key. An outdated CA beside a valid one is not an error, since trust rests on the valid one.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority } from 'interface-tls-certificates/authority';
 * import { judgeCa } from 'interface-tls-certificates/x509';
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * const now = new Date('2026-11-25');
 * const made = await createAuthority({ commonName: 'Our CA', days: 100 }, { now, random })();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * assert.equal(judgeCa(made.right.certificate, now).verdict, 'good');
 * assert.equal(judgeCa(made.right.certificate, new Date('2028-01-01')).verdict, 'refused'); // it has ended
 * ```
 */
export const judgeCa = (ca: Encoded | ReadValue, now: Date | null, endsWithinDays?: number): BundleJudgement => {
  const value = readOf(ca);
  const certificates = [...new Set(value.certificates)];
  const hasCurrent = now !== null && certificates.some((certificate) => isCurrent(certificate, now));
  const faultsOf = (certificate: Certificate): ReadonlyArray<Fault> => {
    const { description } = certificate;
    const isOld = description.version === 1 && description.selfIssued;
    const own = aloneFaults(certificate, 'intermediate', now).map((fault): Fault => {
      if (fault.code === 'not-a-ca' && isOld) return { code: 'ca-version-1', at: 0 };
      const isBeside = hasCurrent && (fault.code === 'expired' || fault.code === 'not-yet-valid');
      return isBeside ? { code: 'out-of-date-beside', at: 0, about: fault.about ?? '' } : fault;
    });
    const end = now === null || certificates.length > 1 && !isLast(certificate, certificates)
      ? null
      : soonestEnd([description], now, endsWithinDays);
    return [...own, ...weakAlong([description]), ...(end === null ? [] : [{ code: 'ends-soon' as const, ...end }])];
  };
  return judged('ca', value, certificates, certificates.flatMap((one, at) => faultsOf(one).map((f) => placed(f, at))));
};

/** Whether no other CA ends later: trust in several CAs ends with the last of them. */
const isLast = ({ notAfter }: Certificate, certificates: ReadonlyArray<Certificate>): boolean =>
  certificates.every((other) => other.notAfter <= notAfter);

/**
 * Judges what was published as chain by itself: whether it is completely readable and contains no private key. `alone` means that no
 * certificate was answered yet, whose path would tell the rest: then its CAs must be valid and strong too. Some unneeded CAs may have ended
 * long ago, so one that is valid is enough.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority } from 'interface-tls-certificates/authority';
 * import { judgeChain } from 'interface-tls-certificates/x509';
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * const now = new Date('2026-11-25');
 * const made = await createAuthority({ commonName: 'Our CA', days: 100 }, { now, random })();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * assert.equal(judgeChain(made.right.certificate).verdict, 'good');
 * assert.equal(judgeChain(made.right.key).faults[0]?.code, 'private-key');
 * ```
 */
export const judgeChain = (
  chain: Encoded | ReadValue,
  alone: { readonly now: Date | null } | null = null,
): BundleJudgement => {
  const value = readOf(chain);
  const certificates = [...new Set(value.certificates)];
  const { now } = alone ?? { now: null };
  const between = certificates.filter(({ description }) =>
    description.basicConstraints?.ca === true && !description.selfIssued
  );
  const isUsable = now === null || between.some((certificate) => isCurrent(certificate, now));
  const faultsOf = (certificate: Certificate): ReadonlyArray<Fault> => [
    ...aloneFaults(certificate, 'intermediate', now).filter(({ code }) =>
      !isUsable || (code !== 'expired' && code !== 'not-yet-valid')
    ),
    ...weakAlong([certificate.description]),
  ];
  const faults = alone === null
    ? []
    : between.flatMap((one) => faultsOf(one).map((fault) => placed(fault, certificates.indexOf(one))));
  return judged('chain', value, certificates, faults);
};
