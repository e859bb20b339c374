/**
 * Issuing: roots that sign themselves, and certificates of every kind below them, for a key of ours or a request of somebody else.
 *
 * What is issued has the profile of RFC 5280 section 4.2 for its kind. Time and the random bits of serial numbers come from the
 * caller; what could not be verified later is not issued.
 *
 * @module
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { sha1 } from '@noble/hashes/legacy.js';
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { CertType, PrivateKey } from '../model/certificate.ts';
import { readBundle } from './bundle.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { elementOf } from './der.ts';
import { type Keys, readKeys } from './key.ts';
import { EXTENSION } from './oids.ts';
import { MAX_COMPARISONS, type PathFault, pathFaults } from './path.ts';
import { type Encoded, writePem } from './pem.ts';
import { algorithmsOf, type KeyFault, provesKey } from './private-key.ts';
import { readPublicKey } from './public-key.ts';
import { caFaults, isServerKind } from './purpose.ts';
import { openRequest, type RequestFault } from './request.ts';
import { copyOf } from './signature.ts';
import { nameConstraintsDer, type Subtrees } from './subtrees.ts';
import { hostOfCommonName, type NameFault, type NewNames, subjectOf, usableNames } from './subject.ts';

/** When a certificate is valid, and where the random bits of its serial number come from. */
export interface Terms {
  /** Whole seconds count. */
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Random bytes of good quality, e.g. `(n) => crypto.getRandomValues(new Uint8Array(n))`. */
  readonly random: (length: number) => Uint8Array;
}

/** A CA that signs: its certificate and the key that belongs to it. */
export interface Authority {
  readonly certificate: Encoded;
  readonly key: PrivateKey;
}

/** A CA whose key was found to belong to its certificate: made by {@link openIssuer}, once for any number of certificates. */
export interface Issuer {
  readonly certificate: Certificate;
  readonly keys: Keys;
}

/** A root to be made. */
export interface NewRoot {
  readonly commonName: string;
  readonly key: PrivateKey;
  /** How many CAs may be below one another below it; default: any number. */
  readonly pathLength?: number;
}

/** A certificate to be made. */
export interface NewCertificate {
  readonly certType: CertType;
  /**
   * For servers, a host name or address is an alternative name too. One of more than 64 characters has to be among the `sans`, and is
   * then there alone.
   */
  readonly commonName: string;
  readonly sans: ReadonlyArray<string>;
  /** Whose it is: a key of ours, or a certificate request of which only the key is taken. */
  readonly holder: { readonly key: PrivateKey } | { readonly request: Encoded };
  /** For an intermediate: how many CAs may be below one another below it; default 0. */
  readonly pathLength?: number;
  /** For an intermediate: the names that it may certify, for servers alone; any for any use unless said otherwise. */
  readonly subtrees?: Subtrees | null;
}

/** Why nothing was issued. */
export type IssueFault =
  | NameFault
  | { readonly code: KeyFault; readonly whose: 'issuer' | 'holder' }
  | { readonly code: RequestFault }
  /** The dates are no dates, in the wrong order, or outside of what a certificate can hold. */
  | { readonly code: 'validity-invalid' }
  /** The certificate would be valid at times when its issuer is not. */
  | { readonly code: 'validity-exceeds-issuer' }
  | { readonly code: 'issuer-unreadable' }
  /** The issuer's certificate is not one of a CA that may sign. */
  | { readonly code: 'issuer-not-a-ca' }
  /** The issuer allows no such CA below it, or the number asked for is none. */
  | { readonly code: 'path-length-invalid' }
  /** The issuer must not issue this, e.g. because of its name constraints or purposes. */
  | { readonly code: 'refused-for-issuer'; readonly faults: ReadonlyArray<PathFault> }
  /** The random source did not give 16 bytes. */
  | { readonly code: 'random-invalid' }
  /** The runtime did not sign. */
  | { readonly code: 'signing-failed' };

/** Random bytes of a serial number: 128 bits, twice what the CA/Browser Forum asks for (Baseline Requirements section 7.1). */
const SERIAL_BYTES = 16;

const FIRST = Date.UTC(1950, 0, 1);
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59);

/** Why a certificate cannot have these dates below this CA; null where it can. */
export const validityFault = ({ notBefore, notAfter }: Terms, issuer: Certificate | null): IssueFault | null => {
  const [from, to] = [notBefore.getTime(), notAfter.getTime()];
  if (!(from >= FIRST && from <= to && to <= LAST)) return { code: 'validity-invalid' };
  const isInside = issuer === null || (from >= issuer.notBefore && to < issuer.notAfter + 1000);
  return isInside ? null : { code: 'validity-exceeds-issuer' };
};

