/**
 * The object identifiers that have names here, each table with its source. Others are shown as numbers.
 *
 * @module
 */

/** Types of attributes of names, with the short names of RFC 4514 section 3 and, where that has none, OpenSSL's. */
export const ATTRIBUTES: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.4', 'SN'],
  ['2.5.4.5', 'serialNumber'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.9', 'STREET'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['2.5.4.12', 'title'],
  ['2.5.4.42', 'GN'],
  ['2.5.4.97', 'organizationIdentifier'],
  ['0.9.2342.19200300.100.1.1', 'UID'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
  ['1.2.840.113549.1.9.1', 'emailAddress'],
]);

/** Extensions that are read (RFC 5280 section 4.2.1). */
export const EXTENSION = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyId: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  inhibitAnyPolicy: '2.5.29.54',
} as const;

/**
 * Extensions that may be critical and that others know, but that are not judged here: revocation lists, the resources of RFC 3779, and
 * Netscape's certificate type, which OpenSSL still reads.
 */
export const NOT_JUDGED_EXTENSIONS: ReadonlySet<string> = new Set([
  '2.5.29.31',
  '1.3.6.1.5.5.7.1.7',
  '1.3.6.1.5.5.7.1.8',
  '2.16.840.1.113730.1.1',
]);

/**
 * Extensions in which a CA speaks for itself: its policies, its constraints, where to find its revocation lists and its certificate, what
 * logs have seen. A request cannot ask for them.
 */
export const CA_ONLY_EXTENSIONS: ReadonlySet<string> = new Set([
  EXTENSION.nameConstraints,
  EXTENSION.certificatePolicies,
  EXTENSION.policyMappings,
  EXTENSION.policyConstraints,
  EXTENSION.inhibitAnyPolicy,
  // Issuer alternative names, revocation lists, freshest revocation lists.
  '2.5.29.18',
  '2.5.29.31',
  '2.5.29.46',
  // Authority and subject information access, the resources of RFC 3779.
  '1.3.6.1.5.5.7.1.1',
  '1.3.6.1.5.5.7.1.11',
  '1.3.6.1.5.5.7.1.7',
  '1.3.6.1.5.5.7.1.8',
  // Certificate transparency: timestamps and poison (RFC 6962 section 3).
  '1.3.6.1.4.1.11129.2.4.2',
  '1.3.6.1.4.1.11129.2.4.3',
  // Netscape's type of certificate, and OCSP's no-check.
  '2.16.840.1.113730.1.1',
  '1.3.6.1.5.5.7.48.1.5',
]);

/** Extensions that no CA may make critical (RFC 5280 sections 4.2.1.1 and 4.2.1.2). */
export const NEVER_CRITICAL: ReadonlySet<string> = new Set([EXTENSION.subjectKeyId, EXTENSION.authorityKeyId]);

/** The policy that includes all others (RFC 5280 section 4.2.1.4). */
export const ANY_POLICY = '2.5.29.32.0';

/** Policy qualifiers that RFC 5280 defines: a pointer to a text, and the text itself. Neither restricts anything. */
export const POLICY_QUALIFIERS: ReadonlySet<string> = new Set(['1.3.6.1.5.5.7.2.1', '1.3.6.1.5.5.7.2.2']);

/**
 * Bits of the key usage, from bit 0 on (RFC 5280 section 4.2.1.3).
 *
 * @internal
 */
export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

/** @internal */
type KeyUsages = typeof KEY_USAGES;

/** A use of a key that a certificate allows. */
export type KeyUsage = KeyUsages[number];

/** Purposes of the extended key usage (RFC 5280 section 4.2.1.12). */
export const PURPOSES: ReadonlyMap<string, string> = new Map([
  ['2.5.29.37.0', 'anyExtendedKeyUsage'],
  ['1.3.6.1.5.5.7.3.1', 'serverAuth'],
  ['1.3.6.1.5.5.7.3.2', 'clientAuth'],
  ['1.3.6.1.5.5.7.3.3', 'codeSigning'],
  ['1.3.6.1.5.5.7.3.4', 'emailProtection'],
  ['1.3.6.1.5.5.7.3.8', 'timeStamping'],
  ['1.3.6.1.5.5.7.3.9', 'OCSPSigning'],
]);

/** Kinds of public keys (RFC 3279 section 2.3, RFC 5480 section 2.1.1, RFC 8410 section 3); ML-DSA has a table of its own. */
export const KEY = {
  rsa: '1.2.840.113549.1.1.1',
  ec: '1.2.840.10045.2.1',
  ed25519: '1.3.101.112',
} as const;

/**
 * The parameter sets of ML-DSA (FIPS 204).
 *
 * @internal
 */
export const ML_DSA_SETS = ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'] as const;

/** @internal */
type MlDsaSets = typeof ML_DSA_SETS;

/** A parameter set of ML-DSA. */
export type MlDsaSet = MlDsaSets[number];

/** What is known of a parameter set: its identifier (RFC 9881 section 2), and the bytes of a public key and of a signature. */
export interface MlDsaFacts {
  readonly oid: string;
  readonly keySize: number;
  readonly signatureSize: number;
}

/** The parameter sets: sizes of FIPS 204 table 2. */
export const ML_DSA: Readonly<Record<MlDsaSet, MlDsaFacts>> = {
  'ML-DSA-44': { oid: '2.16.840.1.101.3.4.3.17', keySize: 1312, signatureSize: 2420 },
  'ML-DSA-65': { oid: '2.16.840.1.101.3.4.3.18', keySize: 1952, signatureSize: 3309 },
  'ML-DSA-87': { oid: '2.16.840.1.101.3.4.3.19', keySize: 2592, signatureSize: 4627 },
};

/** The parameter set with this identifier. */
export const mlDsaOf = (oid: string): MlDsaSet | null => ML_DSA_SETS.find((set) => ML_DSA[set].oid === oid) ?? null;

/** A curve that WebCrypto has. */
export type Curve = 'P-256' | 'P-384' | 'P-521';

/** What is known of a curve: its identifier (RFC 5480 section 2.1.1.1) and the bytes of one coordinate. */
export interface CurveFacts {
  readonly oid: string;
  readonly size: number;
  readonly bits: number;
}

/** The curves. */
export const CURVES: Readonly<Record<Curve, CurveFacts>> = {
  'P-256': { oid: '1.2.840.10045.3.1.7', size: 32, bits: 256 },
  'P-384': { oid: '1.3.132.0.34', size: 48, bits: 384 },
  'P-521': { oid: '1.3.132.0.35', size: 66, bits: 521 },
};

/** The curve with this identifier. */
export const curveOf = (oid: string): Curve | null => {
  const curves: ReadonlyArray<Curve> = ['P-256', 'P-384', 'P-521'];
  return curves.find((curve) => CURVES[curve].oid === oid) ?? null;
};

/** The attribute of a certificate request that holds the requested extensions (RFC 2985 section 5.4.2). */
export const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';
