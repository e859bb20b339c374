/**
 * Judging what was published: a certificate with all that bears on it, a CA by itself, and a chain by itself. An inspection and an
 * installation both ask here, so that they never come to different verdicts.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as T from 'fp-ts/lib/Task.js';
import type { CertType } from '../model/certificate.ts';
import { type End, type PathWeakness, soonestEnd, weakAlong } from './along.ts';
import { type BundleFault, type ReadBundle, readBundle } from './bundle.ts';
import type { Certificate, Description } from './certificate.ts';
import { type NameMismatch, nameMismatches } from './name-match.ts';
import { MAX_COMPARISONS, pathFaults } from './path.ts';
import { type FormFault, type FormFaultCode, formFaults, keyFormFaults } from './pem-form.ts';
import type { Encoded } from './pem.ts';
import { type KeyFault, provesKey } from './private-key.ts';
import { keyUsageForTls } from './purpose.ts';
import { type FaultSeverity, severityOf } from './severity.ts';
import { HARMLESS, type Path, type Refusal, type Source, verify } from './verify.ts';

/** What is judged. */
export interface JudgeInput {
  /** The certificate comes first; others that follow it are taken like those of `chain`. */
  readonly certificate: Encoded;
  /** The kind that was asked for. It limits the certificate and the CAs above it. */
  readonly certType: CertType;
  /** The names that were asked for; null where nobody knows. */
  readonly names: { readonly commonName: string; readonly sans: ReadonlyArray<string> } | null;
  /** The private key that came with it; without it nothing is said about keys. It goes nowhere. */
  readonly key?: Encoded;
  readonly chain: Encoded | null;
  /** The CAs that are trusted; null where none was published, and then no path is looked for. */
  readonly ca: Encoded | null;
  /** The present; null where nobody knows, and then nothing is said about dates. */
  readonly now: Date | null;
}

/** Something that is wrong, or could be better. A place means one in the path. */
export type Fault =
  | NameMismatch
  | Refusal
  | PathWeakness
  | { readonly code: KeyFault }
  /** The certificate stands behind a CA; `index` is its place in the value. */
  | { readonly code: 'wrong-order'; readonly index: number }
  /** A private key stands in a value that everybody may read. */
  | { readonly code: 'private-key'; readonly source: Source; readonly line: number }
  /** The RSA key may only decipher, which TLS 1.3 does not do. */
  | { readonly code: 'only-key-exchange' }
  /** A certificate of the path ends soon. */
  | ({ readonly code: 'ends-soon' } & End)
  /** A server may not load the value as it stands. */
  | { readonly code: FormFaultCode; readonly source: Source | 'key'; readonly line: number };

/** What came of it. */
export interface Judgement {
  /** `refused` where a fault is an error, `not-judged` where something is of a kind that is not worked with here. */
  readonly verdict: 'good' | 'refused' | 'not-judged';
  /** Null where it cannot be read. */
  readonly certificate: Description | null;
  /** From the certificate up to the trusted CA, or as far as it leads. */
  readonly path: Path;
  /** Whether the path leads to the trusted CA and every rule holds; null where no CA was published. */
  readonly isVerified: boolean | null;
  readonly faults: ReadonlyArray<Fault>;
}

/** What came of a CA or a chain by itself. */
export interface BundleJudgement {
  readonly verdict: Judgement['verdict'];
  readonly certificates: ReadonlyArray<Description>;
  readonly faults: ReadonlyArray<Fault>;
}

const verdictOf = (faults: ReadonlyArray<Fault>): Judgement['verdict'] => {
  const severities: ReadonlySet<FaultSeverity> = new Set(faults.map(severityOf));
  return severities.has('error') ? 'refused' : severities.has('not-judged') ? 'not-judged' : 'good';
};

const formOf = (source: Source | 'key', faults: ReadonlyArray<FormFault>): ReadonlyArray<Fault> =>
  faults.map(({ code, line }) => ({ code, source, line }));

/** What cannot be read in a value, and keys where everybody may read them. */
const bundleFaults = (source: Source, faults: ReadonlyArray<BundleFault>): ReadonlyArray<Fault> =>
  faults.map((fault) =>
    fault.code === 'private-key'
      ? { code: 'private-key', source, line: fault.line }
      : { code: 'unreadable', source, fault }
  );

const endsSoon = (path: Path, now: Date | null): ReadonlyArray<Fault> => {
  const end = now === null ? null : soonestEnd(path, now);
  return end === null ? [] : [{ code: 'ends-soon', ...end }];
};

/** What is wrong with certificates of which each stands by itself. */
const aloneFaults = (certificate: Certificate, certType: CertType, now: Date | null): ReadonlyArray<Fault> => {
  const rules = { now: now?.getTime() ?? null, purpose: certType };
  return pathFaults([certificate], rules, { comparisons: MAX_COMPARISONS });
};

/**
 * The place of the certificate in a value that begins with a CA above it; 0 where it stands first. With the key, it is the one that
 * the key belongs to.
 */
