/**
 * Writing DER: the few values that certificates, requests and keys are made of (X.690 section 10).
 *
 * @module
 */
import { TAG } from './der.ts';

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

/** A value: its tag, its length in the shortest form, its content. */
export const der = (tag: number, ...parts: ReadonlyArray<Uint8Array>): Bytes => {
  const content = joined(...parts);
  const size: Array<number> = [];
  for (let n = content.length; n > 0; n = Math.floor(n / 256)) size.unshift(n % 256);
  const length = content.length < 0x80 ? [content.length] : [0x80 + size.length, ...size];
  return joined(Uint8Array.of(tag, ...length), content);
};

const arcBytes = (arc: bigint): ReadonlyArray<number> => {
  const bytes = [Number(arc % 128n)];
  for (let rest = arc / 128n; rest > 0n; rest /= 128n) bytes.unshift(Number(rest % 128n) + 0x80);
  return bytes;
};

/** The content of an object identifier given with dots. */
export const oidContent = (dotted: string): Bytes => {
  const [top = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt);
  return Uint8Array.from([top * 40n + second, ...rest].flatMap(arcBytes));
};

/** An object identifier given with dots. */
export const derOid = (dotted: string): Bytes => der(TAG.oid, oidContent(dotted));

/** A positive number given as its bytes. */
export const positive = (bytes: Uint8Array): Bytes => {
  const from = bytes.findIndex((byte) => byte !== 0);
  const magnitude = from < 0 ? Uint8Array.of(0) : bytes.subarray(from);
  return (magnitude[0] ?? 0) >= 0x80 ? der(TAG.integer, Uint8Array.of(0), magnitude) : der(TAG.integer, magnitude);
};
