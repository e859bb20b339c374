/**
 * The one form of a text in PEM in which it is compared. The same certificate may come with other line ends, with or without a last line break,
 * with lines of another width, with an OpenSSL dump before it: that is no change, so nothing is written and nobody is told (D31).
 *
 * A text that is not whole PEM is its own form: nothing is said of what cannot be read. Nothing is decoded here, and the work is linear. Source:
 * RFC 7468 sections 2 and 3, docs/reactive-protocol.md section 8, D31.
 *
 * @module
 */

const BEGIN = '-----BEGIN ';
const END = '-----END ';
const DASHES = '-----';

/** A line of base64 that another one follows (RFC 7468 section 2). */
const FULL_LINE = /.{64}(?=.)/g;

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** What a label is written as: two have the same meaning (RFC 7468 section 5.1). */
const labelOf = (label: string): string => (label === 'X509 CERTIFICATE' ? 'CERTIFICATE' : label);

/** Where a block stands in a text. */
interface Block {
  readonly label: string;
  readonly body: string;
  /** Where the text goes on. */
  readonly next: number;
}

/** The block that begins at a place; null where it is not whole, or has headers, as an encrypted key does. */
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
 * A text in PEM in its normal form: the blocks alone, line feeds, 64 characters a line, and a line break at the end. A text that is not wholly
 * PEM comes back as it is.
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

/** Whether two texts say the same: they are equal, or the same blocks of PEM in another form. */
export const samePem = (a: string, b: string): boolean => a === b || normalPem(a) === normalPem(b);
