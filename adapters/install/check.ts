/**
 * The check before an installation: whether certificate and key belong together, match the request, and lead to the CA; and what to write
 * if so. It uses the same functions as an inspection, so the two never differ.
 *
 * This room loads X.509 code; it is imported only when there is something new to check.
 *
 * @module
 */
import { finding, type Verdict } from '../../core/examine/findings.ts';
import { verdictsOf } from '../../core/examine/verdicts.ts';
import { type Certificate, hidingKeys } from '../../core/model/certificate.ts';
import type { Finding } from '../../core/model/finding.ts';
import type { Timestamp } from '../../core/model/snapshot.ts';
import {
  type Description,
  earliestEnd,
  type Fault,
  judgeCa,
  judgeChain,
  type Judgement,
  judgeRead,
  normalKey,
  pairOf,
  type ReadValue,
  readValue,
  renewalMargin,
  type Shelf,
  tryKey,
} from '../../core/x509/mod.ts';
import { pemOf } from '../../core/x509/pem-form.ts';
import type { FileContent, WantedCertificate } from './entry.ts';
import type { Expiry } from './expiry.ts';
import type { Sources } from './sources.ts';

/** The result of a check. */
export interface Checked {
  /** Faults and weaknesses; if one of them is an error, nothing is installed. */
  readonly findings: ReadonlyArray<Finding>;
  /** PEM for each file, including private keys; null if it is refused. */
  readonly contents: Readonly<Record<FileContent, string>> | null;
  /** Null if it is refused, and if nothing ends. */
  readonly expiry: Expiry | null;
}

/** The result of checking CAs: PEM for each, or null if they are refused. */
export interface CheckedCa extends Pick<Checked, 'findings' | 'expiry'> {
  readonly pems: ReadonlyArray<string> | null;
}

const isError = ({ severity }: Finding): boolean => severity === 'error';

const findingsOf = (commonName: string | null, verdicts: ReadonlyArray<Verdict>): ReadonlyArray<Finding> => {
  const place = commonName === null ? {} : { commonName: hidingKeys(commonName) };
  const distinct = new Map(verdicts.map(([code, message]) => [`${code} ${message}`, finding(code, place, message)]));
  return [...distinct.values()];
};

/** A near end is reported in every hook, whether or not anything is checked: see expiry.ts. */
const lasting = (faults: ReadonlyArray<Fault>): ReadonlyArray<Fault> =>
  faults.filter(({ code }) => code !== 'ends-soon');

/** Descriptions write dates in the form of timestamps. */
const timestamp = (text: string): Timestamp => text as Timestamp;

/** The ends, with the moment by which the certificate should have been renewed. */
const expiryOf = (own: Description, notAfter: string, ca: string | null): Expiry => ({
  renewBy: timestamp(new Date(Date.parse(notAfter) - renewalMargin(own)).toISOString()),
  notAfter: timestamp(notAfter),
  ...(ca === null ? {} : { ca }),
});

/** Trust in several CAs ends with the last of them. */
const expiryOfCas = (cas: ReadonlyArray<Description>): Expiry | null => {
  const [last] = [...cas].sort((a, b) => Date.parse(b.notAfter) - Date.parse(a.notAfter));
  return last === undefined ? null : expiryOf(last, last.notAfter, last.subject.text);
};

/** A path ends with the first of its certificates. */
const expiryOfPath = (path: Judgement['path']): Expiry | null => {
  const [[own], end] = [path, earliestEnd(path)];
  return own === undefined || end === null ? null : expiryOf(own, end.notAfter, end.at === 0 ? null : end.name);
};

/** A published value; white space alone is none. */
const readIfAny = (text: string | null, shelf: Shelf): ReadValue | null =>
  text === null || text.trim() === '' ? null : readValue(text, shelf);

const verdictsOfCa = (ca: ReadValue, now: Date | null): ReadonlyArray<Verdict> => {
  const { faults, certificates: path } = judgeCa(ca, now);
  return verdictsOf(lasting(faults), { own: null, path, now });
};

const verdictsOfChain = (chain: ReadValue, now: Date | null): ReadonlyArray<Verdict> => {
  const { faults, certificates: path } = judgeChain(chain);
  return verdictsOf(faults, { own: null, path, now });
};

/** Checks the published CAs. */
export const checkCa = (ca: string, now: Date | null): CheckedCa => {
  const value = readValue(ca);
  const findings = findingsOf(null, verdictsOfCa(value, now));
  if (findings.some(isError)) return { findings, pems: null, expiry: null };
  const certificates = [...new Set(value.certificates)];
  return {
    findings,
    pems: certificates.map((certificate) => pemOf([certificate])),
    expiry: expiryOfCas(certificates.map(({ description }) => description)),
  };
};

/**
 * The certificates between the leaf and the CA, as PEM: those on the verified path or, if there is none because no CA was published or
 * something is not judged here, the published ones.
 */
const betweenOf = (own: ReadValue, chain: ReadValue | null, { isVerified, path }: Judgement): string => {
  const published = [...new Set([...own.certificates, ...chain?.certificates ?? []])];
  const between = isVerified === true
    ? path.slice(1, -1).flatMap(({ sha256 }) =>
      published.filter(({ description }) => description.sha256 === sha256).slice(0, 1)
    )
    : published.slice(1).filter(({ description }) => !description.selfIssued);
  return pemOf(between);
};

/**
 * Checks a certificate with its key, and the CA and chain that were published beside it. It is refused for findings that are errors in an
 * inspection: a key of another certificate, missing names, a wrong purpose, a path that does not lead to the CA, dates. Each certificate is
 * read once; those on the shelf are not read again.
 */
export const checkPair = async (
  { certType, commonName, sans }: WantedCertificate,
  { cert, key }: Certificate,
  sources: Sources,
  now: Date | null,
  shelf: Shelf = new Map(),
): Promise<Checked> => {
  const value = readValue(cert, shelf);
  const [ca, chain] = [readIfAny(sources.ca, shelf), readIfAny(sources.chain, shelf)];
  const pair = pairOf(value, await tryKey(value, key)());
  const judgement = await judgeRead({ pair, certType, names: { commonName, sans }, ca, chain, now })();
  const { path, faults } = judgement;
  const noCa: Verdict = ['no-ca', 'no CA was published, so it is installed without knowing whom it is from'];
  const isRefused = judgement.verdict === 'refused';
  const findings = findingsOf(commonName, [
    ...verdictsOf(lasting(faults), { own: 'the certificate', path, now }),
    ...(ca !== null ? verdictsOfCa(ca, now) : isRefused ? [] : [noCa]),
    ...(chain === null ? [] : verdictsOfChain(chain, now)),
  ]);
  const [own] = value.certificates;
  const written = normalKey(key);
  if (own === undefined || written === null || findings.some(isError)) {
    return { findings, contents: null, expiry: null };
  }
  const certPem = pemOf([own]);
  return {
    findings,
    expiry: expiryOfPath(path),
    contents: {
      cert: certPem,
      key: written,
      fullChain: `${certPem}${betweenOf(value, chain, judgement)}`,
      ca: pemOf(ca?.certificates ?? []),
    },
  };
};
