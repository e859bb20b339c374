/**
 * How the page words times, keys and counts.
 *
 * @module
 */
import { hidingKeys } from '../../core/model/certificate.ts';
import type { Description } from '../../core/x509/mod.ts';
import { printable } from '../text/printable.ts';

/** Milliseconds in a day. */
export const DAY = 86_400_000;

/** A number with its noun. */
export const counted = (n: number, noun: string): string => `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;

/** Foreign text on one line, without a private key, and without anything that could reorder or hide the text next to it. */
export const foreign = (text: string, limit = 200): string => printable(hidingKeys(text), limit);

/** A day as people write it, in UTC: `24 Nov 2026`. */
export const day = (moment: number): string =>
  new Date(moment).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

const MONTH = 30.44 * DAY;
const YEAR = 365.25 * DAY;

/** A time span in the unit that people would use. */
const span = (milliseconds: number): string => {
  const days = Math.floor(milliseconds / DAY);
  if (days < 1) return counted(Math.max(1, Math.floor(milliseconds / 3_600_000)), 'hour');
  if (milliseconds < 4 * MONTH) return counted(days, 'day');
  if (milliseconds < 3 * YEAR) return counted(Math.floor(milliseconds / MONTH), 'month');
  return counted(Math.floor(milliseconds / YEAR), 'year');
};

/** When a certificate is valid, relative to a moment. */
export interface Term {
  readonly from: number;
  readonly to: number;
  readonly when: 'before' | 'within' | 'after';
  readonly words: string;
}

/** What to say about a certificate's validity at a moment; null if the moment is unknown. */
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

/** A fingerprint in groups, easy to compare by eye. */
export const fingerprint = (hex: string): string => hex.toUpperCase().match(/.{1,4}/g)?.join(' ') ?? '';
