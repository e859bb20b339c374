/**
 * Splits PEM in linear time: text before and between blocks, any line ends, spaces around lines, and a last block that never ends.
 *
 * A databag is foreign input, and the library's own reader takes exponential time on some of it, so only bytes leave this room. A fault in
 * a text is reported with its line number and never with its content, which may be half a private key. Source: RFC 7468 (the lax form of
 * section 3); RFC 1421 section 4.6 for the headers of old encrypted keys.
 *
 * @module
 */
import { latin1Of } from './primitives.ts';

/** A certificate, request or key: PEM, possibly with text around it, or DER. */
export type Encoded = string | Uint8Array;

/** What a block says it holds. Other labels are dropped, since they may say anything. */
export type BlockKind =
  | 'certificate'
  | 'request'
  | 'pkcs8'
  | 'pkcs1'
  | 'sec1'
  | 'encrypted-key'
  /** A private key with another label, e.g. `DSA PRIVATE KEY`. */
  | 'other-key'
  | 'other';

/** One complete block. */
export interface Block {
  readonly kind: BlockKind;
  readonly bytes: Uint8Array;
  /** The line where it starts, counted from 1. */
  readonly line: number;
}

/** What can be wrong with a PEM text. */
export type PemFlaw =
  /** A block that starts and does not end, e.g. because a value was cut off. */
  | 'unfinished'
  /** An end without a start, or of another kind than the start. */
  | 'stray-end'
  /** `-----END …----------BEGIN …-----` on one line: files were concatenated without a line break between them. */
  | 'joined'
  /** The content of a block is not base64. */
  | 'not-base64'
  | 'empty-block';

/** A fault, and its place. */
export interface PemFault {
  readonly code: PemFlaw;
  readonly line: number;
}

/** What was found in a text, in order. */
export interface Pem {
  readonly blocks: ReadonlyArray<Block>;
  readonly faults: ReadonlyArray<PemFault>;
}

const KINDS: ReadonlyMap<string, BlockKind> = new Map([
  ['CERTIFICATE', 'certificate'],
  ['X509 CERTIFICATE', 'certificate'],
  ['CERTIFICATE REQUEST', 'request'],
  ['NEW CERTIFICATE REQUEST', 'request'],
  ['PRIVATE KEY', 'pkcs8'],
  ['RSA PRIVATE KEY', 'pkcs1'],
  ['EC PRIVATE KEY', 'sec1'],
  ['ENCRYPTED PRIVATE KEY', 'encrypted-key'],
]);

/** Kinds of blocks that hold a private key. */
export const KEY_KINDS: ReadonlySet<BlockKind> = new Set(['pkcs8', 'pkcs1', 'sec1', 'encrypted-key', 'other-key']);

const kindOf = (label: string): BlockKind =>
  KINDS.get(label) ?? (label.endsWith('PRIVATE KEY') ? 'other-key' : 'other');

const BEGIN = '-----BEGIN ';
const END = '-----END ';
const DASHES = '-----';

/** The label of a line such as `-----BEGIN CERTIFICATE-----`, and what follows it; null for any other line. */
const markerOf = (line: string, start: string): { readonly label: string; readonly rest: string } | null => {
  if (!line.startsWith(start)) return null;
  const end = line.indexOf(DASHES, start.length);
  return end < 0 ? null : { label: line.slice(start.length, end), rest: line.slice(end + DASHES.length) };
};

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Decodes base64 with its padding, as in PEM; null for anything else. */
const base64Of = (text: string): Uint8Array | null => {
  if (text.length % 4 !== 0 || !BASE64.test(text)) return null;
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
};

/** A block that has started. */
interface Open {
  readonly label: string;
  readonly line: number;
  readonly lines: Array<string>;
  isEncrypted: boolean;
}

const linesOf = (text: string): ReadonlyArray<string> => text.split(/\r\n|\n|\r/).map((line) => line.trim());

/**
 * Splits a text into its blocks and skips everything else. Blocks may be private keys, so this is not part of the front door.
 */
export const readPem = (text: string): Pem => {
  const blocks: Array<Block> = [];
  const faults: Array<PemFault> = [];
  let open: Open | null = null;

  const close = ({ label, lines, line, isEncrypted }: Open): void => {
    const bytes = base64Of(lines.join(''));
    const kind = kindOf(label);
    if (isEncrypted && KEY_KINDS.has(kind)) blocks.push({ kind: 'encrypted-key', bytes: new Uint8Array(), line });
    else if (bytes === null) faults.push({ code: 'not-base64', line });
    else if (bytes.length === 0) faults.push({ code: 'empty-block', line });
    else blocks.push({ kind, bytes, line });
  };
  const begin = (label: string, line: number): Open => ({ label, line, lines: [], isEncrypted: false });

  for (const [index, content] of linesOf(text).entries()) {
    const line = index + 1;
    const beginning = markerOf(content, BEGIN);
    if (beginning !== null && beginning.rest === '') {
      if (open !== null) faults.push({ code: 'unfinished', line: open.line });
      open = begin(beginning.label, line);
      continue;
    }
    const ending = markerOf(content, END);
    if (ending !== null) {
      const next = markerOf(ending.rest, BEGIN);
      if (open === null || open.label !== ending.label) faults.push({ code: 'stray-end', line });
      else if (ending.rest !== '') faults.push({ code: next === null ? 'not-base64' : 'joined', line });
      else close(open);
      open = next === null || next.rest !== '' ? null : begin(next.label, line);
      continue;
    }
    // A start that is cut off, or followed by something.
    if (content.startsWith(BEGIN)) faults.push({ code: 'unfinished', line });
    if (open === null) continue;
    // Headers only occur in encrypted keys; in any other block the colon is not base64.
    if (content.startsWith('Proc-Type:') && content.includes('ENCRYPTED')) open.isEncrypted = true;
    open.lines.push(content);
  }
  if (open !== null) faults.push({ code: 'unfinished', line: open.line });
  return { blocks, faults };
};

/**
 * Whether bytes are DER. A sequence of more than 127 bytes starts with 0x30 and then the size of its length, which no ASCII or UTF-8 text
 * does; a shorter one gives its exact length, and no text that short has a block in it.
 */
export const isDer = ({ length, 0: tag = 0, 1: size = 0 }: Uint8Array): boolean =>
  tag === 0x30 && ((size > 0x80 && size <= 0x84) || (size < 0x80 && length === size + 2));

/** The blocks of a text, or DER as one block of the expected kind. */
export const readBlocks = (encoded: Encoded, kind: BlockKind): Pem => {
  if (typeof encoded === 'string') return readPem(encoded);
  return isDer(encoded) ? { blocks: [{ kind, bytes: encoded, line: 1 }], faults: [] } : readPem(latin1Of(encoded));
};

/** Characters of base64 on a line (RFC 7468 section 2). */
const WIDTH = 64;

/** Writes one block, with a line break at the end. */
export const writePem = (label: string, bytes: Uint8Array): string => {
  const base64 = btoa(latin1Of(bytes));
  const lines = Array.from(
    { length: Math.ceil(base64.length / WIDTH) },
    (_, i) => base64.slice(i * WIDTH, (i + 1) * WIDTH),
  );
  return [`${BEGIN}${label}${DASHES}`, ...lines, `${END}${label}${DASHES}`, ''].join('\n');
};
