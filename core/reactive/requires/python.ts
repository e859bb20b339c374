/**
 * What Python's `TlsRequires` has besides: members that are deprecated there, and second names. A new charm needs none of them.
 *
 * @module
 */
import type { KeyPair, PrivateKey } from '../../model/certificate.ts';
import { requestServerCert, type Wish } from './intent.ts';
import { type CertificateMap, type RequiresView, rootCaCert, rootCaChain, serverCertsMap } from './view.ts';

/** A certificate and its key, or twice nothing. */
export type MaybePair = readonly [cert: string, key: PrivateKey] | readonly [cert: null, key: null];

const pairOf = (pair: KeyPair | null | undefined): MaybePair => pair ? [pair.cert, pair.key] : [null, null];

/**
 * Asks for one more server certificate.
 *
 * @deprecated {@link requestServerCert} does the same: the first request gets fields of its own, further ones are collected.
 */
export const addRequestServerCert = (commonName: string, sans: ReadonlyArray<string> = []): Wish =>
  requestServerCert(commonName, sans);

/**
 * Does nothing: requests are published as they are made.
 *
 * @deprecated Leave the call out.
 */
export const requestServerCerts = (): Wish => (intent) => intent;

/** The root CA's certificate in PEM, or null: another name of {@link rootCaCert}, which Python has too. */
export const getCa: (view: RequiresView) => string | null = rootCaCert;

/** The chain of trust in PEM, or null: another name of {@link rootCaChain}, which Python has too. */
export const getChain: (view: RequiresView) => string | null = rootCaChain;

/**
 * The client certificate that the provider shares with everybody.
 *
 * @deprecated Ask with `requestClientCert` and read {@link clientCerts}: a key that everybody has proves nothing.
 */
export const getClientCert = (view: RequiresView): MaybePair => pairOf(view.globalClientCert);

/**
 * The first server certificate and its key.
 *
 * @deprecated Read {@link serverCerts} or {@link serverCertsMap}.
 */
export const getServerCert = (view: RequiresView): MaybePair => pairOf(view.serverCerts[0]);

/**
 * The server certificates by common name.
 *
 * @deprecated Read {@link serverCertsMap}.
 */
export const getBatchRequests: (view: RequiresView) => CertificateMap = serverCertsMap;
