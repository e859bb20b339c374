/**
 * The check before an installation: whether certificate and key belong together, are what was asked for, and lead to
 * the CA; and what is written if so.
 *
 * This room loads X.509; it is imported when there is something new to check, and not before.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { finding, type Verdict } from '../../core/examine/findings.ts';
import { verdictOfRefusal, verdictsOfMatch } from '../../core/examine/verdicts.ts';
import { type Certificate, hidingKeys } from '../../core/model/certificate.ts';
import type { Finding } from '../../core/model/finding.ts';
import type { Timestamp } from '../../core/model/snapshot.ts';
import { readBundle } from '../../core/x509/bundle.ts';
import { match, type Path, type Refused, verify } from '../../core/x509/mod.ts';
import { readPem, writePem } from '../../core/x509/pem.ts';
import { caFaults } from '../../core/x509/purpose.ts';
import type { Content, Wanted } from './entry.ts';
import type { Sources } from './sources.ts';
import type { Validity } from './validity.ts';

/** What came of a check. */
export interface Checked {
  /** What is wrong and what could be better; an error means that nothing is installed. */
  readonly findings: ReadonlyArray<Finding>;
  /** PEM for each file; null where it is refused. Private keys are in it. */
  readonly contents: Readonly<Record<Content, string>> | null;
  /** Of the certificate; null where it is refused. */
  readonly validity: Validity | null;
}

const KEY_LABELS: Readonly<Record<string, string>> = {
  pkcs8: 'PRIVATE KEY',
  pkcs1: 'RSA PRIVATE KEY',
  sec1: 'EC PRIVATE KEY',
};

/** The first private key in a text, without what stands around it; empty where there is none. */
const keyOf = (text: string): string => {
  const block = readPem(text).blocks.find(({ kind }) => KEY_LABELS[kind] !== undefined);
  return block === undefined ? '' : writePem(KEY_LABELS[block.kind] ?? '', block.bytes);
};

/** Certificates of a text by their fingerprint, in order, each once. */
const pemsOf = (text: string | null): ReadonlyMap<string, string> =>
  new Map(
    (text === null ? [] : readBundle(text).certificates).map((
      { der, description },
    ) => [description.sha256, writePem('CERTIFICATE', der)]),
  );

const isError = ({ severity }: Finding): boolean => severity === 'error';

const findingsOf = (commonName: string | null, verdicts: ReadonlyArray<Verdict>): ReadonlyArray<Finding> => {
  const place = commonName === null ? {} : { commonName: hidingKeys(commonName) };
  const distinct = new Map(verdicts.map(([code, message]) => [`${code} ${message}`, finding(code, place, message)]));
  return [...distinct.values()];
};

/** The CAs that were published, a PEM each, if they are CAs. */
export const checkCa = (ca: string): E.Either<ReadonlyArray<Finding>, ReadonlyArray<string>> => {
  const { certificates, faults } = readBundle(ca);
  const verdicts: ReadonlyArray<Verdict> = [
    ...faults.map(({ code, line }): Verdict => [
      'unreadable-certificate',
      `the CA cannot be read wholly: ${code} at line ${line}`,
    ]),
    ...certificates.flatMap(({ description }) =>
      caFaults(description).map(
        (): Verdict => ['path-invalid', 'what was published as CA is not the certificate of one'],
      )
    ),
  ];
  return verdicts.length > 0 ? E.left(findingsOf(null, verdicts)) : E.right([...pemsOf(ca).values()]);
};

/** When a certificate is valid; null where it cannot be read. */
const validityOf = (cert: string): Validity | null => {
  const [own] = readBundle(cert).certificates;
  if (own === undefined) return null;
  const { notBefore, notAfter } = own.description;
  // They are written as timestamps are.
  return { notBefore: notBefore as Timestamp, notAfter: notAfter as Timestamp };
};

/** The dates of a certificate that no path is searched for. */
const verdictsOfDates = (cert: string, now: Date | null): ReadonlyArray<Verdict> => {
  const validity = validityOf(cert);
  if (validity === null || now === null) return [];
  const { notBefore, notAfter } = validity;
  if (now.getTime() > Date.parse(notAfter)) return [verdictOfRefusal({ code: 'expired', at: 0, about: notAfter })];
  if (now.getTime() >= Date.parse(notBefore)) return [];
  return [verdictOfRefusal({ code: 'not-yet-valid', at: 0, about: notBefore })];
};

/**
 * The certificates between the certificate and the CA: those on the verified path, or without a CA those that were
 * published.
 */
const betweenOf = async (
  { cert }: Certificate,
  { ca, chain }: Sources,
  now: Date | null,
): Promise<E.Either<ReadonlyArray<Verdict>, ReadonlyArray<string>>> => {
  const published = new Map([...pemsOf(cert), ...pemsOf(chain)]);
  if (ca === null) {
    const dates = verdictsOfDates(cert, now);
    if (dates.length > 0) return E.left(dates);
    const chained = readBundle(chain ?? '').certificates.map(({ description }) => description);
    const roots = new Set(chained.filter(({ selfIssued }) => selfIssued).map(({ sha256 }) => sha256));
    return E.right([...published].slice(1).filter(([sha256]) => !roots.has(sha256)).map(([, pem]) => pem));
  }
  const verified = await verify({
    certificate: cert,
    ca,
    ...(chain === null ? {} : { chain }),
    ...(now === null ? {} : { now }),
  })();
  return E.bimap(
    ({ reasons }: Refused) => reasons.map(verdictOfRefusal),
    (path: Path) => path.slice(1, -1).flatMap(({ sha256 }) => published.get(sha256) ?? []),
  )(verified);
};

/**
 * Checks a certificate with its key. It is refused for the findings that are errors in an examination: a key of another
 * certificate, names that are missing, a purpose that does not fit, a path that does not lead to the CA, dates.
 */
export const checkPair = async (
  { certType, commonName, sans }: Wanted,
  certificate: Certificate,
  sources: Sources,
  now: Date | null,
): Promise<Checked> => {
  const { cert, key } = certificate;
  const matched = await match({ certificate: cert, key, asked: { certType, commonName, sans } })();
  const between = await betweenOf(certificate, sources, now);
  const noCa: ReadonlyArray<Verdict> = sources.ca === null
    ? [['no-ca', 'no CA was published, so it is installed without knowing whom it is from']]
    : [];
  const findings = findingsOf(commonName, [
    ...(matched._tag === 'Left' ? verdictsOfMatch(matched.left) : []),
    ...(E.isLeft(between) ? between.left : noCa),
  ]);
  const [own] = pemsOf(cert).values();
  if (own === undefined || E.isLeft(between) || findings.some(isError)) {
    return { findings, contents: null, validity: null };
  }
  return {
    findings,
    validity: validityOf(own),
    contents: {
      cert: own,
      key: keyOf(key),
      fullChain: [own, ...between.right].join(''),
      ca: [...pemsOf(sources.ca).values()].join(''),
    },
  };
};
