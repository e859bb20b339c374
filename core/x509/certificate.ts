/**
 * One certificate, from its DER to everything that other rooms need to know about it (RFC 5280 section 4.1).
 *
 * A certificate is read once and completely. The result has two parts: a description, which is plain JSON for everybody, and what is needed
 * to judge it. Judging happens elsewhere.
 *
 * @module
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type * as E from 'fp-ts/lib/Either.js';
import { context, cursor, elementOf, type Flaw, malformed, reading, TAG } from './der.ts';
import { type BasicConstraints, type Extensions, readExtensions } from './extensions.ts';
import { type San, sanOf } from './general-names.ts';
import { sameBytes } from '../model/hosts.ts';
import { type ComparableName, type Name, nameKey, readName } from './names.ts';
import type { KeyUsage } from './oids.ts';
import { contentOf, countOf, momentOf, serialOf, wholeBitsOf } from './primitives.ts';
import { type PublicKey, type ReadKey, readPublicKey } from './public-key.ts';
import { readSignatureAlgorithm, type SignatureAlgorithm, type Signed } from './signature.ts';

/** The content of a certificate, as plain JSON. */
export interface Description {
  /** As people count: 3 for all that have extensions. */
  readonly version: 1 | 2 | 3;
  /** Whose certificate it is. */
  readonly subject: Name;
  /** Who signed it. */
  readonly issuer: Name;
  /** Whether subject and issuer are the same name. */
  readonly selfIssued: boolean;
  /** In hex. */
  readonly serialNumber: string;
  /** The first and the last moment of validity, e.g. `2026-11-23T21:26:46Z`. */
  readonly notBefore: string;
  /** The end of its validity, RFC 3339. */
  readonly notAfter: string;
  /** The names that it is for, in its order. */
  readonly sans: ReadonlyArray<San>;
  /** The key that it certifies. */
  readonly publicKey: PublicKey;
  /** How it is signed. */
  readonly signatureAlgorithm: SignatureAlgorithm;
  /** The fingerprint: SHA-256 over the certificate's DER, in hex. */
  readonly sha256: string;
  /** Null: the certificate does not say, so it is not a CA's. */
  readonly basicConstraints: BasicConstraints | null;
  /** Null: any use. */
  readonly keyUsage: ReadonlyArray<KeyUsage> | null;
  /** Null: any purpose. Names such as `serverAuth`, or object identifiers for purposes without one. */
  readonly extendedKeyUsage: ReadonlyArray<string> | null;
  /** In hex. */
  readonly subjectKeyId: string | null;
  /** The issuer's key identifier in hex. */
  readonly authorityKeyId: string | null;
  /** Whether it limits the names below it. */
  readonly hasNameConstraints: boolean;
  /** Object identifiers of critical extensions that are not understood; any such extension makes the certificate unacceptable. */
  readonly unknownCritical: ReadonlyArray<string>;
}

/**
 * A certificate that was read. Its bytes are views into the input.
 *
 * @internal
 */
export interface Certificate {
  readonly description: Description;
  readonly der: Uint8Array;
  readonly subject: ComparableName;
  /** The subject's DER, unchanged. */
  readonly subjectDer: Uint8Array;
  readonly issuer: ComparableName;
  /** Digests that are equal exactly if the names, or the public keys, are. */
  readonly same: { readonly subject: string; readonly issuer: string; readonly key: string };
  /** In milliseconds. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly publicKey: ReadKey;
  readonly signed: Signed;
  readonly extensions: Extensions;
}

/** Largest certificate that is read, in bytes. OpenSSL's peers accept at most 100 KiB for a whole chain (`SSL_MAX_CERT_LIST_DEFAULT`). */
export const MAX_CERTIFICATE_BYTES = 102_400;

/** The digest of a name: names may be long, and are compared often. */
export const digestOfName = (name: ComparableName): string => bytesToHex(sha256(utf8ToBytes(nameKey(name))));

/** A moment in the form of RFC 3339. Certificates cannot express years below 0 or above 9999. */
const timestamp = (moment: number): string => new Date(moment).toISOString().replace('.000Z', 'Z');

/** Version 1 is the default, which DER omits (X.690 section 11.5). */
const readVersion = (n: number): 2 | 3 => n === 1 ? 2 : n === 2 ? 3 : malformed('value');

/** Reads a certificate strictly; never throws. */
export const readCertificate = (der: Uint8Array): E.Either<Flaw, Certificate> =>
  reading(() => {
    const outer = cursor(elementOf(der));
    const tbs = outer.take(TAG.sequence);
    const algorithm = outer.take(TAG.sequence);
    const signature = wholeBitsOf(outer.take(TAG.bitString).content);
    outer.end();

    const parts = cursor(tbs);
    const versionPart = parts.maybe(context(0));
    const version = versionPart === null
      ? 1
      : readVersion(countOf(contentOf(elementOf(versionPart.content), TAG.integer)));
    const serialNumber = serialOf(parts.take(TAG.integer).content);
    if (!sameBytes(parts.take(TAG.sequence).whole, algorithm.whole)) malformed('two-algorithms');
    const issuer = readName(parts.take(TAG.sequence));
    const validity = cursor(parts.take(TAG.sequence));
    const [notBefore, notAfter] = [momentOf(validity.any()), momentOf(validity.any())];
    validity.end();
    const subjectPart = parts.take(TAG.sequence);
    const subject = readName(subjectPart);
    const publicKey = readPublicKey(parts.take(TAG.sequence));
    const ids = [parts.maybe(context(1, 'primitive')), parts.maybe(context(2, 'primitive'))];
    const extensionsPart = parts.maybe(context(3));
    parts.end();
    // RFC 5280 sections 4.1.2.8 and 4.1.2.9: each belongs to a version of its own.
    if ((version === 1 && ids.some((id) => id !== null)) || (version !== 3 && extensionsPart !== null)) {
      malformed('value');
    }
    const extensions = readExtensions(extensionsPart === null ? null : elementOf(extensionsPart.content));
    const signatureAlgorithm = readSignatureAlgorithm(algorithm);

    const same = {
      subject: digestOfName(subject),
      issuer: digestOfName(issuer),
      key: bytesToHex(sha256(publicKey.spki)),
    };

    const description: Description = {
      version,
      subject: { text: subject.text, attributes: subject.attributes },
      issuer: { text: issuer.text, attributes: issuer.attributes },
      selfIssued: same.subject === same.issuer,
      serialNumber,
      notBefore: timestamp(notBefore),
      notAfter: timestamp(notAfter),
      sans: (extensions.altNames ?? []).map(sanOf),
      publicKey: publicKey.key,
      signatureAlgorithm,
      sha256: bytesToHex(sha256(der)),
      basicConstraints: extensions.basicConstraints,
      keyUsage: extensions.keyUsage,
      extendedKeyUsage: extensions.extendedKeyUsage,
      subjectKeyId: extensions.subjectKeyId,
      authorityKeyId: extensions.authorityKeyId?.keyId ?? null,
      hasNameConstraints: extensions.nameConstraints !== null,
      unknownCritical: extensions.unknownCritical,
    };
    const signed = { algorithm: signatureAlgorithm, bytes: tbs.whole, signature };
    return {
      description,
      der,
      subject,
      subjectDer: subjectPart.whole,
      issuer,
      same,
      notBefore,
      notAfter,
      publicKey,
      signed,
      extensions,
    };
  });
