/**
 * The CA and the chain for requirers by name, from what the provider above publishes with a certificate.
 *
 * The order comes from the names and key identifiers of the certificates, not from the order in which they arrived. Signatures are not
 * checked here, since that takes time: requirers check them when they install a certificate. Source: docs/bridge.md, CA and chain.
 *
 * @module
 */
import type { KnownCertificate, NormalPem } from '../csr/texts.ts';

/** A certificate that counts, with the CA and the chain that came with it. */
export interface Grounds {
  readonly certificate: KnownCertificate;
  readonly ca: KnownCertificate | null;
  readonly chain: ReadonlyArray<KnownCertificate>;
}

/** What requirers by name receive. */
export interface Trust {
  /** The root or, if there is none, the CA that issued. */
  readonly ca: NormalPem;
  /** From the issuing CA to the root, as one text; empty if the CA above it is unknown. */
  readonly chain: string;
}

/** No real path is longer. */
const MAX_PATH = 12;

const isIssuedBy = ({ certificate: child }: KnownCertificate, { certificate: issuer }: KnownCertificate): boolean => {
  const { authorityKeyId } = child.extensions;
  const { subjectKeyId } = issuer.extensions;
  const wanted = authorityKeyId?.keyId ?? null;
  return child.same.issuer === issuer.same.subject &&
    (wanted === null || subjectKeyId === null || wanted === subjectKeyId);
};

/** The CAs above a certificate, each the issuer of the one before. */
export const issuersOf = ({ certificate, ca, chain }: Grounds): ReadonlyArray<KnownCertificate> => {
  const path: Array<KnownCertificate> = [];
  const left = new Set(
    [...chain, ...(ca === null ? [] : [ca])].filter(({ pem, isCa }) => pem !== certificate.pem && isCa),
  );
  let last = certificate;
  while (path.length < MAX_PATH && (last === certificate || !last.certificate.description.selfIssued)) {
    const next = [...left].find((one) => isIssuedBy(last, one));
    if (next === undefined) break;
    for (const one of left) if (one.pem === next.pem) left.delete(one);
    path.push(next);
    last = next;
  }
  return path;
};

/** What follows from a certificate; null if its issuer did not come with it. */
export const trustIn = (grounds: Grounds): Trust | null => {
  const path = issuersOf(grounds);
  const [issuer, last] = [path[0], path.at(-1)];
  if (issuer === undefined || last === undefined) return null;
  const ca = last.certificate.description.selfIssued ? last : issuer;
  return { ca: ca.pem, chain: path.map(({ pem }) => pem).join('\n') };
};

/** The most recently issued of several certificates, since its CA is the provider's current one. */
export const latest = (all: ReadonlyArray<Grounds>): Grounds | null => {
  let found: Grounds | null = null;
  for (const one of all) {
    const [a, b] = [one.certificate, found?.certificate];
    const isLater = b === undefined || a.certificate.notBefore > b.certificate.notBefore ||
      (a.certificate.notBefore === b.certificate.notBefore && a.pem > b.pem);
    if (isLater) found = one;
  }
  return found;
};
