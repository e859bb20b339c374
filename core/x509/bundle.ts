/**
 * Certificates out of a text or DER: those that can be read, and what is wrong with the rest.
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
  /** There is no certificate in it. */
  | 'no-certificate'
  /** A block of some other kind. */
  | 'not-a-certificate'
  /** A private key stands among the certificates, which everybody may read. */
  | 'private-key'
  /** A block that says it is a certificate, but is none. */
  | 'malformed'
  /** A certificate of more than 100 KiB, or more than 1 MiB of them. */
  | 'too-large'
  /** More than 256 different certificates. */
  | 'too-many';

/** Something wrong in a bundle, and where. */
export interface BundleFault {
  /** What is wrong. */
  readonly code: BundleFaultCode;
  /** The line where it is, counted from 1. */
  readonly line: number;
  /** What is wrong with a `malformed` certificate. */
  readonly flaw?: Flaw;
}

/** What is in a bundle: descriptions in order, the same certificate as often as it stands there. */
export interface Bundle {
  /** Those that could be read. */
  readonly certificates: ReadonlyArray<Description>;
  /** What is wrong with the text. */
  readonly faults: ReadonlyArray<BundleFault>;
}

/** The same with what is needed to judge them. */
export interface ReadBundle {
  /** Those that could be read. */
  readonly certificates: ReadonlyArray<Certificate>;
  /** What is wrong with the text. */
  readonly faults: ReadonlyArray<BundleFault>;
}

/** Faults of one value that are told as reasons: the first say enough, and a long value may be behind thousands of requests. */
export const MAX_TOLD = 8;

/** Different certificates that are read: the bundle of all public CAs, the largest one in use, has about 150. */
const MAX_CERTIFICATES = 256;

/** Bytes of different certificates that are read; the bundle of all public CAs has some 200 KB. */
const MAX_BYTES = 1 << 20;

/**
 * Certificates that were read already, by the SHA-256 of their DER. Values that are read with the same
 * shelf share what is in both: an intermediate CA stands behind each of fifty answers, and is read once.
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
 * Describes the certificates in a text or DER: plain JSON, in the order in which they stand there, beside what is wrong with the
 * rest. It never throws; a value without certificates has the fault `no-certificate`.
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
