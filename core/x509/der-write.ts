/**
 * Writing DER, as little as private keys need: a value around others, and object identifiers.
 *
 * @module
 */
import { TAG } from './der.ts';

/** DER of a value: tag, length, content. */
export const der = (tag: number, ...contents: ReadonlyArray<Uint8Array>): Uint8Array => {
  const length = contents.reduce((sum, { length }) => sum + length, 0);
  const size = length < 0x80 ? 0 : length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
  const lengthBytes = size === 0
    ? [length]
    : [0x80 + size, ...Array.from({ length: size }, (_, i) => (length >> (8 * (size - 1 - i))) & 0xff)];
  const out = new Uint8Array(1 + lengthBytes.length + length);
  out.set([tag, ...lengthBytes]);
  let at = 1 + lengthBytes.length;
  for (const content of contents) {
    out.set(content, at);
    at += content.length;
  }
  return out;
};

/** DER of an object identifier. */
export const derOid = (oid: string): Uint8Array => {
  const [top = 0, second = 0, ...rest] = oid.split('.').map(Number);
  const arc = (n: number): Array<number> => {
    const bytes = [n & 0x7f];
    for (let left = Math.floor(n / 128); left > 0; left = Math.floor(left / 128)) bytes.unshift(0x80 | (left & 0x7f));
    return bytes;
  };
  return der(TAG.oid, Uint8Array.from([top * 40 + second, ...rest].flatMap(arc)));
};
