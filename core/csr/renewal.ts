/**
 * When a certificate is due for renewal: after a fraction of its life.
 *
 * @module
 */
import type { Dates, Millis } from './expiry.ts';

const SECOND = 1000;

/** When a certificate is due, in whole seconds, rounded down. */
export const renewalOf = ({ notBefore, notAfter }: Dates, renewAfter: number): Millis => {
  // In binary, 0.9 is not exactly nine tenths, so round to the nearest millisecond first.
  const life = Math.round(renewAfter * (notAfter - notBefore));
  return notBefore + Math.floor(life / SECOND) * SECOND;
};
