/**
 * Finds the first block of a kind in a text, as leniently as the CSR protocol's Python library reads PEM: any line ends or none,
 * indentation, text around blocks, blocks of other kinds before it. Linear in the text.
 *
 * Source: docs/csr-protocol.md, PEM; RFC 7468 section 3.
 *
 * @module
 */
import { latin1Of } from './primitives.ts';

/** What to look for. */
export type WantedBlock = 'request' | 'certificate';

const LABELS: { readonly [K in WantedBlock]: ReadonlySet<string> } = {
  request: new Set(['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST']),
  certificate: new Set(['CERTIFICATE', 'X509 CERTIFICATE']),
};

const WRITTEN: { readonly [K in WantedBlock]: string } = {
  request: 'CERTIFICATE REQUEST',
  certificate: 'CERTIFICATE',
};

const BEGIN = '-----BEGIN ';
const END = '-----END ';
const DASHES = '-----';

/** The longest label that counts; real ones have about thirty characters. */
const MAX_LABEL = 64;

/** The label that ends within reach of `from`, or null. */
const labelAt = (text: string, from: number): string | null => {
  const near = text.slice(from, from + MAX_LABEL + DASHES.length);
  const end = near.indexOf(DASHES);
  return end < 0 ? null : near.slice(0, end);
};

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

const bytesOf = (base64: string): Uint8Array | null => {
  const packed = base64.replace(/\s+/g, '');
  if (packed.length % 4 !== 0 || !BASE64.test(packed)) return null;
  const binary = atob(packed);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
};

/** The bytes of the first block of this kind; null if there is none or it is broken. Never throws. */
export const firstBlock = (text: string, kind: WantedBlock): Uint8Array | null => {
  for (let at = text.indexOf(BEGIN); at >= 0;) {
    const from = at + BEGIN.length;
    const label = labelAt(text, from);
    const next = text.indexOf(BEGIN, from);
    if (label !== null && LABELS[kind].has(label)) {
      const body = from + label.length + DASHES.length;
      const block = text.slice(body, next < 0 ? undefined : next);
      const end = block.indexOf(`${END}${label}${DASHES}`);
      return end < 0 ? null : bytesOf(block.slice(0, end));
    }
    at = next;
  }
  return null;
};

/** Characters of base64 per line. */
const WIDTH = 64;

const NORMAL: { readonly [K in WantedBlock]: RegExp } = {
  request: normalForm('request'),
  certificate: normalForm('certificate'),
};

function normalForm(kind: WantedBlock): RegExp {
  const [begin, end] = [`${BEGIN}${WRITTEN[kind]}${DASHES}`, `${END}${WRITTEN[kind]}${DASHES}`];
  return new RegExp(
    `^${begin}\\n(?:[A-Za-z0-9+/]{${WIDTH}}\\n)*(?=[^\\n]{1,${WIDTH}}\\n-)[A-Za-z0-9+/]+={0,2}\\n${end}$`,
  );
}

/** Whether a text is exactly one block as {@link writeBlock} writes it, so that rewriting it would change nothing. */
export const isNormalBlock = (text: string, kind: WantedBlock): boolean => {
  if (!NORMAL[kind].test(text)) return false;
  // Unused bits may have any value in the input, but are written as zeros.
  const end = text.length - `\n${END}${WRITTEN[kind]}${DASHES}`.length;
  const last = text.slice(end - 4, end);
  return !last.endsWith('=') || btoa(atob(last)) === last;
};

/** Writes one block as the Python library does: LF, 64 columns, and no line break at the end. */
export const writeBlock = (kind: WantedBlock, der: Uint8Array): string => {
  const base64 = btoa(latin1Of(der));
  let text = `${BEGIN}${WRITTEN[kind]}${DASHES}\n`;
  for (let at = 0; at < base64.length; at += WIDTH) text += `${base64.slice(at, at + WIDTH)}\n`;
  return `${text}${END}${WRITTEN[kind]}${DASHES}`;
};
