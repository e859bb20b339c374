/**
 * What Python's `TlsRequires` has besides: members that are deprecated there, and aliases. A new charm needs none of them.
 *
 * @module
 */
import type { KeyPair, PrivateKey } from '../../model/certificate.ts';
import { requestServerCert, type Wish } from './intent.ts';
import { type CertificateMap, type RequiresView, rootCaCert, rootCaChain, serverCertsMap } from './view.ts';

/** A certificate and its key, or null for both. */
export type MaybePair = readonly [cert: string, key: PrivateKey] | readonly [cert: null, key: null];

const pairOf = (pair: KeyPair | null | undefined): MaybePair => pair ? [pair.cert, pair.key] : [null, null];

/**
 * Requests one more server certificate.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { intentOf } from 'interface-tls-certificates';
 * import { addRequestServerCert } from 'interface-tls-certificates/python';
 * assert.equal(intentOf(addRequestServerCert('web.example')).requests[0]?.commonName, 'web.example');
 * ```
 *
 * @deprecated {@link requestServerCert} does the same: the first request gets fields of its own, later ones are collected.
 */
export const addRequestServerCert = (commonName: string, sans: ReadonlyArray<string> = []): Wish =>
  requestServerCert(commonName, sans);

/**
 * Does nothing: requests are published as soon as they are made.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { intentOf, nothing } from 'interface-tls-certificates';
 * import { requestServerCerts } from 'interface-tls-certificates/python';
 * assert.deepEqual(intentOf(requestServerCerts()), nothing);
 * ```
 *
 * @deprecated Remove the call.
 */
export const requestServerCerts = (): Wish => (intent) => intent;

/**
 * The root CA's certificate in PEM, or null. An alias of {@link rootCaCert}, which Python has too.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide } from 'interface-tls-certificates';
 * import { getCa } from 'interface-tls-certificates/python';
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'easyrsa/0': { ca: 'CA' } } };
 * const snapshot = { localUnit: 'web/0', endpoint: 'certificates', relations: [relation] };
 * const result = decide({ side: 'reactive/requires', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * assert.equal(getCa(result.right.view), 'CA');
 * ```
 */
export const getCa: (view: RequiresView) => string | null = rootCaCert;

/**
 * The chain of trust in PEM, or null. An alias of {@link rootCaChain}, which Python has too.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide } from 'interface-tls-certificates';
 * import { getChain } from 'interface-tls-certificates/python';
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'easyrsa/0': { ca: 'CA', chain: 'CHAIN' } } };
 * const snapshot = { localUnit: 'web/0', endpoint: 'certificates', relations: [relation] };
 * const result = decide({ side: 'reactive/requires', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * assert.equal(getChain(result.right.view), 'CHAIN');
 * ```
 */
export const getChain: (view: RequiresView) => string | null = rootCaChain;

/**
 * The client certificate that the provider shares with everybody.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide } from 'interface-tls-certificates';
 * import { getClientCert } from 'interface-tls-certificates/python';
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'easyrsa/0': { 'client.cert': 'CERT', 'client.key': 'KEY' } } };
 * const snapshot = { localUnit: 'web/0', endpoint: 'certificates', relations: [relation] };
 * const result = decide({ side: 'reactive/requires', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * assert.deepEqual(getClientCert(result.right.view), ['CERT', 'KEY']);
 * ```
 *
 * @deprecated Request one with `requestClientCert` and read {@link clientCerts}: a key that everybody has proves nothing.
 */
export const getClientCert = (view: RequiresView): MaybePair => pairOf(view.globalClientCert);

/**
 * The first server certificate and its key.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide } from 'interface-tls-certificates';
 * import { getServerCert } from 'interface-tls-certificates/python';
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'easyrsa/0': { 'web_0.processed_requests': '{"web.example": {"cert": "CERT", "key": "KEY"}}' } } };
 * const snapshot = { localUnit: 'web/0', endpoint: 'certificates', relations: [relation] };
 * const result = decide({ side: 'reactive/requires', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * assert.deepEqual(getServerCert(result.right.view), ['CERT', 'KEY']);
 * ```
 *
 * @deprecated Read {@link serverCerts} or {@link serverCertsMap}.
 */
export const getServerCert = (view: RequiresView): MaybePair => pairOf(view.serverCerts[0]);

/**
 * The server certificates by common name.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide } from 'interface-tls-certificates';
 * import { getBatchRequests } from 'interface-tls-certificates/python';
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'easyrsa/0': { 'web_0.processed_requests': '{"web.example": {"cert": "CERT", "key": "KEY"}}' } } };
 * const snapshot = { localUnit: 'web/0', endpoint: 'certificates', relations: [relation] };
 * const result = decide({ side: 'reactive/requires', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * assert.equal(getBatchRequests(result.right.view).get('web.example')?.cert, 'CERT');
 * ```
 *
 * @deprecated Read {@link serverCertsMap}.
 */
export const getBatchRequests: (view: RequiresView) => CertificateMap = serverCertsMap;
