/**
 * What a certificate has to allow for each kind of it: one table of kinds, for matching and for verifying alike.
 *
 * Sources: RFC 5280 sections 4.2.1.3, 4.2.1.9 and 4.2.1.12. `anyExtendedKeyUsage` does not stand for a purpose, as with OpenSSL.
 *
 * @module
 */
import type { CertType } from '../model/certificate.ts';
import type { Description } from './certificate.ts';
import type { KeyUsage } from './oids.ts';

/** Why a certificate is not good for its purpose. */
export type PurposeFault =
  /** Its extended key usage lacks `serverAuth`. */
  | 'not-for-servers'
  /** Its extended key usage lacks `clientAuth`. */
  | 'not-for-clients'
  /** Its key usage allows none of what TLS does with a key. */
  | 'key-usage'
  /** It is not a CA's certificate. */
  | 'not-a-ca'
  /** It is a CA's, but its key usage lacks `keyCertSign`. */
  | 'may-not-sign';

/** A kind's extended key usage, the fault without it, and the key usages of which there has to be one. */
interface Kind {
  readonly extended: 'serverAuth' | 'clientAuth' | null;
  readonly fault: PurposeFault;
  readonly usages: ReadonlyArray<KeyUsage>;
}

const SERVER: Kind = {
  extended: 'serverAuth',
  fault: 'not-for-servers',
  usages: ['digitalSignature', 'keyEncipherment', 'keyAgreement'],
};

/** An application certificate is a server certificate that all units of an application share. */
const KINDS: Readonly<Record<CertType, Kind>> = {
  server: SERVER,
  application: SERVER,
  client: { extended: 'clientAuth', fault: 'not-for-clients', usages: ['digitalSignature', 'keyAgreement'] },
  intermediate: { extended: null, fault: 'not-a-ca', usages: ['keyCertSign'] },
};

/** Why a certificate may not sign others, if so (RFC 5280 section 6.1.4 k and n). */
export const caFaults = ({ version, basicConstraints, keyUsage }: Description): ReadonlyArray<PurposeFault> => {
  if (version !== 3 || basicConstraints?.ca !== true) return ['not-a-ca'];
  return keyUsage === null || keyUsage.includes('keyCertSign') ? [] : ['may-not-sign'];
};

/** Why a certificate is not good as one of this kind, if so. */
export const purposeFaults = (description: Description, certType: CertType): ReadonlyArray<PurposeFault> => {
  const { extended, fault, usages } = KINDS[certType];
  if (extended === null) return caFaults(description);
  const { extendedKeyUsage, keyUsage } = description;
  return [
    ...(extendedKeyUsage === null || extendedKeyUsage.includes(extended) ? [] : [fault]),
    ...(keyUsage === null || usages.some((usage) => keyUsage.includes(usage)) ? [] : ['key-usage' as const]),
  ];
};

/** Why a CA must not stand above a certificate of this kind: its own extended key usage leaves the purpose out. */
export const issuerPurposeFaults = (
  { extendedKeyUsage }: Description,
  certType: CertType,
): ReadonlyArray<PurposeFault> => {
  const { extended, fault } = KINDS[certType];
  if (extended === null || extendedKeyUsage === null) return [];
  return extendedKeyUsage.includes(extended) ? [] : [fault];
};
