/**
 * What a requirer's charm can read, and the functions that read it, named as the Python members in camel case.
 *
 * Source: protocol-reactive.md section 5. Maps are real `Map`s, since a common name may be `__proto__`.
 *
 * @module
 */
import type { Certificate, KeyPair } from '../../model/certificate.ts';

/** All that the charm can read. Lists are ordered by common name in code points, the top-level certificate first (D20). */
export interface RequiresView {
  /** PEM, or null while the provider has published none. */
  readonly rootCaCert: string | null;
  /** PEM of one or more certificates, or null. */
  readonly rootCaChain: string | null;
  readonly serverCerts: ReadonlyArray<Certificate>;
  readonly clientCerts: ReadonlyArray<Certificate>;
  /** At most one, with the common name `app_data` and, as in Python, the kind `server`. */
  readonly applicationCerts: ReadonlyArray<Certificate>;
  readonly intermediateCerts: ReadonlyArray<Certificate>;
  /** The client certificate that a provider shares with everybody (deprecated in the protocol). */
  readonly globalClientCert: KeyPair | null;
}

/** Certificates by the common name that was asked for. */
export type CertificateMap = ReadonlyMap<string, Certificate>;

const byCommonName = (certificates: ReadonlyArray<Certificate>): CertificateMap =>
  new Map(certificates.map((certificate) => [certificate.commonName, certificate]));

/** The root CA's certificate in PEM, or null. */
export const rootCaCert = (view: RequiresView): string | null => view.rootCaCert;

/** The chain of trust in PEM, or null. */
export const rootCaChain = (view: RequiresView): string | null => view.rootCaChain;

/** The server certificates; the answer to the first request comes first. */
export const serverCerts = (view: RequiresView): ReadonlyArray<Certificate> => view.serverCerts;

/**
 * The server certificates by common name.
 *
 * @example
 * ```ts
 * import { type RequiresView, serverCertsMap } from 'interface-tls-certificates';
 * const keyOf = (view: RequiresView) => serverCertsMap(view).get('web.example')?.key;
 * ```
 */
export const serverCertsMap = (view: RequiresView): CertificateMap => byCommonName(view.serverCerts);

/** The client certificates. */
export const clientCerts = (view: RequiresView): ReadonlyArray<Certificate> => view.clientCerts;

/** The client certificates by common name. */
export const clientCertsMap = (view: RequiresView): CertificateMap => byCommonName(view.clientCerts);

/** The certificate that all units of the application share: a list of one, or none. */
export const applicationCerts = (view: RequiresView): ReadonlyArray<Certificate> => view.applicationCerts;

/** The intermediate CA certificates. */
export const intermediateCerts = (view: RequiresView): ReadonlyArray<Certificate> => view.intermediateCerts;

/** The intermediate CA certificates by common name. */
export const intermediateCertsMap = (view: RequiresView): CertificateMap => byCommonName(view.intermediateCerts);
