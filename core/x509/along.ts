/**
 * What counts along a whole path: the end that comes first, and what is weak about the CAs above.
 *
 * @module
 */
import type { Description } from './certificate.ts';
import { type Weakness, weak } from './weak.ts';

/** The end of a certificate in a path. */
export interface End {
  /** The last moment of its validity. */
  readonly notAfter: string;
  /** Its place in the path; 0 is the certificate itself. */
  readonly at: number;
  /** Its subject. */
  readonly name: string;
}

/** A weakness of a certificate in a path. */
export type PathWeakness = Exclude<Weakness, { readonly code: 'ends-soon' }> & {
  readonly at: number;
  /** The subject of the certificate. */
  readonly name: string;
};

const timeOf = ({ notAfter }: { readonly notAfter: string }): number => Date.parse(notAfter);

const firstOf = (ends: ReadonlyArray<End>): End | null =>
  ends.reduce<End | null>((first, end) => (first === null || timeOf(end) < timeOf(first) ? end : first), null);

const endsOf = (path: ReadonlyArray<Description>): ReadonlyArray<End> =>
  path.map(({ notAfter, subject }, at) => ({ notAfter, at, name: subject.text }));

/** When a path ends: with its first certificate that ends. Null for an empty path. */
export const earliestEnd = (path: ReadonlyArray<Description>): End | null => firstOf(endsOf(path));

const DAY = 86_400_000;

/**
 * From when on a certificate should have been renewed, in milliseconds: in the last quarter of its life, and 30 days before its end
 * at the earliest. Providers renew after two thirds of it, or 30 days before.
 */
export const renewalDue = ({ notBefore, notAfter }: Pick<Description, 'notBefore' | 'notAfter'>): number => {
  const [from, to] = [Date.parse(notBefore), Date.parse(notAfter)];
  return to - Math.min((to - from) / 4, 30 * DAY);
};

/** The first end in a path that comes soon, by {@link renewalDue} of each certificate; null where there is none, or it is past. */
export const soonestEnd = (path: ReadonlyArray<Description>, now: Date): End | null =>
  firstOf(endsOf(path).filter((end) => {
    const description = path[end.at];
    const present = now.getTime();
    return description !== undefined && present >= renewalDue(description) && present <= timeOf(end);
  }));

/**
 * What is weak about the certificates of a path. A certificate that signs itself is trusted as it is: the hash of its signature does
 * not count.
 */
export const weakAlong = (path: ReadonlyArray<Description>): ReadonlyArray<PathWeakness> =>
  path.flatMap((description, at) =>
    weak(description).flatMap((weakness): ReadonlyArray<PathWeakness> => {
      if (weakness.code === 'ends-soon') return [];
      if (weakness.code === 'broken-hash' && description.selfIssued) return [];
      return [{ ...weakness, at, name: description.subject.text }];
    })
  );