/** A serial number in hex; null where the source gives none. Zeros alone would not be positive, nor random. */
export const serialFrom = ({ random }: Terms): string | null => {
  try {
    const bytes = random(SERIAL_BYTES);
    return bytes.length === SERIAL_BYTES && bytes.some((byte) => byte !== 0) ? bytesToHex(bytes) : null;
  } catch {
    return null;
  }
};

/** What is to be signed. */
interface Plan {
  readonly certType: CertType | 'root';
  readonly names: NewNames;
  readonly pathLength: number | null;
  readonly spki: Uint8Array;
  readonly subtrees: Subtrees | null;
}

const keyIdOf = (spki: Uint8Array): string => bytesToHex(sha1(readPublicKey(elementOf(spki)).bits));

const sign = (
  { certType, names: { commonName, sans }, pathLength, spki, subtrees }: Plan,
  issuer: Certificate | null,
  signer: Keys,
  terms: Terms,
): TE.TaskEither<IssueFault, string> =>
async () => {
  const serial = serialFrom(terms);
  if (serial === null) return E.left({ code: 'random-invalid' });
  try {
    const lib = await import('./lib.ts');
    const { ExtendedKeyUsage, KeyUsageFlags } = lib;
    const isCa = certType === 'root' || certType === 'intermediate';
    const isRsa = readPublicKey(elementOf(spki)).key.kind === 'rsa';
    const usage = isCa
      ? KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign
      // Only RSA enciphers keys, and only for servers (RFC 8446 does away with it, TLS 1.2 has it).
      : KeyUsageFlags.digitalSignature | (isRsa && certType !== 'client' ? KeyUsageFlags.keyEncipherment : 0);
    const purposes = certType === 'client' ? [ExtendedKeyUsage.clientAuth] : [ExtendedKeyUsage.serverAuth];
    const own = keyIdOf(spki);
    const issuerKeyId = issuer === null ? own : issuer.description.subjectKeyId;
    const subject = new lib.Name(subjectOf(commonName));
    const made = await lib.X509CertificateGenerator.create({
      serialNumber: serial,
      subject,
      // The issuer's name as it stands, byte for byte: some compare it so.
      issuer: issuer === null ? subject : new lib.X509Certificate(copyOf(issuer.der)).subjectName,
      notBefore: terms.notBefore,
      notAfter: terms.notAfter,
      publicKey: copyOf(spki),
      signingKey: signer.privateKey,
      signingAlgorithm: algorithmsOf(signer.kind).signAs,
      extensions: [
        new lib.BasicConstraintsExtension(isCa, isCa && pathLength !== null ? pathLength : undefined, true),
        new lib.KeyUsagesExtension(usage, true),
        // No constraint is about a client's name that is no host: a CA with constraints issues none.
        ...(isCa && subtrees === null ? [] : [new lib.ExtendedKeyUsageExtension(purposes)]),
        ...(subtrees === null
          ? []
          : [new lib.Extension(EXTENSION.nameConstraints, true, copyOf(nameConstraintsDer(subtrees)))]),
        ...(sans.length === 0 ? [] : [new lib.SubjectAlternativeNameExtension([...sans], commonName === null)]),
        new lib.SubjectKeyIdentifierExtension(own),
        ...(issuerKeyId === null ? [] : [new lib.AuthorityKeyIdentifierExtension(issuerKeyId)]),
      ],
    });
    const der = new Uint8Array(made.rawData);
    const read = readCertificate(der);
    if (E.isLeft(read)) return E.left({ code: 'signing-failed' });
    const rules = { now: null, purpose: certType === 'root' ? null : certType };
    const faults = issuer === null ? [] : pathFaults([read.right, issuer], rules, { comparisons: MAX_COMPARISONS });
    return faults.length === 0 ? E.right(writePem('CERTIFICATE', der)) : E.left({ code: 'refused-for-issuer', faults });
  } catch {
    return E.left({ code: 'signing-failed' });
  }
};

const isCount = (n: number): boolean => Number.isInteger(n) && n >= 0 && n < 128;

const spkiOf = async (publicKey: CryptoKey): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));

/**
 * Makes a root: a CA's certificate that signs itself, in PEM.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { describe, generateKey, issueRoot } from 'interface-tls-certificates/x509';
 * const terms = {
 *   notBefore: new Date('2026-11-24'),
 *   notAfter: new Date('2036-11-24'),
 *   random: (n: number) => crypto.getRandomValues(new Uint8Array(n)),
 * };
 * const key = await generateKey()();
 * const root = key._tag === 'Right' ? await issueRoot({ commonName: 'Our root', key: key.right }, terms)() : key;
 * assert.equal(root._tag === 'Right' && describe(root.right).certificates[0]?.subject.text, 'CN=Our root');
 * ```
 */
