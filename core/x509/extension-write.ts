/**
 * Writes the extensions of certificates and requests (RFC 5280 section 4.2.1).
 *
 * @module
 */
import { addressOf } from '../model/hosts.ts';
import { type Bytes, der, derOid, derText, oidContent } from './der-write.ts';
import { context, TAG } from './der.ts';
import type { GeneralName } from './general-names.ts';
import { EXTENSION } from './oids.ts';
import type { NewName } from './subject.ts';

/** An extension of a new certificate. */
export interface NewExtension {
  readonly oid: string;
  readonly critical: boolean;
  /** DER. */
  readonly value: Uint8Array;
}

/** An extension. */
export const extension = (oid: string, critical: boolean, value: Uint8Array): NewExtension => ({
  oid,
  critical,
  value,
});

const TRUE = der(TAG.boolean, Uint8Array.of(0xff));

/** Extensions one after the other, DER. Only critical ones have the flag, since DER omits default values. */
export const extensionsDer = (extensions: ReadonlyArray<NewExtension>): Bytes =>
  der(
    TAG.sequence,
    ...extensions.map(({ oid, critical, value }) =>
      der(TAG.sequence, derOid(oid), ...(critical ? [TRUE] : []), der(TAG.octetString, value))
    ),
  );

/** The basic constraints of a CA with this limit on the number of CAs in a chain below it; null: no limit. */
export const caConstraints = (pathLength: number | null): NewExtension =>
  extension(
    EXTENSION.basicConstraints,
    true,
    der(TAG.sequence, TRUE, ...(pathLength === null ? [] : [der(TAG.integer, Uint8Array.of(pathLength))])),
  );

/** The basic constraints of a certificate that does not belong to a CA. */
export const LEAF_CONSTRAINTS: NewExtension = extension(EXTENSION.basicConstraints, true, der(TAG.sequence));

/** The encoded bits of each key usage (RFC 5280 section 4.2.1.3). */
const KEY_USAGE_BITS: Readonly<Record<'signing' | 'enciphering' | 'ca', Uint8Array>> = {
  /** `digitalSignature`. */
  signing: Uint8Array.of(TAG.bitString, 2, 7, 0x80),
  /** `digitalSignature` and `keyEncipherment`. */
  enciphering: Uint8Array.of(TAG.bitString, 2, 5, 0xa0),
  /** `keyCertSign` and `cRLSign`. */
  ca: Uint8Array.of(TAG.bitString, 2, 1, 0x06),
};

/** A key usage: for signing data; for signing data and encrypting keys; or for signing certificates and CRLs. */
export const keyUsage = (of: 'signing' | 'enciphering' | 'ca'): NewExtension =>
  extension(EXTENSION.keyUsage, true, KEY_USAGE_BITS[of]);

const PURPOSE_OIDS: Readonly<Record<'serverAuth' | 'clientAuth', Uint8Array>> = {
  serverAuth: derOid('1.3.6.1.5.5.7.3.1'),
  clientAuth: derOid('1.3.6.1.5.5.7.3.2'),
};

/** An extended key usage. */
export const extendedKeyUsage = (purposes: ReadonlyArray<'serverAuth' | 'clientAuth'>): NewExtension =>
  extension(EXTENSION.extendedKeyUsage, false, der(TAG.sequence, ...purposes.map((name) => PURPOSE_OIDS[name])));

/** The identifier of the certificate's own key. */
export const subjectKeyId = (id: Uint8Array): NewExtension =>
  extension(EXTENSION.subjectKeyId, false, der(TAG.octetString, id));

/** The identifier of the key that signs the certificate. */
export const authorityKeyId = (id: Uint8Array): NewExtension =>
  extension(EXTENSION.authorityKeyId, false, der(TAG.sequence, der(context(0, 'primitive'), id)));

const text = (n: number, value: string): Bytes => derText(context(n, 'primitive'), value);

/** A general name, DER; null for forms that are not issued here, such as directory names. */
export const generalNameDer = (name: GeneralName): Bytes | null => {
  switch (name.type) {
    case 'email':
      return text(1, name.text);
    case 'dns':
      return text(2, name.text);
    case 'uri':
      return text(6, name.text);
    case 'ip':
      return der(context(7, 'primitive'), name.bytes);
    case 'registeredId':
      return der(context(8, 'primitive'), oidContent(name.oid));
    default:
      return null;
  }
};

/** One of our names, DER. An invalid address becomes an empty one, which no reader accepts as a name. */
const newNameDer = ({ type, value }: NewName): Bytes =>
  type === 'ip'
    ? der(context(7, 'primitive'), addressOf(value) ?? new Uint8Array())
    : text(type === 'email' ? 1 : type === 'dns' ? 2 : 6, value);

/** Alternative names given as DER. Without a subject they alone identify the holder, so they are critical (section 4.2.1.6). */
export const altNames = (names: ReadonlyArray<Uint8Array>, hasSubject: boolean): NewExtension =>
  extension(EXTENSION.subjectAltName, !hasSubject, der(TAG.sequence, ...names));

/** Alternative names of ours; no extension if there are none. */
export const newAltNames = (names: ReadonlyArray<NewName>, hasSubject: boolean): ReadonlyArray<NewExtension> =>
  names.length === 0 ? [] : [altNames(names.map(newNameDer), hasSubject)];
