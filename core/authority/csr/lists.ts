/**
 * What an operator can see and do on the CSR side: requests without a certificate, certificates that count, and revoking all of them.
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
  /** PEM. */
  readonly certificate: string;
  /** The certificate's own. */
  readonly commonName: string | null;
  /** In hex. */
  readonly serialNumber: string;
  /** The start of its validity. */
  readonly notBefore: Timestamp;
  /** The end of its validity. */
  readonly notAfter: Timestamp;
  /** SHA-256 over the certificate's DER, in hex. */
  readonly fingerprint: string;
}

/**
 * The requests without a certificate: new ones and refused ones.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { outstandingRequests } from 'interface-tls-certificates/authority';
 * import { decide } from 'interface-tls-certificates/csr';
 * import { generateKey, makeRequest } from 'interface-tls-certificates/x509';
 * const key = await generateKey()();
 * if (key._tag === 'Left') throw new Error(key.left);
 * const csr = await makeRequest({ commonName: 'web.example', sans: [], key: key.right })();
 * if (csr._tag === 'Left') throw new Error(csr.left.code);
 * const asks = JSON.stringify([{ certificate_signing_request: csr.right, ca: false }]);
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'web/0': { certificate_signing_requests: asks } } };
 * const snapshot = { localUnit: 'ca/0', endpoint: 'certificates', isLeader: true, relations: [relation] };
 * const result = decide({ side: 'csr/provides', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * assert.deepEqual(outstandingRequests(result.right.view).map(({ commonName }) => commonName), ['web.example']);
 * ```
 */
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

/**
 * The certificates that count.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { issuedCertificates } from 'interface-tls-certificates/authority';
 * import { decide } from 'interface-tls-certificates/csr';
 * import { generateKey, makeRequest } from 'interface-tls-certificates/x509';
 * const key = await generateKey()();
 * if (key._tag === 'Left') throw new Error(key.left);
 * const csr = await makeRequest({ commonName: 'web.example', sans: [], key: key.right })();
 * if (csr._tag === 'Left') throw new Error(csr.left.code);
 * const asks = JSON.stringify([{ certificate_signing_request: csr.right, ca: false }]);
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'web/0': { certificate_signing_requests: asks } } };
 * const snapshot = { localUnit: 'ca/0', endpoint: 'certificates', isLeader: true, relations: [relation] };
 * const result = decide({ side: 'csr/provides', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * assert.deepEqual(issuedCertificates(result.right.view), []); // it has not been answered yet
 * ```
 */
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
      // Descriptions write moments in this form.
      notBefore: notBefore as Timestamp,
      notAfter: notAfter as Timestamp,
      fingerprint: sha256,
    }];
  });
};

/**
 * All certificates of a relation, or of all relations, as revoked: for the intent of one run. Whoever runs the authority next reissues for
 * request that is still allowed.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { revokeAll } from 'interface-tls-certificates/authority';
 * import { decide } from 'interface-tls-certificates/csr';
 * import { generateKey, makeRequest } from 'interface-tls-certificates/x509';
 * const key = await generateKey()();
 * if (key._tag === 'Left') throw new Error(key.left);
 * const csr = await makeRequest({ commonName: 'web.example', sans: [], key: key.right })();
 * if (csr._tag === 'Left') throw new Error(csr.left.code);
 * const asks = JSON.stringify([{ certificate_signing_request: csr.right, ca: false }]);
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'web/0': { certificate_signing_requests: asks } } };
 * const snapshot = { localUnit: 'ca/0', endpoint: 'certificates', isLeader: true, relations: [relation] };
 * const result = decide({ side: 'csr/provides', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * assert.deepEqual(revokeAll(result.right.view), []); // there is no certificate yet
 * ```
 */
export const revokeAll = (
  { requests }: CsrProvidesView,
  relationId?: ProvidedRequest['relationId'],
): ReadonlyArray<Addressed> => {
  const all = requests
    .filter((request) =>
      request.certificate !== null && (relationId === undefined || request.relationId === relationId)
    )
    // The normal form of a request contains one.
    .map((request): Addressed => ({ relationId: request.relationId, csr: request.csr as string as CsrPem }));
  return [...new Map(all.map((one) => [JSON.stringify([one.relationId, one.csr]), one])).values()];
};

/**
 * Denies everything that matches all given properties. A fingerprint may be that of a CSR or of a certificate that counts; the CSR's is
 * kept, since the certificate goes.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority, denyRequest, outstandingRequests } from 'interface-tls-certificates/authority';
 * import { decide } from 'interface-tls-certificates/csr';
 * import { generateKey, makeRequest } from 'interface-tls-certificates/x509';
 * const key = await generateKey()();
 * if (key._tag === 'Left') throw new Error(key.left);
 * const csr = await makeRequest({ commonName: 'web.example', sans: [], key: key.right })();
 * if (csr._tag === 'Left') throw new Error(csr.left.code);
 * const asks = JSON.stringify([{ certificate_signing_request: csr.right, ca: false }]);
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'web/0': { certificate_signing_requests: asks } } };
 * const snapshot = { localUnit: 'ca/0', endpoint: 'certificates', isLeader: true, relations: [relation] };
 * const result = decide({ side: 'csr/provides', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * const moment = { now: new Date('2026-11-25'), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
 * const made = await createAuthority({ commonName: 'Our CA' }, moment)();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const [request] = outstandingRequests(result.right.view);
 * assert.ok(request !== undefined);
 * const denied = denyRequest(made.right, result.right.view, { fingerprint: request.fingerprint });
 * assert.equal(denied._tag === 'Right' && denied.right.denied.length, 1);
 * ```
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
