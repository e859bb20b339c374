/**
 * Expiry: when a path ends, and from when on that counts as soon.
 *
 * @module
 */
import type { Description } from './certificate.ts';

/** The end of a certificate in a path. */
export interface End {
  /** The last moment of its validity. */
  readonly notAfter: string;
  /** Its place in the path; 0 is the leaf. */
  readonly at: number;
  /** Its subject. */
  readonly name: string;
}

/**
 * When a path ends: when the first of its certificates does. Null for an empty path.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority } from 'interface-tls-certificates/authority';
 * import { describe, earliestEnd } from 'interface-tls-certificates/x509';
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * const now = new Date('2026-11-25');
 * const made = await createAuthority({ commonName: 'Our CA', days: 100 }, { now, random })();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const path = describe(made.right.certificate).certificates;
 * assert.equal(earliestEnd(path)?.name, 'CN=Our CA');
 * assert.equal(earliestEnd([]), null);
 * ```
 */
export const earliestEnd = (path: ReadonlyArray<Description>): End | null =>
  path.reduce<End | null>((first, { notAfter, subject }, at) => {
    const isEarlier = first === null || Date.parse(notAfter) < Date.parse(first.notAfter);
    return isEarlier ? { notAfter, at, name: subject.text } : first;
  }, null);

const DAY = 86_400_000;

/**
 * How long before its end a certificate should have been renewed, in milliseconds: a quarter of its life, and at most 30 days. Providers
 * renew after two thirds of it, or 30 days before the end.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { renewalMargin } from 'interface-tls-certificates/x509';
 * const margin = renewalMargin({ notBefore: '2026-01-01T00:00:00Z', notAfter: '2026-01-09T00:00:00Z' });
 * assert.equal(margin, 2 * 86_400_000);
 * ```
 */
export const renewalMargin = ({ notBefore, notAfter }: Pick<Description, 'notBefore' | 'notAfter'>): number =>
  Math.min((Date.parse(notAfter) - Date.parse(notBefore)) / 4, 30 * DAY);

/**
 * The end of a path if it is soon: within the {@link renewalMargin} of the leaf itself, since providers do nothing before that; or within
 * `days`, if given. Null if it is not soon, or in the past.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { createAuthority } from 'interface-tls-certificates/authority';
 * import { describe, soonestEnd } from 'interface-tls-certificates/x509';
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * const now = new Date('2026-11-25');
 * const made = await createAuthority({ commonName: 'Our CA', days: 100 }, { now, random })();
 * if (made._tag === 'Left') throw new Error(made.left.code);
 * const path = describe(made.right.certificate).certificates;
 * assert.equal(soonestEnd(path, now), null);
 * assert.equal(soonestEnd(path, new Date('2027-03-01'))?.at, 0);
 * ```
 */
export const soonestEnd = (path: ReadonlyArray<Description>, now: Date, days?: number): End | null => {
  const end = earliestEnd(path);
  const [own] = path;
  if (end === null || own === undefined) return null;
  const left = Date.parse(end.notAfter) - now.getTime();
  return left >= 0 && left <= (days === undefined ? renewalMargin(own) : days * DAY) ? end : null;
};
