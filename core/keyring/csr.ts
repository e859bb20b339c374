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
import { TAG } from '../x509/der.ts';
import { type Bytes, der, derOid, derText } from '../x509/der-write.ts';
import { altNames, extendedKeyUsage, generalNameDer, type NewExtension } from '../x509/extension-write.ts';
import { writeBlock } from '../x509/first-block.ts';
import type { GeneralName } from '../x509/general-names.ts';
import { openKey } from '../x509/key.ts';
import { writeRequest } from '../x509/request-write.ts';
import type { Content } from '../csr/content.ts';
import type { Sans } from '../csr/sans.ts';
import { UNIQUE_IDENTIFIER } from '../csr/subject.ts';
import type { CsrPem } from '../csr/csr-pem.ts';

/** Why a key cannot sign a request. */
export type KeyringFault = 'key-unreadable' | 'key-unsupported' | 'signing-failed';

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
    content === '' ? [] : [der(TAG.set, der(TAG.sequence, derOid(type), derText(tag, content)))];
  return der(
    TAG.sequence,
    ...attribute('2.5.4.3', TAG.utf8, commonName),
    ...attribute(UNIQUE_IDENTIFIER, TAG.utf8, identifier ?? ''),
    // As many as there are subject fields, in the same order.
    ...ATTRIBUTES.flatMap(([type, tag], i) => attribute(type, tag, subject[i] ?? '')),
  );
};

const namesOf = ({ oid, ip, dns }: Sans): ReadonlyArray<GeneralName> => [
  ...oid.map((name): GeneralName => ({ type: 'registeredId', oid: name })),
  ...ip.map((name): GeneralName => ({ type: 'ip', bytes: addressOf(name) ?? new Uint8Array() })),
  ...dns.map((name): GeneralName => ({ type: 'dns', text: name })),
];

const extensionsOf = (sans: Sans, certType: CertType): ReadonlyArray<NewExtension> => {
  const names = namesOf(sans).map(generalNameDer).filter((name) => name !== null);
  return [
    // In this form they are never critical, not even without a subject.
    ...(names.length === 0 ? [] : [altNames(names, true)]),
    ...(certType === 'client' ? [extendedKeyUsage(['clientAuth'])] : []),
  ];
};

/** Kinds of keys with which requests are made. */
const KINDS: ReadonlySet<string> = new Set(['rsa', 'P-256', 'P-384']);

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
    const own = await openKey(key)();
    if (E.isLeft(own)) return E.left('key-unreadable');
    if (!KINDS.has(own.right.kind)) return E.left('key-unsupported');
    try {
      const request = await writeRequest({
        subject: subjectOf(content, identifier),
        spki: own.right.spki,
        extensions: extensionsOf(content.sans, certType),
      }, own.right);
      // It was just encoded from DER.
      return E.right(writeBlock('request', request) as CsrPem);
    } catch {
      return E.left('signing-failed');
    }
  };
