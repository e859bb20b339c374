/**
 * Reads the certificates in a text or DER: those that are readable, and what is wrong with the rest.
 *
 * The work is bounded: the same certificate is read once however often it stands there, and a bundle with too many different ones
 * is not read to its end. Sources: RFC 7468; docs/reactive-protocol.md section 2 for what databags hold.
 *
 * @module
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import * as E from 'fp-ts/lib/Either.js';
import { type Certificate, type Description, MAX_CERTIFICATE_BYTES, readCertificate } from './certificate.ts';
import type { Flaw } from './der.ts';
import { type Encoded, KEY_KINDS, type PemFlaw, readBlocks } from './pem.ts';

/** What can be wrong with a value that should hold certificates. */
export type BundleFaultCode =
  | PemFlaw
  /** It contains no certificate. */
  | 'no-certificate'
  /** A block of another kind. */
  | 'not-a-certificate'
  /** A private key among the certificates, where everybody can read it. */
  | 'private-key'
  /** A block that is labelled as a certificate, but is not one. */
  | 'malformed'
  /** A certificate of more than 100 KiB, or more than 1 MiB of them. */
  | 'too-large'
  /** More than 256 different certificates. */
  | 'too-many';

/** A fault in a bundle, and its place. */
export interface BundleFault {
  /** What is wrong. */
  readonly code: BundleFaultCode;
  /** The line of the fault, counted from 1. */
  readonly line: number;
  /** What is wrong with a `malformed` certificate. */
  readonly flaw?: Flaw;
}

/** The content of a bundle: descriptions in order; a repeated certificate is repeated here. */
export interface Bundle {
  /** Those that could be read. */
  readonly certificates: ReadonlyArray<Description>;
  /** What is wrong with the text. */
  readonly faults: ReadonlyArray<BundleFault>;
}

/** The same, with what is needed to judge the certificates. */
export interface ReadBundle {
  /** Those that could be read. */
  readonly certificates: ReadonlyArray<Certificate>;
  /** What is wrong with the text. */
  readonly faults: ReadonlyArray<BundleFault>;
}

/** Most faults reported per value: the first few say enough, and one long value may affect thousands of requests. */
export const MAX_TOLD = 8;

/** Most different certificates read: the bundle of all public CAs, the largest in use, has about 150. */
const MAX_CERTIFICATES = 256;

/** Most bytes of different certificates read; the bundle of all public CAs has about 200 KB. */
const MAX_BYTES = 1 << 20;

/**
 * Certificates that were read already, by the SHA-256 of their DER. Values that are read with the same shelf share what they have in
 * common: an intermediate CA that occurs in fifty answers is read once.
 */
export type Shelf = Map<string, Certificate>;

/** Reads a bundle; never throws. */
export const readBundle = (encoded: Encoded, shelf: Shelf = new Map()): ReadBundle => {
  const { blocks, faults: pemFaults } = readBlocks(encoded, 'certificate');
  const faults: Array<BundleFault> = [...pemFaults];
  const certificates: Array<Certificate> = [];
  const seen = new Map<string, Certificate | null>();
  let bytesRead = 0;
  for (const { kind, bytes, line } of blocks) {
    if (kind !== 'certificate') {
      faults.push({ code: KEY_KINDS.has(kind) ? 'private-key' : 'not-a-certificate', line });
      continue;
    }
    if (bytes.length > MAX_CERTIFICATE_BYTES) {
      faults.push({ code: 'too-large', line });
      continue;
    }
    const digest = bytesToHex(sha256(bytes));
    const before = seen.get(digest);
    if (before !== undefined) {
      if (before !== null) certificates.push(before);
      continue;
    }
    bytesRead += bytes.length;
    if (seen.size >= MAX_CERTIFICATES || bytesRead > MAX_BYTES) {
      faults.push({ code: seen.size >= MAX_CERTIFICATES ? 'too-many' : 'too-large', line });
      break;
    }
    const known = shelf.get(digest) ?? null;
    const read = known === null ? readCertificate(bytes) : E.right(known);
    if (E.isRight(read)) certificates.push(read.right);
    else faults.push({ code: 'malformed', line, flaw: read.left });
    seen.set(digest, E.isRight(read) ? read.right : null);
    if (known === null && E.isRight(read)) shelf.set(digest, read.right);
  }
  if (certificates.length === 0 && faults.length === 0) faults.push({ code: 'no-certificate', line: 1 });
  return { certificates, faults: faults.sort((a, b) => a.line - b.line) };
};

/**
 * Describes the certificates in a text or DER as plain JSON, in order, and what is wrong with the rest. It never throws; a value without
 * certificates has the fault `no-certificate`.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { describe } from 'interface-tls-certificates/x509';
 * const { certificates, faults } = describe('-----BEGIN CERTIFICATE-----\nMIIB');
 * assert.deepEqual([certificates, faults], [[], [{ code: 'unfinished', line: 1 }]]);
 * ```
 */
export const describe = (encoded: Encoded): Bundle => {
  const { certificates, faults } = readBundle(encoded);
  return { certificates: certificates.map(({ description }) => description), faults };
};
