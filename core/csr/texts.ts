/**
 * PEM in databags, read once: a text is decoded and parsed a single time, however often it occurs in a decision. Two texts are equal if
 * their DER is.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { PublicKeyText } from '../model/snapshot.ts';
import { type Certificate, MAX_CERTIFICATE_BYTES, readCertificate } from '../x509/certificate.ts';
import { type Csr, readCsr } from '../x509/csr.ts';
import { firstBlock, isNormalBlock, type WantedBlock, writeBlock } from '../x509/first-block.ts';
import { latin1Of } from '../x509/primitives.ts';
import { type Content, type ContentKey, contentKey, contentOfCsr } from './content.ts';

/** PEM in its normal form: LF, 64 columns, no line break at the end. Two such texts are equal exactly if their DER is. */
export type NormalPem = string & { readonly normalPem: unique symbol };

/** A certificate request that was read from a text. */
export interface KnownCsr {
  readonly pem: NormalPem;
  readonly csr: Csr;
  readonly publicKey: PublicKeyText;
  readonly content: Content;
  readonly contentKey: ContentKey;
}

/** A certificate that was read from a text. */
export interface KnownCertificate {
  readonly pem: NormalPem;
  readonly certificate: Certificate;
  readonly publicKey: PublicKeyText;
  readonly isCa: boolean;
}

const keyText = (spki: Uint8Array): PublicKeyText =>
  // Base64 of a SubjectPublicKeyInfo is exactly what the type means.
  btoa(latin1Of(spki)) as PublicKeyText;

const normalPem = (text: string, kind: WantedBlock, der: Uint8Array): NormalPem =>
  // Only this function makes the normal form.
  (isNormalBlock(text, kind) ? text : writeBlock(kind, der)) as NormalPem;

const toCsr = (text: string): KnownCsr | null => {
  const der = firstBlock(text, 'request');
  const read = der === null ? null : readCsr(der);
  if (der === null || read === null || E.isLeft(read)) return null;
  const content = contentOfCsr(read.right);
  return {
    pem: normalPem(text, 'request', der),
    csr: read.right,
    publicKey: keyText(read.right.publicKey.spki),
    content,
    contentKey: contentKey(content),
  };
};

const toCertificate = (text: string): KnownCertificate | null => {
  const der = firstBlock(text, 'certificate');
  if (der === null || der.length > MAX_CERTIFICATE_BYTES) return null;
  const read = readCertificate(der);
  if (E.isLeft(read)) return null;
  return {
    pem: normalPem(text, 'certificate', der),
    certificate: read.right,
    publicKey: keyText(read.right.publicKey.spki),
    isCa: read.right.description.basicConstraints?.ca ?? false,
  };
};

/** Whether a text contains a readable certificate request. */
export const isCsr = (text: string): boolean => toCsr(text) !== null;

/** Whether a text contains a readable certificate. */
export const isCertificate = (text: string): boolean => toCertificate(text) !== null;

const once = <A>(read: (text: string) => A): (text: string) => A => {
  const known = new Map<string, A>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const result = read(text);
    known.set(text, result);
    return result;
  };
};

/** Everything that one decision has read. */
export interface Texts {
  /** The first certificate request in a text, or null. */
  readonly csr: (text: string) => KnownCsr | null;
  /** The first certificate in a text, or null. */
  readonly certificate: (text: string) => KnownCertificate | null;
}

/** Makes a reader that has read nothing yet. */
export const textsOnce = (): Texts => ({ csr: once(toCsr), certificate: once(toCertificate) });
