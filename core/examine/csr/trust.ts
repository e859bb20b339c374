/**
 * What a certificate of the CSR protocol is verified against. The protocol delivers the issuing CA and a chain, and never says which
 * certificate is the root: the CA is the root if it signs itself, otherwise the end of the chain may be.
 *
 * Source: docs/csr-protocol.md, CA and chain.
 *
 * @module
 */
import type { PublishedAnswer } from '../../csr/published.ts';
import type { KnownCertificate } from '../../csr/texts.ts';
import type { CertType } from '../../model/certificate.ts';
import {
  type Description,
  type Fault,
  judgeRead,
  type Pair,
  pairOf,
  type ReadValue,
  type Verdicts,
} from '../../x509/mod.ts';
import type { AsOf } from '../provider-side.ts';

/** The result of judging an answer. */
export interface Judged {
  readonly path: ReadonlyArray<Description>;
  /** Null if there is no CA to verify it with. */
  readonly isVerified: boolean | null;
  /** Whether it was verified up to a CA whose own issuer was not delivered. */
  readonly lacksRoot: boolean;
  readonly faults: ReadonlyArray<Fault>;
}

/** The requested names. */
export interface AskedNames {
  readonly commonName: string;
  readonly sans: ReadonlyArray<string>;
}

/** Judges answers of one study. */
export type JudgeAnswer = (
  answer: PublishedAnswer,
  certType: CertType,
  names: AskedNames,
  moment: AsOf,
) => Promise<Judged>;

const isRoot = ({ certificate }: KnownCertificate): boolean => certificate.description.selfIssued;

/** Certificates that were read already, as a value. */
export const valueOf = (certificates: ReadonlyArray<KnownCertificate>): ReadValue => ({
  certificates: certificates.map(({ certificate }) => certificate),
  faults: [],
  form: [],
  wrapping: null,
});

/** The trusted CA; null if there is none. */
const anchorOf = ({ ca, chain, certificate }: PublishedAnswer): KnownCertificate | null => {
  if (ca !== null && isRoot(ca)) return ca;
  return chain.findLast((link) => isRoot(link) && link.pem !== certificate.pem) ?? ca;
};

/** What is found about one CA and chain, which many answers share. */
interface Trust {
  readonly ca: ReadValue;
  readonly chain: ReadValue;
  readonly isRoot: boolean;
  readonly verdicts: Verdicts;
}

/** Makes a judge: pairs, and signatures among CAs, are checked once. */
export const answerJudge = (): JudgeAnswer => {
  const pairs = new Map<KnownCertificate, Pair>();
  const trusts = new Map<string, Trust>();
  const pairFor = (certificate: KnownCertificate): Pair => {
    const pair = pairs.get(certificate) ?? pairOf(valueOf([certificate]), null);
    pairs.set(certificate, pair);
    return pair;
  };
  const trustOf = (anchor: KnownCertificate, { ca, certificate, chain }: PublishedAnswer): Trust => {
    const links = [...(ca === null ? [] : [ca]), ...chain].filter(({ pem }) => pem !== certificate.pem);
    const key = [anchor, ...links].map(({ certificate }) => certificate.description.sha256).join(' ');
    const trust = trusts.get(key) ??
      { ca: valueOf([anchor]), chain: valueOf(links), isRoot: isRoot(anchor), verdicts: new Map() };
    trusts.set(key, trust);
    return trust;
  };
  return async (answer, certType, names, moment) => {
    const pair = pairFor(answer.certificate);
    const terms = { pair, certType, names, ...moment };
    const anchor = anchorOf(answer);
    if (anchor === null) {
      const { path, faults } = await judgeRead({ ...terms, ca: null, chain: null })();
      return { path, isVerified: null, lacksRoot: false, faults };
    }
    const trust = trustOf(anchor, answer);
    const judged = await judgeRead({ ...terms, ca: trust.ca, chain: trust.chain, verdicts: trust.verdicts })();
    const { path, isVerified, faults } = judged;
    if (trust.isRoot) return { path, isVerified, lacksRoot: false, faults };
    // Without a root, no path is complete and its rules are not checked: the certificate is judged by itself.
    const alone = await judgeRead({ ...terms, ca: null, chain: null })();
    const others = faults.filter(({ code }) => code !== 'ca-not-a-root');
    const lacksRoot = others.length < faults.length;
    return { path, isVerified: lacksRoot, lacksRoot, faults: [...alone.faults, ...others] };
  };
};
