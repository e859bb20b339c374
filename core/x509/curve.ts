/**
 * Points on the curves: whether two coordinates form one. Runtimes are not asked, since they notice at different moments.
 *
 * Source: SEC 1 section 3.2.2.1; parameters from FIPS 186-4 appendix D.1.2. The curves have no proper subgroup, so every point on the curve
 * is valid.
 *
 * @module
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { type Curve, CURVES } from './oids.ts';

const ONE = 1n;

/** The prime of each field, and the curve's `b`; its `a` is -3. */
const FIELDS: Readonly<Record<Curve, { readonly p: bigint; readonly b: bigint }>> = {
  'P-256': {
    p: (ONE << 256n) - (ONE << 224n) + (ONE << 192n) + (ONE << 96n) - ONE,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  'P-384': {
    p: (ONE << 384n) - (ONE << 128n) - (ONE << 96n) + (ONE << 32n) - ONE,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
  'P-521': {
    p: (ONE << 521n) - ONE,
    b: 0x0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
  },
};

const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${bytesToHex(bytes)}`);

/** A point as certificates encode it (SEC 1 section 2.3.3). */
export type PointForm =
  /** Both coordinates, and on the curve. */
  | 'whole'
  /** One coordinate and a sign; WebCrypto does not accept it. */
  | 'compressed'
  /** Not a point, or the point at infinity, which is nobody's key. */
  | 'none';

/** Tells what the bytes of a point are. */
export const pointForm = (bytes: Uint8Array, curve: Curve): PointForm => {
  const { size } = CURVES[curve];
  const { p, b } = FIELDS[curve];
  const [form] = bytes;
  const x = bytes.length > size ? numberOf(bytes.subarray(1, 1 + size)) : p;
  if (x >= p) return 'none';
  if (form === 2 || form === 3) return bytes.length === 1 + size ? 'compressed' : 'none';
  // Certificates must not use hybrid forms (6 and 7; RFC 5480 section 2.2).
  if (form !== 4 || bytes.length !== 1 + 2 * size) return 'none';
  const y = numberOf(bytes.subarray(1 + size));
  return y < p && (y * y - (x * x * x - 3n * x + b)) % p === 0n ? 'whole' : 'none';
};