export const issueRoot =
  ({ commonName, key, pathLength }: NewRoot, terms: Terms): TE.TaskEither<IssueFault, string> => async () => {
    const names = usableNames(commonName, []);
    if (E.isLeft(names)) return names;
    if (pathLength !== undefined && !isCount(pathLength)) return E.left({ code: 'path-length-invalid' });
    const fault = validityFault(terms, null);
    if (fault !== null) return E.left(fault);
    const keys = await readKeys(key)();
    if (E.isLeft(keys)) return E.left({ code: keys.left, whose: 'holder' });
    const spki = await spkiOf(keys.right.publicKey);
    return sign(
      { certType: 'root', names: names.right, pathLength: pathLength ?? null, spki, subtrees: null },
      null,
      keys.right,
      terms,
    )();
  };

/** The public key of whoever holds the certificate that is made. */
const holderOf = async (holder: NewCertificate['holder']): Promise<E.Either<IssueFault, Uint8Array>> => {
  if ('request' in holder) {
    const read = await openRequest(holder.request)();
    return E.isLeft(read) ? E.left({ code: read.left }) : E.right(read.right.publicKey.spki);
  }
  const keys = await readKeys(holder.key)();
  return E.isLeft(keys) ? E.left({ code: keys.left, whose: 'holder' }) : E.right(await spkiOf(keys.right.publicKey));
};

/**
 * Opens a CA for {@link issue}: its key has to belong to its certificate, and it has to be one that may sign.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority } from 'interface-tls-certificates/authority';
 * import { openIssuer } from 'interface-tls-certificates/x509';
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * const now = new Date('2026-11-25');
 * const made = await createAuthority({ commonName: 'Our CA', days: 100 }, { now, random })();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const issuer = await openIssuer(made.right)();
 * assert.ok(issuer._tag === 'Right');
 * ```
 */
export const openIssuer = ({ certificate, key }: Authority): TE.TaskEither<IssueFault, Issuer> => async () => {
  const [issuer] = readBundle(certificate).certificates;
  if (issuer === undefined) return E.left({ code: 'issuer-unreadable' });
  if (caFaults(issuer.description).length > 0) return E.left({ code: 'issuer-not-a-ca' });
  const keyFault = await provesKey(key, issuer.publicKey)();
  if (keyFault !== null) return E.left({ code: keyFault, whose: 'issuer' });
  const keys = await readKeys(key)();
  return E.isLeft(keys)
    ? E.left({ code: keys.left, whose: 'issuer' })
    : E.right({ certificate: issuer, keys: keys.right });
};

/**
 * Makes a certificate of any kind, signed by a CA, in PEM. An application certificate is a server certificate. A CA that was opened
 * before is not looked at again.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority } from 'interface-tls-certificates/authority';
 * import { describe, issue } from 'interface-tls-certificates/x509';
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * const now = new Date('2026-11-25');
 * const made = await createAuthority({ commonName: 'Our CA', days: 100 }, { now, random })();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const wanted = { certType: 'server', commonName: 'web.example', sans: [], holder: { key: made.right.key } } as const;
 * const terms = { notBefore: now, notAfter: new Date('2026-12-25'), random };
 * const issued = await issue(wanted, made.right, terms)();
 * assert.equal(issued._tag === 'Right' && describe(issued.right).certificates[0]?.sans[0]?.value, 'web.example');
 * ```
 */
export const issue =
  (wanted: NewCertificate, authority: Authority | Issuer, terms: Terms): TE.TaskEither<IssueFault, string> =>
  async () => {
    const { certType, commonName, holder } = wanted;
    const names = usableNames(commonName, [
      ...(isServerKind(certType) ? hostOfCommonName(commonName) : []),
      ...wanted.sans,
    ]);
    if (E.isLeft(names)) return names;
    // A CA without a name issues nothing that could be verified.
    if (names.right.commonName === null && certType === 'intermediate') {
      return E.left({ code: 'common-name-too-long', name: commonName });
    }
    const issuer = 'keys' in authority ? E.right(authority) : await openIssuer(authority)();
    if (E.isLeft(issuer)) return issuer;
    const { certificate, keys } = issuer.right;
    const fault = validityFault(terms, certificate);
    if (fault !== null) return E.left(fault);
    const pathLength = certType === 'intermediate' ? wanted.pathLength ?? 0 : null;
    const room = certificate.description.basicConstraints?.pathLength ?? Infinity;
    if (pathLength !== null && (!isCount(pathLength) || pathLength >= room)) {
      return E.left({ code: 'path-length-invalid' });
    }
    const spki = await holderOf(holder);
    if (E.isLeft(spki)) return spki;
    const subtrees = certType === 'intermediate' ? wanted.subtrees ?? null : null;
    return sign({ certType, names: names.right, pathLength, spki: spki.right, subtrees }, certificate, keys, terms)();
  };
