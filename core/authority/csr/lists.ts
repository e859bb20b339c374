/**
 * What an operator can see and do on the CSR side: requests without a certificate, certificates that count, and taking all of them back.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { CsrPem } from '../../csr/csr-pem.ts';
import type { Addressed } from '../../csr/provides/intent.ts';
import type { CsrProvidesView, ProvidedRequest } from '../../csr/provides/view.ts';
import { textsOnce } from '../../csr/texts.ts';
import type { Timestamp } from '../../model/snapshot.ts';
import { type DenialFault, deny } from '../denied.ts';
import type { AuthorityState, Denial } from '../state.ts';
import { fingerprintOf } from './answers.ts';

/** A request, for people. */
export interface Outstanding
  extends
    Pick<ProvidedRequest, 'relationId' | 'application' | 'unit' | 'csr' | 'isCa' | 'commonName' | 'sans' | 'refusal'> {
  /** SHA-256 over the CSR's DER, in hex. */
  readonly fingerprint: string;
}

/** A certificate that counts, for people. */
export interface IssuedCertificate
  extends Pick<ProvidedRequest, 'relationId' | 'application' | 'unit' | 'csr' | 'isCa' | 'ca' | 'chain'> {
  readonly certificate: string;
  /** The certificate's own. */
  readonly commonName: string | null;
  /** In hex. */
  readonly serialNumber: string;
  readonly notBefore: Timestamp;
  readonly notAfter: Timestamp;
  /** SHA-256 over the certificate's DER, in hex. */
  readonly fingerprint: string;
}

/** The requests that have no certificate: new ones and refused ones. */
export const outstandingRequests = ({ requests }: CsrProvidesView): ReadonlyArray<Outstanding> => {
  const texts = textsOnce();
  return requests.filter(({ state }) => state !== 'answered').flatMap((request) => {
    const known = texts.csr(request.csr);
    if (known === null) return [];
    const { relationId, application, unit, csr, isCa, commonName, sans, refusal } = request;
    const fingerprint = fingerprintOf(known.csr.der);
    return [{ relationId, application, unit, csr, isCa, commonName, sans, refusal, fingerprint }];
  });
};

/** The certificates that count. */
export const issuedCertificates = ({ requests }: CsrProvidesView): ReadonlyArray<IssuedCertificate> => {
  const texts = textsOnce();
  return requests.flatMap((request): ReadonlyArray<IssuedCertificate> => {
    const known = request.certificate === null ? null : texts.certificate(request.certificate);
    if (known === null) return [];
    const { relationId, application, unit, csr, isCa, ca, chain } = request;
    const { subject, serialNumber, notBefore, notAfter, sha256 } = known.certificate.description;
    return [{
      relationId,
      application,
      unit,
      csr,
      isCa,
      ca,
      chain,
      certificate: known.pem,
      commonName: subject.attributes.find(({ type }) => type === 'CN')?.value ?? null,
      serialNumber,
      // A description writes moments so.
      notBefore: notBefore as Timestamp,
      notAfter: notAfter as Timestamp,
      fingerprint: sha256,
    }];
  });
};

/**
 * All certificates of a relation, or of all relations, as revoked: for the intent of one run. Whoever runs the authority next issues anew for
 * each request that is still allowed.
 */
export const revokeAll = (
  { requests }: CsrProvidesView,
  relationId?: ProvidedRequest['relationId'],
): ReadonlyArray<Addressed> => {
  const all = requests
    .filter((request) =>
      request.certificate !== null && (relationId === undefined || request.relationId === relationId)
    )
    // The normal form of a request has one in it.
    .map((request): Addressed => ({ relationId: request.relationId, csr: request.csr as string as CsrPem }));
  return [...new Map(all.map((one) => [JSON.stringify([one.relationId, one.csr]), one])).values()];
};

/**
 * Denies what has all of what is named. A fingerprint may be that of a CSR or of a certificate that counts; what is kept is the CSR's, since the
 * certificate goes.
 */
export const denyRequest = (
  state: AuthorityState,
  view: CsrProvidesView,
  denial: Denial,
): E.Either<DenialFault, AuthorityState> => {
  if (denial.fingerprint === undefined) return deny(state, denial);
  const wanted = denial.fingerprint.replace(/[^0-9A-Fa-f]/g, '').toLowerCase();
  const texts = textsOnce();
  for (const { csr, certificate } of view.requests) {
    const known = texts.csr(csr);
    const answer = certificate === null ? null : texts.certificate(certificate);
    const fingerprint = known === null ? null : fingerprintOf(known.csr.der);
    if (fingerprint === null) continue;
    if (wanted === fingerprint || wanted === answer?.certificate.description.sha256) {
      return deny(state, { ...denial, fingerprint });
    }
  }
  return E.left('fingerprint-unknown');
};
