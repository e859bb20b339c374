/**
 * What the page says of times, keys and counts.
 *
 * @module
 */
import { hidingKeys } from '../../core/model/certificate.ts';
import type { Description } from '../../core/x509/mod.ts';
import { printable } from '../text/printable.ts';

/** Milliseconds of a day. */
export const DAY = 86_400_000;

/** A number with its noun. */
export const counted = (n: number, noun: string): string => `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;

/** Foreign text on one line, without anything that turns or hides what stands beside it, and without a private key. */
export const foreign = (text: string, limit = 200): string => printable(hidingKeys(text), limit);

/** A day as people write it, in UTC: `24 Nov 2026`. */
export const day = (moment: number): string =>
  new Date(moment).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

const MONTH = 30.44 * DAY;
const YEAR = 365.25 * DAY;

/** A span of time in the unit in which one would say it. */
const span = (milliseconds: number): string => {
  const days = Math.floor(milliseconds / DAY);
  if (days < 1) return counted(Math.max(1, Math.floor(milliseconds / 3_600_000)), 'hour');
  if (milliseconds < 4 * MONTH) return counted(days, 'day');
  if (milliseconds < 3 * YEAR) return counted(Math.floor(milliseconds / MONTH), 'month');
  return counted(Math.floor(milliseconds / YEAR), 'year');
};

/** When a certificate is valid, seen from a moment. */
export interface Term {
  readonly from: number;
  readonly to: number;
  readonly when: 'before' | 'within' | 'after';
  readonly words: string;
}

/** What there is to say of a certificate's validity as of a moment; null where no moment is known. */
export const termOf = ({ notBefore, notAfter }: Description, now: number | null): Term => {
  const [from, to] = [Date.parse(notBefore), Date.parse(notAfter)];
  if (now === null) return { from, to, when: 'within', words: `until ${day(to)}` };
  if (now < from) return { from, to, when: 'before', words: `valid in ${span(from - now)}` };
  if (now > to) return { from, to, when: 'after', words: `expired ${span(now - to)} ago` };
  return { from, to, when: 'within', words: `${span(to - now)} left` };
};

/** A public key's kind and size. */
export const keyOf = ({ publicKey }: Pick<Description, 'publicKey'>): string => {
  switch (publicKey.kind) {
    case 'rsa':
      return `RSA, ${publicKey.bits} bits`;
    case 'ec':
      return `elliptic curve, ${publicKey.curve}`;
    case 'ed25519':
      return 'Ed25519';
    case 'ml-dsa':
      return publicKey.parameterSet;
    case 'other':
      return `of another kind (${publicKey.oid})`;
  }
};

/** How a certificate was signed. */
export const signatureOf = ({ signatureAlgorithm: signed }: Description): string =>
  signed.name === 'other' ? signed.oid : 'hash' in signed ? `${signed.name}, ${signed.hash}` : signed.name;

/** A fingerprint in groups, so that two can be compared by eye. */
export const fingerprint = (hex: string): string => hex.toUpperCase().match(/.{1,4}/g)?.join(' ') ?? '';
