/**
 * What a provider's charm can read, and the functions that read it, named as the Python members in camel case.
 *
 * Source: protocol-reactive.md section 7, contract.md.
 *
 * @module
 */
import type { Certificate, CertType, PrivateKey } from '../../model/certificate.ts';
import type { MungedUnitName, RelationId, UnitName } from '../../model/names.ts';
import type { Sans } from '../asked.ts';

/** A request as its provider sees it. */
export interface ProvidesRequest {
  readonly relationId: RelationId;
  /** The remote unit as Juju names it here; across models that is not how it calls itself. */
  readonly unit: UnitName;
  /** The unit as it calls itself: its answers are published under this name. */
  readonly unitName: MungedUnitName;
  readonly applicationName: string;
  readonly certType: CertType;
  /** What the requirer calls the certificate: the common name, unless it said otherwise. */
  readonly certificateName: string;
  readonly commonName: string;
  /** As they were asked for; for an application certificate the sorted union of what all its units ask for, names included. */
  readonly sans: Sans;
  /** Whether it was answered, for the SANs that it has now. */
  readonly isHandled: boolean;
  /** The published answer, which may have been given for other SANs; `cert` and `key` are null together. */
  readonly cert: string | null;
  readonly key: PrivateKey | null;
}

/** All that the charm can read, as it is once the outcome is applied. */
export interface ProvidesView {
  /** By relation and unit as strings; within a unit the first server request, then by kind and common name (D20). */
  readonly allRequests: ReadonlyArray<ProvidesRequest>;
  /** Those of them that are not handled. */
  readonly newRequests: ReadonlyArray<ProvidesRequest>;
  readonly publishedCerts: ReadonlyArray<Certificate>;
}

/** Every request of every unit. */
export const allRequests = (view: ProvidesView): ReadonlyArray<ProvidesRequest> => view.allRequests;

/**
 * The requests that are to be answered: those without an answer, and those whose SANs have changed since.
 *
 * @example
 * ```ts
 * import { newRequests, type ProvidesView } from 'interface-tls-certificates';
 * const names = (view: ProvidesView) => newRequests(view).flatMap(({ commonName, sans }) => [commonName, ...sans]);
 * ```
 */
export const newRequests = (view: ProvidesView): ReadonlyArray<ProvidesRequest> => view.newRequests;

const newOf = (certType: CertType) => (view: ProvidesView): ReadonlyArray<ProvidesRequest> =>
  view.newRequests.filter((request) => request.certType === certType);

/** The new requests for server certificates. */
export const newServerRequests: (view: ProvidesView) => ReadonlyArray<ProvidesRequest> = newOf('server');

/** The new requests for client certificates. */
export const newClientRequests: (view: ProvidesView) => ReadonlyArray<ProvidesRequest> = newOf('client');

/** The new requests for certificates that all units of an application share; an answer to one answers those of its application. */
export const newApplicationRequests: (view: ProvidesView) => ReadonlyArray<ProvidesRequest> = newOf('application');

/** The new requests for certificates of intermediate CAs. */
export const newIntermediateRequests: (view: ProvidesView) => ReadonlyArray<ProvidesRequest> = newOf('intermediate');

/** Every answer that is published for a request that stands. */
export const allPublishedCerts = (view: ProvidesView): ReadonlyArray<Certificate> => view.publishedCerts;
