/**
 * What a provider's charm can read, and functions to read it, named like the Python members but in camel case.
 *
 * Source: docs/reactive-protocol.md section 7, docs/documents.md.
 *
 * @module
 */
import type { Certificate, CertType, PrivateKey } from '../../model/certificate.ts';
import type { MungedUnitName, RelationId, UnitName } from '../../model/names.ts';
import type { Sans } from '../asked.ts';

/** A request as its provider sees it. */
export interface ProvidesRequest {
  /** The relation that it came by. */
  readonly relationId: RelationId;
  /** The remote unit by its Juju name on this side; across models, it calls itself something else. */
  readonly unit: UnitName;
  /** The unit's name for itself: its answers are published under this name. */
  readonly unitName: MungedUnitName;
  /** As Juju gives it. */
  readonly applicationName: string;
  /** The kind of the request. */
  readonly certType: CertType;
  /** The requirer's name for the certificate: the common name, unless the requirer said otherwise. */
  readonly certificateName: string;
  /** The name that is asked for. */
  readonly commonName: string;
  /** As requested; for an application certificate, the sorted union of what all its units ask for, names included. */
  readonly sans: Sans;
  /** Whether it was answered for its present SANs. */
  readonly isHandled: boolean;
  /** The published answer, possibly given for other SANs; `cert` and `key` are null together. */
  readonly cert: string | null;
  /** Its private key; null where nothing is published. */
  readonly key: PrivateKey | null;
}

/** Everything that the charm can read, as it will be after the outcome is applied. */
export interface ProvidesView {
  /** By relation and unit as strings; within a unit the first server request, then by kind and common name (D20). */
  readonly allRequests: ReadonlyArray<ProvidesRequest>;
  /** The requests that are not handled. */
  readonly newRequests: ReadonlyArray<ProvidesRequest>;
  /** What is published. */
  readonly publishedCerts: ReadonlyArray<Certificate>;
}

/**
 * All requests of all units.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { allRequests, decide } from 'interface-tls-certificates';
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'web/0': { unit_name: 'web_0', common_name: 'web.example' } } };
 * const snapshot = { localUnit: 'easyrsa/0', endpoint: 'certificates', relations: [relation] };
 * const result = decide({ side: 'reactive/provides', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * assert.equal(allRequests(result.right.view)[0]?.commonName, 'web.example');
 * ```
 */
export const allRequests = (view: ProvidesView): ReadonlyArray<ProvidesRequest> => view.allRequests;

/**
 * The requests to answer: those without an answer, and those whose SANs have changed since.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide, newRequests } from 'interface-tls-certificates';
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'web/0': { unit_name: 'web_0', common_name: 'web.example' } } };
 * const snapshot = { localUnit: 'easyrsa/0', endpoint: 'certificates', relations: [relation] };
 * const result = decide({ side: 'reactive/provides', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * assert.equal(newRequests(result.right.view)[0]?.commonName, 'web.example');
 * ```
 */
export const newRequests = (view: ProvidesView): ReadonlyArray<ProvidesRequest> => view.newRequests;

const newOf = (certType: CertType) => (view: ProvidesView): ReadonlyArray<ProvidesRequest> =>
  view.newRequests.filter((request) => request.certType === certType);

/**
 * The new requests for server certificates.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide, newServerRequests } from 'interface-tls-certificates';
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'web/0': { unit_name: 'web_0', common_name: 'web.example' } } };
 * const snapshot = { localUnit: 'easyrsa/0', endpoint: 'certificates', relations: [relation] };
 * const result = decide({ side: 'reactive/provides', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * assert.equal(newServerRequests(result.right.view)[0]?.unitName, 'web_0');
 * ```
 */
export const newServerRequests: (view: ProvidesView) => ReadonlyArray<ProvidesRequest> = newOf('server');

/**
 * The new requests for client certificates.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide, newClientRequests } from 'interface-tls-certificates';
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'web/0': { unit_name: 'web_0', client_cert_requests: '{"web-client": {"sans": []}}' } } };
 * const snapshot = { localUnit: 'easyrsa/0', endpoint: 'certificates', relations: [relation] };
 * const result = decide({ side: 'reactive/provides', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * assert.equal(newClientRequests(result.right.view)[0]?.commonName, 'web-client');
 * ```
 */
export const newClientRequests: (view: ProvidesView) => ReadonlyArray<ProvidesRequest> = newOf('client');

/**
 * The new requests for certificates that all units of an application share; an answer to one answers all requests of its application.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide, newApplicationRequests } from 'interface-tls-certificates';
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'web/0': { unit_name: 'web_0', application_cert_requests: '{"web.internal": {"sans": []}}' } } };
 * const snapshot = { localUnit: 'easyrsa/0', endpoint: 'certificates', relations: [relation] };
 * const result = decide({ side: 'reactive/provides', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * assert.equal(newApplicationRequests(result.right.view)[0]?.applicationName, 'web');
 * ```
 */
export const newApplicationRequests: (view: ProvidesView) => ReadonlyArray<ProvidesRequest> = newOf('application');

/**
 * The new requests for certificates of intermediate CAs.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide, newIntermediateRequests } from 'interface-tls-certificates';
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'web/0': { unit_name: 'web_0', intermediate_cert_requests: '{"web CA": {"sans": []}}' } } };
 * const snapshot = { localUnit: 'easyrsa/0', endpoint: 'certificates', relations: [relation] };
 * const result = decide({ side: 'reactive/provides', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * assert.equal(newIntermediateRequests(result.right.view)[0]?.commonName, 'web CA');
 * ```
 */
export const newIntermediateRequests: (view: ProvidesView) => ReadonlyArray<ProvidesRequest> = newOf('intermediate');

/**
 * Every answer that is published for an existing request.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { allPublishedCerts, decide } from 'interface-tls-certificates';
 * const relation = { id: 'certificates:3', localUnitData: { 'web_0.server.cert': 'CERT', 'web_0.server.key': 'KEY' }, remoteUnits: { 'web/0': { unit_name: 'web_0', common_name: 'web.example' } } };
 * const snapshot = { localUnit: 'easyrsa/0', endpoint: 'certificates', relations: [relation] };
 * const result = decide({ side: 'reactive/provides', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * assert.equal(allPublishedCerts(result.right.view)[0]?.cert, 'CERT');
 * ```
 */
export const allPublishedCerts = (view: ProvidesView): ReadonlyArray<Certificate> => view.publishedCerts;
