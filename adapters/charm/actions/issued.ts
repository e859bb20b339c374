/**
 * Certificates and requests of a provider in the form that an action returns to people and programs. Members that the Python charms also
 * have keep their names. Private keys, which the reactive protocol publishes with certificates, are left out.
 *
 * @module
 */
import { issuedCertificates, outstandingRequests } from '../../../core/authority/mod.ts';
import type { CsrProvidesView } from '../../../core/csr/provides/view.ts';
import type { RelationId } from '../../../core/model/names.ts';
import type { ProvidesView } from '../../../core/reactive/provides/view.ts';
import { describe } from '../../../core/x509/mod.ts';
import type { OnRelation } from './declared.ts';
import type { Entry } from './listed.ts';

const numberOf = (id: RelationId): number => Number(id.slice(id.lastIndexOf(':') + 1));

/** Those of one relation; all of them if no relation is named. */
const on = <A extends { readonly relationId: RelationId }>(
  { 'relation-id': number }: OnRelation,
  all: ReadonlyArray<A>,
): ReadonlyArray<A> => (number === undefined ? all : all.filter(({ relationId }) => numberOf(relationId) === number));

/** The certificates that count on the CSR side. */
export const csrsIssued = (view: CsrProvidesView) => (relation: OnRelation): ReadonlyArray<Entry> =>
  on(relation, issuedCertificates(view)).map((one) => ({
    relation_id: numberOf(one.relationId),
    application: one.application,
    unit: one.unit,
    common_name: one.commonName,
    certificate: one.certificate,
    certificate_signing_request: one.csr,
    ca: one.ca,
    chain: one.chain,
    revoked: false,
    is_ca: one.isCa,
    serial_number: one.serialNumber,
    not_before: one.notBefore,
    not_after: one.notAfter,
    fingerprint: one.fingerprint,
  }));

/** The requests without a certificate on the CSR side. */
export const csrsOutstanding = (view: CsrProvidesView) => (relation: OnRelation): ReadonlyArray<Entry> =>
  on(relation, outstandingRequests(view)).map((one) => ({
    csr: one.csr,
    relation_id: numberOf(one.relationId),
    application: one.application,
    unit: one.unit,
    common_name: one.commonName,
    sans: one.sans,
    is_ca: one.isCa,
    fingerprint: one.fingerprint,
    refusal: one.refusal,
  }));

/** The certificates that count on the reactive side. */
export const certificatesIssued = ({ allRequests }: ProvidesView) => (relation: OnRelation): ReadonlyArray<Entry> =>
  on(relation, allRequests).flatMap(({ relationId, unit, certType, commonName, cert }) => {
    const [known] = cert === null ? [] : describe(cert).certificates;
    return known === undefined ? [] : [{
      relation_id: numberOf(relationId),
      unit,
      cert_type: certType,
      common_name: commonName,
      certificate: cert,
      serial_number: known.serialNumber,
      not_before: known.notBefore,
      not_after: known.notAfter,
      fingerprint: known.sha256,
    }];
  });

/** The requests without a certificate on the reactive side. */
export const requestsOutstanding = ({ newRequests }: ProvidesView) => (relation: OnRelation): ReadonlyArray<Entry> =>
  on(relation, newRequests).map(({ relationId, unit, applicationName, certType, commonName, sans }) => ({
    relation_id: numberOf(relationId),
    application: applicationName,
    unit,
    cert_type: certType,
    common_name: commonName,
    sans,
  }));
