/**
 * What each kind of certificate must allow: one table of kinds, for matching and for verifying.
 *
 * Sources: RFC 5280 sections 4.2.1.3, 4.2.1.9 and 4.2.1.12. `anyExtendedKeyUsage` does not count as a purpose, as in OpenSSL.
 *
 * @module
 */
import type { CertType } from '../model/certificate.ts';
import type { Description } from './certificate.ts';

/** Why a certificate is not good for its purpose. */
export type PurposeFault =
  /** Its extended key usage lacks `serverAuth`. */
  | 'not-for-servers'
  /** Its extended key usage lacks `clientAuth`. */
  | 'not-for-clients'
  /** Its key usage allows nothing that TLS does with a key of its kind. */
  | 'key-usage'
  /** It is not a CA's certificate. */
  | 'not-a-ca'
  /** It is a CA's, but its key usage lacks `keyCertSign`. */
  | 'may-not-sign';

/** A kind's extended key usage, and the fault if it is missing. */
interface Kind {
  readonly extended: 'serverAuth' | 'clientAuth' | null;
  readonly fault: PurposeFault;
}

const SERVER: Kind = { extended: 'serverAuth', fault: 'not-for-servers' };

/** An application certificate is a server certificate that all units of an application share. */
const KINDS: Readonly<Record<CertType, Kind>> = {
  server: SERVER,
  application: SERVER,
  client: { extended: 'clientAuth', fault: 'not-for-clients' },
  intermediate: { extended: null, fault: 'not-a-ca' },
};

/** Whether certificates of a kind are for servers. */
export const isServerKind = (certType: CertType): boolean => KINDS[certType] === SERVER;

/**
 * How far the key usage lets a key do what TLS does with it: sign (RFC 8446 section 4.4.2.2; RFC 8422 section 2.2 for ECDSA, RFC 8410
 * section 5, RFC 9881 section 3). A server's RSA key may also decipher, which TLS 1.2 still does and TLS 1.3 does not.
 */
export const keyUsageForTls = (
  { keyUsage, publicKey }: Description,
  certType: CertType,
): 'good' | 'only-key-exchange' | 'none' => {
  if (keyUsage === null || keyUsage.includes('digitalSignature')) return 'good';
  const mayDecipher = publicKey.kind === 'rsa' && isServerKind(certType) && keyUsage.includes('keyEncipherment');
  return mayDecipher ? 'only-key-exchange' : 'none';
};

/** Why a certificate may not sign others, if so (RFC 5280 section 6.1.4 k and n). */
export const caFaults = ({ version, basicConstraints, keyUsage }: Description): ReadonlyArray<PurposeFault> => {
  if (version !== 3 || basicConstraints?.ca !== true) return ['not-a-ca'];
  return keyUsage === null || keyUsage.includes('keyCertSign') ? [] : ['may-not-sign'];
};

/** Why a certificate is not good as one of this kind, if so. */
export const purposeFaults = (description: Description, certType: CertType): ReadonlyArray<PurposeFault> => {
  const { extended, fault } = KINDS[certType];
  if (extended === null) return caFaults(description);
  const { extendedKeyUsage } = description;
  return [
    ...(extendedKeyUsage === null || extendedKeyUsage.includes(extended) ? [] : [fault]),
    ...(keyUsageForTls(description, certType) === 'none' ? ['key-usage' as const] : []),
  ];
};

/** Why a CA must not be above a certificate of this kind: its own extended key usage excludes the purpose. */
export const issuerPurposeFaults = (
  { extendedKeyUsage }: Description,
  certType: CertType,
): ReadonlyArray<PurposeFault> => {
  const { extended, fault } = KINDS[certType];
  if (extended === null || extendedKeyUsage === null) return [];
  return extendedKeyUsage.includes(extended) ? [] : [fault];
};
