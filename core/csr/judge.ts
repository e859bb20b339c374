/**
 * Judges an answer by everything that can be compared without checking signatures: names, dates, key strength, the order of the chain, and
 * whether the CA is the issuer by name. `inspect` checks signatures.
 *
 * @module
 */
import type { CertType } from '../model/certificate.ts';
import type { Severity } from '../model/finding.ts';
import { mismatches } from '../x509/match.ts';
import { weak } from '../x509/weak.ts';
import type { Content } from './content.ts';
import { type Millis, standing } from './expiry.ts';
import type { PublishedAnswer } from './published.ts';
import type { KnownCertificate } from './texts.ts';

/** What can be wrong with a CA and a chain. */
export type JudgedChainCode = 'leaf-missing' | 'chain-disordered' | 'issuer-differs';

/** What can be wrong with an answer. */
export type JudgedCode =
  | JudgedChainCode
  | 'names-missing'
  | 'name-in-subject-only'
  | 'wrong-purpose'
  | 'expired'
  | 'not-yet-valid'
  | 'weak-key'
  | 'weak-signature';

/** The severity of each fault in a chain. */
export const JUDGED_CHAIN: Readonly<Record<JudgedChainCode, Severity>> = {
  'leaf-missing': 'warning',
  'chain-disordered': 'warning',
  'issuer-differs': 'warning',
};

/** The severity of each code. */
export const JUDGED: Readonly<Record<JudgedCode, Severity>> = {
  'names-missing': 'error',
  'name-in-subject-only': 'warning',
  'wrong-purpose': 'error',
  'expired': 'error',
  'not-yet-valid': 'error',
  'weak-key': 'warning',
  'weak-signature': 'error',
  ...JUDGED_CHAIN,
};

/** A fault of an answer, in a sentence without databag content. */
export interface Judged<Code extends JudgedCode = JudgedCode> {
  readonly code: Code;
  readonly message: string;
}

const isIssuedBy = (certificate: KnownCertificate, issuer: KnownCertificate): boolean =>
  certificate.certificate.same.issuer === issuer.certificate.same.subject;

/** What is wrong with a CA and chain. An empty chain is fine. */
export const judgeChain = (
  { certificate, ca, chain }: Pick<PublishedAnswer, 'certificate' | 'ca' | 'chain'>,
): ReadonlyArray<Judged<JudgedChainCode>> => {
  const found: Array<Judged<JudgedChainCode>> = [];
  if (ca !== null && !isIssuedBy(certificate, ca)) {
    found.push({ code: 'issuer-differs', message: "the certificate names another issuer than the CA's subject" });
  }
  if (chain.length > 0 && chain[0]?.pem !== certificate.pem) {
    found.push({ code: 'leaf-missing', message: 'the chain does not begin with the certificate' });
  }
  const isOrdered = chain.every((link, i) => {
    const next = chain[i + 1];
    return next === undefined || isIssuedBy(link, next);
  });
  if (!isOrdered) {
    found.push({ code: 'chain-disordered', message: 'the chain is not in order: each has to be signed by the next' });
  }
  return found;
};

/** What is wrong with the dates of a certificate at the current time. */
const judgeDates = ({ certificate }: KnownCertificate, now: Millis): ReadonlyArray<Judged> => {
  const where = standing(certificate, now);
  const { notBefore, notAfter } = certificate.description;
  if (where === 'ended') return [{ code: 'expired', message: `the certificate ended at ${notAfter}` }];
  return where === 'early' ? [{ code: 'not-yet-valid', message: `the certificate begins at ${notBefore}` }] : [];
};

/** What is wrong with how a certificate is made. */
const judgeStrength = ({ certificate }: KnownCertificate): ReadonlyArray<Judged> =>
  weak(certificate.description).flatMap((weakness): ReadonlyArray<Judged> => {
    switch (weakness.code) {
      case 'short-key':
        return [{ code: 'weak-key', message: `its key is RSA of ${weakness.bits} bits` }];
      case 'broken-hash':
        return [{ code: 'weak-signature', message: `it is signed over ${weakness.hash}` }];
      default:
        return [];
    }
  });

/** How a certificate differs from what was requested. */
const judgeNames = (
  { certificate }: KnownCertificate,
  { commonName, sans }: Content,
  certType: CertType,
): ReadonlyArray<Judged> => {
  const asked = [...sans.dns, ...sans.ip];
  const offeredOids = new Set(
    certificate.description.sans.filter(({ type }) => type === 'registeredId').map(({ value }) => value),
  );
  const lost = sans.oid.filter((oid) => !offeredOids.has(oid)).length;
  const found = mismatches(certificate.description, { certType, commonName, sans: asked })
    // A request without a common name misses none.
    .filter(({ code }) => commonName !== '' || (code !== 'common-name-missing' && code !== 'common-name-only'));
  const missing = found.filter(({ code }) => code === 'name-missing' || code === 'common-name-missing').length + lost;
  const purposes = found.filter(({ code }) =>
    code !== 'name-missing' && code !== 'common-name-missing' && code !== 'common-name-only'
  );
  return [
    ...(missing === 0 ? [] : [
      {
        code: 'names-missing',
        message: `the certificate lacks ${missing} of the names that were asked for`,
      } as const,
    ]),
    ...(found.some(({ code }) => code === 'common-name-only')
      ? [{ code: 'name-in-subject-only', message: 'the common name is not among its alternative names' } as const]
      : []),
    ...(purposes.length === 0
      ? []
      : [{ code: 'wrong-purpose', message: 'the certificate is not good for what was asked' } as const]),
  ];
};

/** Everything that is wrong with an answer to a request of this content and kind; dates only if the current time is known. */
export const judge = (
  answer: PublishedAnswer,
  content: Content,
  certType: CertType,
  now: Millis | null,
): ReadonlyArray<Judged> => [
  ...judgeNames(answer.certificate, content, certType),
  ...(now === null ? [] : judgeDates(answer.certificate, now)),
  ...judgeStrength(answer.certificate),
  ...judgeChain(answer),
];
