/**
 * Whether a published answer still counts: its issuer, its dates, and what is published beside it.
 *
 * @module
 */
import type { ProvidedRequest } from '../../csr/provides/view.ts';
import type { KnownCertificate, Texts } from '../../csr/texts.ts';
import type { Certificate } from '../../x509/certificate.ts';
import { type OpenAuthority, standing } from '../authority.ts';
import type { Above } from './chain.ts';

/** Whether a certificate names this CA as its issuer, by name and, if both have a key identifier, by key. */
const isBy = (ca: Certificate, { same, description }: Certificate): boolean => {
  const [asked, offered] = [description.authorityKeyId, ca.description.subjectKeyId];
  return same.issuer === ca.same.subject && (asked === null || offered === null || asked === offered);
};

/** The state of an answer: `present` is by the CA that signs now, `former` by one that is still trusted, `gone` needs replacement. */
export type Standing = 'present' | 'former' | 'gone';

/** The state of the answer to a request. One that has ended is gone: even a requirer that did not renew needs a new one. */
export const standingOf = (
  { isCa }: ProvidedRequest,
  answer: KnownCertificate,
  { state, issuer }: OpenAuthority,
  now: Date,
  texts: Texts,
): Standing => {
  const { certificate } = answer;
  if (answer.isCa !== isCa || now.getTime() >= certificate.notAfter) return 'gone';
  if (isBy(issuer.certificate, certificate)) return 'present';
  const isFormer = standing(state, now).some((former) => {
    const ca = texts.certificate(former.certificate);
    return ca !== null && isBy(ca.certificate, certificate);
  });
  return isFormer ? 'former' : 'gone';
};

/**
 * Whether what is published beside a certificate can stay: the CA is the same, and the chain is correct as far as it goes. A chain that
 * program published is not rewritten for its form alone.
 */
export const isBesideRight = (
  { ca, chain }: ProvidedRequest,
  answer: KnownCertificate,
  above: Above,
  texts: Texts,
): boolean => {
  const normal = (pem: string): string | null => texts.certificate(pem)?.pem ?? null;
  if (ca === null || normal(ca) !== normal(above.ca)) return false;
  const wanted = [answer.pem, ...above.chain.map(normal)];
  const isLeading = chain.length > 0 && chain.length <= wanted.length && chain.every((link, i) => link === wanted[i]);
  // A shorter chain is enough only if it lacks nothing but the CA itself, which is in `ca`.
  return isLeading && (chain.length === wanted.length || (wanted.length === 2 && wanted[1] === normal(above.ca)));
};
