/**
 * Makes a certificate request in one fixed form. Subject and SANs have a fixed order, so two requests for the same thing differ only in the
 * unique identifier and, for EC keys, the signature.
 *
 * The form is that of the Python library: with the same RSA key and identifier, and at most one SAN of each kind, the bytes are the same.
 * Source: docs/csr-protocol.md, What a request is made of; RFC 2986.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { CertType, PrivateKey } from '../model/certificate.ts';
import { addressOf } from '../model/hosts.ts';
import { type Bytes, der, joined, oidContent, positive } from '../x509/der-write.ts';
import { writeBlock } from '../x509/first-block.ts';
import { readKeys } from '../x509/key.ts';
import type { Content } from '../csr/content.ts';
import type { Sans } from '../csr/sans.ts';
import { UNIQUE_IDENTIFIER } from '../csr/subject.ts';
import type { CsrPem } from '../csr/csr-pem.ts';

/** Why a key cannot sign a request. */
export type KeyringFault = 'key-unreadable' | 'key-unsupported' | 'signing-failed';

const TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8: 0x0c,
  printable: 0x13,
  ia5: 0x16,
};
const [SEQUENCE, SET] = [0x30, 0x31];

const oid = (dotted: string): Bytes => der(TAG.oid, oidContent(dotted));
const text = (tag: number, content: string): Bytes => der(tag, new TextEncoder().encode(content));

/** The attributes of a subject in order, each with its type and the tag of its text. */
const ATTRIBUTES = [
  ['2.5.4.10', TAG.utf8],
  ['2.5.4.11', TAG.utf8],
  ['1.2.840.113549.1.9.1', TAG.ia5],
  ['2.5.4.6', TAG.printable],
  ['2.5.4.8', TAG.utf8],
  ['2.5.4.7', TAG.utf8],
] as const;

const subjectOf = ({ commonName, subject }: Content, identifier: string | null): Bytes => {
  const attribute = (type: string, tag: number, content: string): ReadonlyArray<Bytes> =>
    content === '' ? [] : [der(SET, der(SEQUENCE, oid(type), text(tag, content)))];
  return der(
    SEQUENCE,
    ...attribute('2.5.4.3', TAG.utf8, commonName),
    ...attribute(UNIQUE_IDENTIFIER, TAG.utf8, identifier ?? ''),
    // As many as there are subject fields, in the same order.
    ...ATTRIBUTES.flatMap(([type, tag], i) => attribute(type, tag, subject[i] ?? '')),
  );
};

const namesOf = ({ oid: oids, ip, dns }: Sans): ReadonlyArray<Bytes> => [
  ...oids.map((name) => der(0x88, oidContent(name))),
  ...ip.map((name) => der(0x87, addressOf(name) ?? new Uint8Array())),
  ...dns.map((name) => text(0x82, name)),
];

const extension = (type: string, ...content: ReadonlyArray<Bytes>): Bytes =>
  der(SEQUENCE, oid(type), der(TAG.octetString, der(SEQUENCE, ...content)));

const extensionsOf = (sans: Sans, certType: CertType): Bytes => {
  const names = namesOf(sans);
  const extensions = [
    ...(names.length === 0 ? [] : [extension('2.5.29.17', ...names)]),
    ...(certType === 'client' ? [extension('2.5.29.37', oid('1.3.6.1.5.5.7.3.2'))] : []),
  ];
  if (extensions.length === 0) return der(0xa0);
  return der(0xa0, der(SEQUENCE, oid('1.2.840.113549.1.9.14'), der(SET, der(SEQUENCE, ...extensions))));
};

/** How a key signs: the parameters for WebCrypto, and the algorithm identifier in the request. */
interface Signing {
  readonly parameters: { readonly name: string; readonly hash?: string };
  readonly algorithm: Bytes;
}

const signingOf = (key: CryptoKey): Signing | null => {
  if (key.algorithm.name === 'RSASSA-PKCS1-v1_5') {
    const algorithm = der(SEQUENCE, oid('1.2.840.113549.1.1.11'), der(TAG.null));
    return { parameters: { name: 'RSASSA-PKCS1-v1_5' }, algorithm };
  }
  const curve = 'namedCurve' in key.algorithm ? key.algorithm.namedCurve : null;
  if (curve === 'P-256') {
    return { parameters: { name: 'ECDSA', hash: 'SHA-256' }, algorithm: der(SEQUENCE, oid('1.2.840.10045.4.3.2')) };
  }
  if (curve === 'P-384') {
    return { parameters: { name: 'ECDSA', hash: 'SHA-384' }, algorithm: der(SEQUENCE, oid('1.2.840.10045.4.3.3')) };
  }
  return null;
};

/** WebCrypto returns the two numbers of an ECDSA signature side by side; RFC 3279 section 2.2.3 wants them in a sequence. */
const signatureOf = (raw: Uint8Array, { parameters }: Signing): Uint8Array => {
  if (parameters.name !== 'ECDSA') return raw;
  const half = raw.length / 2;
  return der(SEQUENCE, positive(raw.subarray(0, half)), positive(raw.subarray(half)));
};

/** What a request contains. */
export interface NewCsr {
  readonly content: Content;
  readonly certType: CertType;
  /** RSA, P-256 or P-384. */
  readonly key: PrivateKey;
  /** The unique identifier; null for none. */
  readonly identifier: string | null;
}

/** Makes a certificate request, in the normal form of PEM. */
export const makeCsr =
  ({ content, certType, key, identifier }: NewCsr): TE.TaskEither<KeyringFault, CsrPem> => async () => {
    const keys = await readKeys(key)();
    if (E.isLeft(keys)) return E.left('key-unreadable');
    const signing = signingOf(keys.right.privateKey);
    if (signing === null) return E.left('key-unsupported');
    try {
      const spki = new Uint8Array(await crypto.subtle.exportKey('spki', keys.right.publicKey));
      const info = der(
        SEQUENCE,
        der(TAG.integer, Uint8Array.of(0)),
        subjectOf(content, identifier),
        spki,
        extensionsOf(content.sans, certType),
      );
      const raw = new Uint8Array(await crypto.subtle.sign(signing.parameters, keys.right.privateKey, info));
      const bits = der(TAG.bitString, joined(Uint8Array.of(0), signatureOf(raw, signing)));
      // It was just encoded from DER.
      return E.right(writeBlock('request', der(SEQUENCE, info, signing.algorithm, bits)) as CsrPem);
    } catch {
      return E.left('signing-failed');
    }
  };
