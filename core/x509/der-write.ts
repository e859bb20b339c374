/**
 * Writes DER: the few values that make up certificates, requests and keys (X.690 section 10).
 *
 * @module
 */
import { TAG } from './der.ts';
import { CURVES, EXTENSION, KEY } from './oids.ts';

/** Bytes that WebCrypto takes. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Bytes one after the other. */
export const joined = (...parts: ReadonlyArray<Uint8Array>): Bytes => {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};

/** The bytes of a length that does not fit in one byte. */
const sizeOf = (length: number): number => {
  let size = 0;
  for (let n = length; n > 0; n = Math.floor(n / 256)) size++;
  return size;
};

/** A value: its tag, its length in the shortest form, its content. */
export const der = (tag: number, ...parts: ReadonlyArray<Uint8Array>): Bytes => {
  let length = 0;
  for (const part of parts) length += part.length;
  const size = length < 0x80 ? 0 : sizeOf(length);
  const bytes = new Uint8Array(2 + size + length);
  bytes[0] = tag;
  bytes[1] = size === 0 ? length : 0x80 + size;
  for (let i = 0, rest = length; i < size; i++, rest = Math.floor(rest / 256)) bytes[1 + size - i] = rest % 256;
  let at = 2 + size;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};

const ENCODER = new TextEncoder();

/** A text in UTF-8, with the given tag. */
export const derText = (tag: number, text: string): Bytes => der(tag, ENCODER.encode(text));

const arcBytes = (arc: bigint): ReadonlyArray<number> => {
  const bytes = [Number(arc % 128n)];
  for (let rest = arc / 128n; rest > 0n; rest /= 128n) bytes.unshift(Number(rest % 128n) + 0x80);
  return bytes;
};

/** The content of an object identifier in dotted form. */
export const oidContent = (dotted: string): Bytes => {
  const [top = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt);
  return Uint8Array.from([top * 40n + second, ...rest].flatMap(arcBytes));
};

const KNOWN: ReadonlyMap<string, Bytes> = new Map(
  [...Object.values(EXTENSION), ...Object.values(KEY), ...Object.values(CURVES).map(({ oid }) => oid)]
    .map((dotted) => [dotted, der(TAG.oid, oidContent(dotted))]),
);

/** An object identifier in dotted form. Those that every certificate contains are encoded only once. */
export const derOid = (dotted: string): Bytes => KNOWN.get(dotted) ?? der(TAG.oid, oidContent(dotted));

/** A positive number from its bytes. */
export const positive = (bytes: Uint8Array): Bytes => {
  const from = bytes.findIndex((byte) => byte !== 0);
  const magnitude = from < 0 ? Uint8Array.of(0) : bytes.subarray(from);
  return (magnitude[0] ?? 0) >= 0x80 ? der(TAG.integer, Uint8Array.of(0), magnitude) : der(TAG.integer, magnitude);
};
