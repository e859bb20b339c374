/**
 * When a certificate is due for renewal: at a part of its life, counted from its beginning.
 *
 * @module
 */
import type { Dates, Millis } from './expiry.ts';

const SECOND = 1000;

/** When a certificate is due, in whole seconds, rounded down. */
export const renewalOf = ({ notBefore, notAfter }: Dates, renewAfter: number): Millis => {
  // 0.9 is a little more or less than nine tenths in binary: to the nearest millisecond first.
  const life = Math.round(renewAfter * (notAfter - notBefore));
  return notBefore + Math.floor(life / SECOND) * SECOND;
};
