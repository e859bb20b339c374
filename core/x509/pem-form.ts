/**
 * The form of PEM: what is readable here although servers do not load it, and how to rewrite it so that all of them do.
 *
 * The reader is made for databags and accepts more than RFC 7468 section 3 allows. If a charm writes such a value into a file as it is, its
 * server does not start. docs/judging.md lists what OpenSSL, Go, Node and Python load.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { PrivateKey } from '../model/certificate.ts';
import { readBundle } from './bundle.ts';
import type { Certificate } from './certificate.ts';
import { type BlockKind, type Encoded, isDer, KEY_KINDS, readBlocks, writePem } from './pem.ts';
import { latin1Of } from './primitives.ts';
import { type KeyForm, readKeyBlock } from './private-key.ts';

/** How a PEM text differs from what every server loads. */
export type FormFaultCode =
  /** A byte order mark before the first block. Go does not find the block. */
  | 'byte-order-mark'
  /** Spaces before a line that starts or ends a block. No server finds it. */
  | 'indented'
  /** Unusual white space around a line of a block. No server loads it. */
  | 'strange-blanks'
  /** Lines that end in a single carriage return. No server finds the block. */
  | 'carriage-returns'
  /** A blank line inside a block, except at its start. OpenSSL does not load it. */
  | 'blank-line'
  /** The label `X509 CERTIFICATE`. Go skips it. */
  | 'old-label'
  /** A private key with the label of another form. Most programs load it anyway. */
  | 'key-label';

/** One difference, and the line where it first occurs, counted from 1. */
export interface FormFault {
  /** What is unusual. */
  readonly code: FormFaultCode;
  /** Counted from 1. */
  readonly line: number;
}

const MARK = /^(?:\ufeff|\u00ef\u00bb\u00bf)/;
const LINE = /([^\r\n]*)(\r\n|\r|\n|$)/gy;
/** What may surround a line without consequences, unless the line starts or ends a block. */
const USUAL = /^[\t ]*|[\t ]*$/g;

const formFaultsIn = (text: string): ReadonlyMap<FormFaultCode, number> => {
  const found = new Map<FormFaultCode, number>();
  const add = (code: FormFaultCode, line: number): void => void (found.has(code) || found.set(code, line));
  if (MARK.test(text)) add('byte-order-mark', 1);
  let open: number | null = null;
  let blank: number | null = null;
  let line = 0;
  for (const [whole, content = '', end = ''] of text.replace(MARK, '').matchAll(LINE)) {
    if (whole === '') break;
    line += 1;
    const trimmed = content.trim();
    const [begins, ends] = [trimmed.startsWith('-----BEGIN '), trimmed.startsWith('-----END ')];
    if (begins || ends || open !== null) {
      if (content.replace(USUAL, '') !== trimmed) add('strange-blanks', line);
      else if ((begins || ends) && !content.startsWith('-')) add('indented', line);
      if (end === '\r') add('carriage-returns', line);
      if (blank !== null && trimmed !== '') add('blank-line', blank);
    }
    if (trimmed === '-----BEGIN X509 CERTIFICATE-----') add('old-label', line);
    if (begins) open = line;
    // A blank line after the start marks the end of headers, of which there are none.
    if (!begins && trimmed === '' && open !== null && open + 1 < line) blank ??= line;
    else blank = null;
    if (ends) open = null;
  }
  return found;
};

/** Labels of keys by the form that they promise. */
const LABELS: Readonly<Record<KeyForm, string>> = {
  pkcs8: 'PRIVATE KEY',
  pkcs1: 'RSA PRIVATE KEY',
  sec1: 'EC PRIVATE KEY',
};

const textOf = (encoded: Encoded): string | null =>
  typeof encoded === 'string' ? encoded : isDer(encoded) ? null : latin1Of(encoded);

const faultsOf = (found: ReadonlyMap<FormFaultCode, number>): ReadonlyArray<FormFault> =>
  [...found].map(([code, line]) => ({ code, line })).sort((a, b) => a.line - b.line);

