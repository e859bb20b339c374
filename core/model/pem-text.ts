/**
 * The one form in which PEM texts are compared. The same certificate may come with other line ends, with or without a final line break, in
 * lines of another width, or after an OpenSSL dump. That is no change, so nothing is written and nobody is told (D31).
 *
 * A text that is not whole PEM is its own form: nothing is said of what cannot be read. Nothing is decoded here, and the work is linear. Source:
 * RFC 7468 sections 2 and 3, docs/reactive-protocol.md section 8, D31.
 *
 * @module
 */

const BEGIN = '-----BEGIN ';
const END = '-----END ';
const DASHES = '-----';

/** A line of base64 that another line follows (RFC 7468 section 2). */
const FULL_LINE = /.{64}(?=.)/g;

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** How labels are written: two of them mean the same (RFC 7468 section 5.1). */
const labelOf = (label: string): string => (label === 'X509 CERTIFICATE' ? 'CERTIFICATE' : label);

/** Where a block is in a text. */
interface Block {
  readonly label: string;
  readonly body: string;
  /** Where the rest of the text starts. */
  readonly next: number;
}

/** The block that starts at a place; null if it is incomplete, or has headers, as an encrypted key does. */
const blockAt = (text: string, begin: number): Block | null => {
  const from = begin + BEGIN.length;
  const labelEnd = text.indexOf(DASHES, from);
  const end = labelEnd < 0 ? -1 : text.indexOf(END, labelEnd + DASHES.length);
  if (end < 0) return null;
  const label = text.slice(from, labelEnd);
  if (!text.startsWith(`${label}${DASHES}`, end + END.length)) return null;
  const body = text.slice(labelEnd + DASHES.length, end).replace(/\s+/g, '');
  return BASE64.test(body)
    ? { label: labelOf(label), body, next: end + END.length + label.length + DASHES.length }
    : null;
};

/**
 * A PEM text in its normal form: only the blocks, line feeds, 64 characters a line, and a line break at the end. A text that is not
 * entirely PEM comes back unchanged.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { normalPem } from './pem-text.ts';
 * const windows = 'subject=CN = web\r\n-----BEGIN CERTIFICATE-----\r\nTUlJ\r\n-----END CERTIFICATE-----';
 * assert.equal(normalPem(windows), '-----BEGIN CERTIFICATE-----\nTUlJ\n-----END CERTIFICATE-----\n');
 * assert.equal(normalPem('-----BEGIN CERTIFICATE-----\nTUl'), '-----BEGIN CERTIFICATE-----\nTUl');
 * ```
 */
export const normalPem = (text: string): string => {
  const blocks: Array<string> = [];
  for (let begin = text.indexOf(BEGIN); begin >= 0;) {
    const block = blockAt(text, begin);
    if (block === null) return text;
    const { label, body, next } = block;
    blocks.push(`${BEGIN}${label}${DASHES}`, body.replace(FULL_LINE, '$&\n'), `${END}${label}${DASHES}`);
    begin = text.indexOf(BEGIN, next);
  }
  return blocks.length === 0 ? text : `${blocks.join('\n')}\n`;
};

/** Whether two texts mean the same: they are equal, or contain the same PEM blocks in another form. */
export const samePem = (a: string, b: string): boolean => a === b || normalPem(a) === normalPem(b);
