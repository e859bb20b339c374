/**
 * Members of Python's `TlsProvides` that are deprecated there. A new charm needs none of them.
 *
 * @module
 */
import type { PrivateKey } from '../../model/certificate.ts';
import { type Publication, setCert } from './intent.ts';
import { newServerRequests, type ProvidesRequest, type ProvidesView } from './view.ts';

/**
 * The new requests for server certificates by `<relation id>.<munged unit>.<common name>`.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide } from 'interface-tls-certificates';
 * import { getServerRequests } from 'interface-tls-certificates/python';
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'web/0': { unit_name: 'web_0', common_name: 'web.example' } } };
 * const snapshot = { localUnit: 'easyrsa/0', endpoint: 'certificates', relations: [relation] };
 * const result = decide({ side: 'reactive/provides', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * assert.ok(getServerRequests(result.right.view).has('certificates:3.web_0.web.example'));
 * ```
 *
 * @deprecated Read {@link newServerRequests}.
 */
export const getServerRequests = (view: ProvidesView): ReadonlyMap<string, ProvidesRequest> =>
  new Map(
    newServerRequests(view).map((request) => [
      `${request.relationId}.${request.unitName}.${request.commonName}`,
      request,
    ]),
  );

/**
 * Publishes one client certificate with its key to everybody.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { type PrivateKey, publish } from 'interface-tls-certificates';
 * import { setClientCert } from 'interface-tls-certificates/python';
 * assert.equal(publish(setClientCert('CERT', 'KEY' as PrivateKey)).globalClientCert?.cert, 'CERT');
 * ```
 *
 * @deprecated A key that everybody has proves nothing: answer client requests with {@link setCert}.
 */
export const setClientCert = (cert: string, key: PrivateKey): Publication => (intent) => ({
  ...intent,
  globalClientCert: { cert, key },
});

const answerTo = (request: ProvidesRequest | undefined, cert: string, key: PrivateKey): Publication => (intent) =>
  request === undefined ? intent : setCert(request, cert, key)(intent);

/**
 * Answers the new server request with this scope, `<relation id>.<munged unit>.<common name>`; does nothing if there is none.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide, type PrivateKey, publish } from 'interface-tls-certificates';
 * import { setServerCert } from 'interface-tls-certificates/python';
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'web/0': { unit_name: 'web_0', common_name: 'web.example' } } };
 * const snapshot = { localUnit: 'easyrsa/0', endpoint: 'certificates', relations: [relation] };
 * const result = decide({ side: 'reactive/provides', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * const scope = 'certificates:3.web_0.web.example';
 * const intent = publish(setServerCert(result.right.view, scope, 'CERT', 'KEY' as PrivateKey));
 * assert.equal(intent.answers[0]?.cert, 'CERT');
 * ```
 *
 * @deprecated Answer the requests of `newServerRequests` with {@link setCert}.
 */
export const setServerCert = (view: ProvidesView, scope: string, cert: string, key: PrivateKey): Publication =>
  answerTo(getServerRequests(view).get(scope), cert, key);

/**
 * Answers the new server request with this scope, given with or without the common name at its end.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decide, type PrivateKey, publish } from 'interface-tls-certificates';
 * import { addServerCert } from 'interface-tls-certificates/python';
 * const relation = { id: 'certificates:3', localUnitData: {}, remoteUnits: { 'web/0': { unit_name: 'web_0', common_name: 'web.example' } } };
 * const snapshot = { localUnit: 'easyrsa/0', endpoint: 'certificates', relations: [relation] };
 * const result = decide({ side: 'reactive/provides', snapshot });
 * if (result._tag === 'Left') throw new Error(result.left.message);
 * const scope = 'certificates:3.web_0';
 * const intent = publish(addServerCert(result.right.view, scope, 'web.example', 'CERT', 'KEY' as PrivateKey));
 * assert.equal(intent.answers[0]?.cert, 'CERT');
 * ```
 *
 * @deprecated Answer the requests of `newServerRequests` with {@link setCert}.
 */
export const addServerCert = (
  view: ProvidesView,
  scope: string,
  commonName: string,
  cert: string,
  key: PrivateKey,
): Publication => {
  const requests = getServerRequests(view);
  return answerTo(requests.get(scope) ?? requests.get(`${scope}.${commonName}`), cert, key);
};

/**
 * Does nothing: answers are published as soon as they are given.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { nothingToPublish, publish } from 'interface-tls-certificates';
 * import { setServerMulticerts } from 'interface-tls-certificates/python';
 * assert.deepEqual(publish(setServerMulticerts('certificates:3.web_0')), nothingToPublish);
 * ```
 *
 * @deprecated Remove the call.
 */
export const setServerMulticerts = (_scope: string): Publication => (intent) => intent;