/**
 * How a text with certificates differs from what every server loads, each kind once; empty for DER.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority } from 'interface-tls-certificates/authority';
 * import { formFaults } from 'interface-tls-certificates/x509';
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * const now = new Date('2026-11-25');
 * const made = await createAuthority({ commonName: 'Our CA', days: 100 }, { now, random })();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const indented = made.right.certificate.replaceAll('-----BEGIN', '  -----BEGIN');
 * assert.deepEqual(formFaults(indented), [{ code: 'indented', line: 1 }]);
 * ```
 */
export const formFaults = (encoded: Encoded): ReadonlyArray<FormFault> => {
  const text = textOf(encoded);
  return text === null ? [] : faultsOf(formFaultsIn(text));
};

/**
 * The same for a private key, whose label may also be wrong. The result contains nothing of the key.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { generateKey, keyFormFaults } from 'interface-tls-certificates/x509';
 * const key = await generateKey()();
 * if (key._tag === 'Left') throw new Error(key.left);
 * assert.deepEqual(keyFormFaults(key.right), []);
 * assert.equal(keyFormFaults(key.right.replaceAll('PRIVATE', 'RSA PRIVATE'))[0]?.code, 'key-label');
 * ```
 */
export const keyFormFaults = (encoded: Encoded): ReadonlyArray<FormFault> => {
  const text = textOf(encoded);
  if (text === null) return [];
  const found = new Map(formFaultsIn(text));
  const read = readKeyBlock(encoded);
  const label: BlockKind | null = E.isRight(read) ? read.right.label : null;
  if (E.isRight(read) && label !== read.right.form) found.set('key-label', read.right.line);
  return faultsOf(found);
};

/** Certificates without repeats, written as every server loads them. */
export const pemOf = (certificates: ReadonlyArray<Certificate>): string =>
  [...new Set(certificates)].map(({ der }) => writePem('CERTIFICATE', der)).join('');

/**
 * The certificates of a text without repeats, written as every server loads them: without surrounding text, 64 characters a line.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority } from 'interface-tls-certificates/authority';
 * import { normalCertificates } from 'interface-tls-certificates/x509';
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * const now = new Date('2026-11-25');
 * const made = await createAuthority({ commonName: 'Our CA', days: 100 }, { now, random })();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const indented = made.right.certificate.replaceAll('-----BEGIN', '  -----BEGIN');
 * assert.equal(normalCertificates(indented), made.right.certificate);
 * ```
 */
export const normalCertificates = (encoded: Encoded): string => pemOf(readBundle(encoded).certificates);

/** The label of the first block that holds a private key of any kind. */
const KEY_LABEL = /^[\t ]*-----BEGIN ((?:[A-Z0-9]+ )*PRIVATE KEY)-----/m;

/** A key of a kind that is not read here, with its label. */
const keyAsLabelled = (encoded: Encoded): string | null => {
  const block = readBlocks(encoded, 'pkcs8').blocks.find(({ kind }) => KEY_KINDS.has(kind));
  if (block === undefined) return null;
  return writePem(KEY_LABEL.exec(textOf(encoded) ?? '')?.[1] ?? LABELS.pkcs8, block.bytes);
};

/**
 * The first private key of a text, written as every server loads it and with the label of its form; one of an unsupported kind keeps its
 * label. Null if there is no readable key.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { generateKey, normalKey } from 'interface-tls-certificates/x509';
 * const key = await generateKey()();
 * if (key._tag === 'Left') throw new Error(key.left);
 * assert.equal(normalKey(key.right.replaceAll('PRIVATE', 'RSA PRIVATE')), key.right);
 * ```
 */
export const normalKey = (encoded: Encoded): PrivateKey | null => {
  const read = readKeyBlock(encoded);
  const written = E.isRight(read)
    ? writePem(LABELS[read.right.form], read.right.bytes)
    : read.left === 'key-unsupported'
    ? keyAsLabelled(encoded)
    : null;
  // What is written here is a private key.
  return written as PrivateKey | null;
};