const placeOf = async (
  { certificates: [first, ...others] }: ReadBundle,
  { certType, key }: JudgeInput,
): Promise<number> => {
  if (first === undefined || certType === 'intermediate' || first.description.basicConstraints?.ca !== true) return 0;
  for (const [index, { publicKey, description }] of others.entries()) {
    const isBelow = description.issuer.text === first.description.subject.text || others.length > 1;
    if (description.basicConstraints?.ca === true || !isBelow) continue;
    if (key === undefined || (await provesKey(key, publicKey)()) === null) return index + 1;
  }
  return 0;
};

/** The path to the trusted CA with what is wrong about it. */
const pathOf = async (own: Certificate, input: JudgeInput): Promise<Pick<Judgement, 'path' | 'faults'>> => {
  const { certType, ca, chain, certificate, now } = input;
  if (ca === null) return { path: [own.description], faults: aloneFaults(own, certType, now) };
  const verified = await verify({
    certificate,
    ca,
    purpose: certType,
    ...(chain === null ? {} : { chain }),
    ...(now === null ? {} : { now }),
  })();
  if (E.isRight(verified)) return { path: verified.right, faults: [] };
  const { path, reasons } = verified.left;
  const faults = reasons.filter((reason) => reason.code !== 'unreadable' || reason.source !== 'certificate');
  // Where no path was looked for, nothing was said about the certificate yet.
  const isAlone = faults.every(({ code }) => code === 'unreadable');
  return { path, faults: [...(isAlone ? aloneFaults(own, certType, now) : []), ...faults] };
};

/**
 * Judges a certificate: its names, its key, its purpose, and the path to the CA with all rules, ends and weaknesses along it. It never
 * fails; `severityOf` says how grave each fault is.
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
export const judge = (input: JudgeInput): T.Task<Judgement> => async () => {
  const { certificate, certType, names, key, now } = input;
  const read = readBundle(certificate);
  const [own] = read.certificates;
  const form = [
    ...bundleFaults('certificate', read.faults),
    ...formOf('certificate', formFaults(certificate)),
    ...(key === undefined ? [] : formOf('key', keyFormFaults(key))),
  ];
  const isVerified = input.ca === null ? null : false;
  // Where a block is broken or left out, nobody knows whether the first one that can be read is meant.
  if (own === undefined || read.faults.some(({ code }) => !HARMLESS.has(code))) {
    return { verdict: verdictOf(form), certificate: null, path: [], isVerified, faults: form };
  }
  const index = await placeOf(read, input);
  if (index > 0) {
    const faults: ReadonlyArray<Fault> = [{ code: 'wrong-order', index }, ...form];
    return { verdict: 'refused', certificate: own.description, path: [own.description], isVerified, faults };
  }
  const { description } = own;
  const keyFault = key === undefined ? null : await provesKey(key, own.publicKey)();
  const { path, faults: pathFaults } = await pathOf(own, input);
  // A broken hash that the path was refused for is told once.
  const told = new Set(pathFaults.flatMap((fault) => (fault.code === 'signature-hash-broken' ? [fault.at] : [])));
  const isNarrow = certType !== 'intermediate' && keyUsageForTls(description, certType) === 'only-key-exchange';
  const faults: ReadonlyArray<Fault> = [
    ...(names === null ? [] : nameMismatches(description, { certType, ...names })),
    ...(keyFault === null ? [] : [{ code: keyFault }]),
    ...pathFaults,
    ...(isNarrow ? [{ code: 'only-key-exchange' as const }] : []),
    ...weakAlong(path).filter(({ code, at }) => code !== 'broken-hash' || !told.has(at)),
    ...endsSoon(path, now),
    ...form,
  ];
  const verdict = verdictOf(faults);
  return {
    verdict,
    certificate: description,
    path,
    isVerified: isVerified === null ? null : pathFaults.length === 0,
    faults,
  };
};

const judgeBundle = (
  source: Source,
  encoded: Encoded,
  faultsOf: (certificate: Certificate) => ReadonlyArray<Fault>,
): BundleJudgement => {
  const { certificates, faults: unread } = readBundle(encoded);
  const faults = [
    ...bundleFaults(source, unread),
    ...[...new Set(certificates)].flatMap(faultsOf),
    ...formOf(source, formFaults(encoded)),
  ];
  return { verdict: verdictOf(faults), certificates: certificates.map(({ description }) => description), faults };
};

/**
 * Judges what was published as CA by itself, whether or not a certificate was issued below it: it is trusted wherever it is installed.
 * The place of a fault is always 0; `name` or `about` tells which CA is meant.
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
export const judgeCa = (ca: Encoded, now: Date | null): BundleJudgement =>
  judgeBundle('ca', ca, (certificate) => {
    const { description } = certificate;
    const isOld = description.version === 1 && description.selfIssued;
    const own = aloneFaults(certificate, 'intermediate', now)
      .map((fault): Fault => fault.code === 'not-a-ca' && isOld ? { code: 'ca-version-1', at: 0 } : fault);
    return [...own, ...weakAlong([description]), ...endsSoon([description], now)];
  });

/**
 * Judges what was published as chain by itself: whether it can be read, and whether a private key stands in it.
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
export const judgeChain = (chain: Encoded): BundleJudgement => judgeBundle('chain', chain, () => []);
