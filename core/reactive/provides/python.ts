/**
 * What Python's `TlsProvides` has besides: members that are deprecated there. A new charm needs none of them.
 *
 * @module
 */
import type { PrivateKey } from '../../model/certificate.ts';
import { type Publication, setCert } from './intent.ts';
import { newServerRequests, type ProvidesRequest, type ProvidesView } from './view.ts';

/**
 * The new requests for server certificates by `<relation id>.<munged unit>.<common name>`.
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
 * @deprecated A key that everybody has proves nothing: answer client requests with {@link setCert}.
 */
export const setClientCert = (cert: string, key: PrivateKey): Publication => (intent) => ({
  ...intent,
  globalClientCert: { cert, key },
});

const answerTo = (request: ProvidesRequest | undefined, cert: string, key: PrivateKey): Publication => (intent) =>
  request === undefined ? intent : setCert(request, cert, key)(intent);

/**
 * Answers the new server request of this scope, `<relation id>.<munged unit>.<common name>`; nothing where there is none.
 *
 * @deprecated Answer the requests of `newServerRequests` with {@link setCert}.
 */
export const setServerCert = (view: ProvidesView, scope: string, cert: string, key: PrivateKey): Publication =>
  answerTo(getServerRequests(view).get(scope), cert, key);

/**
 * Answers the new server request of this scope, which may be given with or without the common name at its end.
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
 * Does nothing: answers are published as they are given.
 *
 * @deprecated Leave the call out.
 */
export const setServerMulticerts = (_scope: string): Publication => (intent) => intent;
