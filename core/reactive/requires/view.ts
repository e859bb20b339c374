/**
 * What a requirer's charm can read, and functions to read it, named like the Python members but in camel case.
 *
 * Source: docs/reactive-protocol.md section 5. Maps are real `Map`s, since a common name may be `__proto__`.
 *
 * @module
 */
import type { Certificate, KeyPair } from '../../model/certificate.ts';

/** Everything that the charm can read. Lists are ordered by common name in code points, the top-level certificate first (D20). */
export interface RequiresView {
  /** PEM, or null as long as the provider has published none. */
  readonly rootCaCert: string | null;
  /** PEM of one or more certificates, or null. */
  readonly rootCaChain: string | null;
  /** For servers. */
  readonly serverCerts: ReadonlyArray<Certificate>;
  /** For clients. */
  readonly clientCerts: ReadonlyArray<Certificate>;
  /** At most one, with the common name `app_data` and, as in Python, the kind `server`. */
  readonly applicationCerts: ReadonlyArray<Certificate>;
  /** CAs below the provider's. */
  readonly intermediateCerts: ReadonlyArray<Certificate>;
  /** The client certificate that a provider shares with everybody (deprecated in the protocol). */
  readonly globalClientCert: KeyPair | null;
}

/** Certificates by requested common name. */
export type CertificateMap = ReadonlyMap<string, Certificate>;

const byCommonName = (certificates: ReadonlyArray<Certificate>): CertificateMap =>
  new Map(certificates.map((certificate) => [certificate.commonName, certificate]));

/**
 * The root CA's certificate in PEM, or null.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide, rootCaCert } from 'interface-tls-certificates';
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'easyrsa/0': { ca: 'CA' } } };
 * const snapshot = { localUnit: 'web/0', endpoint: 'certificates', relations: [relation] };
 * const result = decide({ side: 'reactive/requires', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * assert.equal(rootCaCert(result.right.view), 'CA');
 * ```
 */
export const rootCaCert = (view: RequiresView): string | null => view.rootCaCert;

/**
 * The chain of trust in PEM, or null.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide, rootCaChain } from 'interface-tls-certificates';
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'easyrsa/0': { ca: 'CA', chain: 'CHAIN' } } };
 * const snapshot = { localUnit: 'web/0', endpoint: 'certificates', relations: [relation] };
 * const result = decide({ side: 'reactive/requires', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * assert.equal(rootCaChain(result.right.view), 'CHAIN');
 * ```
 */
export const rootCaChain = (view: RequiresView): string | null => view.rootCaChain;

/**
 * The server certificates; the answer to the first request comes first.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide, serverCerts } from 'interface-tls-certificates';
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'easyrsa/0': { 'web_0.processed_requests': '{"web.example": {"cert": "CERT", "key": "KEY"}}' } } };
 * const snapshot = { localUnit: 'web/0', endpoint: 'certificates', relations: [relation] };
 * const result = decide({ side: 'reactive/requires', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * assert.equal(serverCerts(result.right.view)[0]?.commonName, 'web.example');
 * ```
 */
export const serverCerts = (view: RequiresView): ReadonlyArray<Certificate> => view.serverCerts;

/**
 * The server certificates by common name.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide, serverCertsMap } from 'interface-tls-certificates';
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'easyrsa/0': { 'web_0.processed_requests': '{"web.example": {"cert": "CERT", "key": "KEY"}}' } } };
 * const snapshot = { localUnit: 'web/0', endpoint: 'certificates', relations: [relation] };
 * const result = decide({ side: 'reactive/requires', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * assert.equal(serverCertsMap(result.right.view).get('web.example')?.cert, 'CERT');
 * ```
 */
export const serverCertsMap = (view: RequiresView): CertificateMap => byCommonName(view.serverCerts);

/**
 * The client certificates.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide, clientCerts } from 'interface-tls-certificates';
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'easyrsa/0': { 'web_0.processed_client_requests': '{"web-client": {"cert": "CERT", "key": "KEY"}}' } } };
 * const snapshot = { localUnit: 'web/0', endpoint: 'certificates', relations: [relation] };
 * const result = decide({ side: 'reactive/requires', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * assert.equal(clientCerts(result.right.view)[0]?.commonName, 'web-client');
 * ```
 */
export const clientCerts = (view: RequiresView): ReadonlyArray<Certificate> => view.clientCerts;

/**
 * The client certificates by common name.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide, clientCertsMap } from 'interface-tls-certificates';
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'easyrsa/0': { 'web_0.processed_client_requests': '{"web-client": {"cert": "CERT", "key": "KEY"}}' } } };
 * const snapshot = { localUnit: 'web/0', endpoint: 'certificates', relations: [relation] };
 * const result = decide({ side: 'reactive/requires', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * assert.equal(clientCertsMap(result.right.view).get('web-client')?.cert, 'CERT');
 * ```
 */
export const clientCertsMap = (view: RequiresView): CertificateMap => byCommonName(view.clientCerts);

/**
 * The certificate that all units of the application share: a list of one, or none.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide, applicationCerts } from 'interface-tls-certificates';
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'easyrsa/0': { 'web_0.processed_application_requests': '{"app_data": {"cert": "CERT", "key": "KEY"}}' } } };
 * const snapshot = { localUnit: 'web/0', endpoint: 'certificates', relations: [relation] };
 * const result = decide({ side: 'reactive/requires', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * assert.equal(applicationCerts(result.right.view)[0]?.cert, 'CERT');
 * ```
 */
export const applicationCerts = (view: RequiresView): ReadonlyArray<Certificate> => view.applicationCerts;

/**
 * The intermediate CA certificates.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide, intermediateCerts } from 'interface-tls-certificates';
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'easyrsa/0': { 'web_0.processed_intermediate_requests': '{"web CA": {"cert": "CERT", "key": "KEY"}}' } } };
 * const snapshot = { localUnit: 'web/0', endpoint: 'certificates', relations: [relation] };
 * const result = decide({ side: 'reactive/requires', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * assert.equal(intermediateCerts(result.right.view)[0]?.commonName, 'web CA');
 * ```
 */
export const intermediateCerts = (view: RequiresView): ReadonlyArray<Certificate> => view.intermediateCerts;

/**
 * The intermediate CA certificates by common name.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide, intermediateCertsMap } from 'interface-tls-certificates';
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'easyrsa/0': { 'web_0.processed_intermediate_requests': '{"web CA": {"cert": "CERT", "key": "KEY"}}' } } };
 * const snapshot = { localUnit: 'web/0', endpoint: 'certificates', relations: [relation] };
 * const result = decide({ side: 'reactive/requires', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * assert.equal(intermediateCertsMap(result.right.view).get('web CA')?.cert, 'CERT');
 * ```
 */
export const intermediateCertsMap = (view: RequiresView): CertificateMap => byCommonName(view.intermediateCerts);
