/**
 * The common time line: the time span that it shows, the position of a moment in it, and its marks.
 *
 * @module
 */
import type { Description } from '../../core/x509/mod.ts';
import { DAY } from './words.ts';

/** The time span that is shown. */
export interface Scale {
  readonly first: number;
  readonly last: number;
}

/** The position of a moment: 0 at the left end, 1 at the right. */
export const placeOf = ({ first, last }: Scale, moment: number): number => (moment - first) / (last - first);

/** The same, limited to the two ends. */
export const within = (scale: Scale, moment: number): number => Math.min(1, Math.max(0, placeOf(scale, moment)));

/** The free margin on either side, as a fraction of the whole. */
const MARGIN = 0.06;

/** The span that contains the whole validity of all these certificates, and the current time. */
export const scaleOf = (certificates: ReadonlyArray<Description>, now: number): Scale => {
  const [first, last] = certificates.reduce(
    (
      [from, to],
      { notBefore, notAfter },
    ) => [Math.min(from, Date.parse(notBefore)), Math.max(to, Date.parse(notAfter))],
    [now, now],
  );
  const margin = Math.max(MARGIN * (last - first), 5 * DAY);
  return { first: first - margin, last: last + margin };
};

/** A mark on the time line. */
export interface Mark {
  readonly moment: number;
  readonly label: string;
}

/** Distances between marks, in months, or in days if days are shown. */
const MONTHS = [1, 2, 3, 6, 12, 24, 60, 120, 240];
const MAX_MARKS = 9;

const monthMarks = ({ first, last }: Scale, step: number): ReadonlyArray<Mark> => {
  const begin = new Date(first);
  const marks: Array<Mark> = [];
  const start = Math.floor((begin.getUTCFullYear() * 12 + begin.getUTCMonth()) / step) * step;
  for (let month = start; marks.length <= 2 * MAX_MARKS; month += step) {
    const moment = Date.UTC(Math.floor(month / 12), month % 12);
    if (moment > last) break;
    if (moment < first) continue;
    const name = new Date(moment).toLocaleDateString('en-GB', { month: 'short', timeZone: 'UTC' });
    const year = Math.floor(month / 12);
    marks.push({ moment, label: step >= 12 ? String(year) : month % 12 === 0 ? String(year) : name });
  }
  return marks;
};

const dayMarks = ({ first, last }: Scale): ReadonlyArray<Mark> => {
  const step = Math.max(1, Math.ceil((last - first) / DAY / MAX_MARKS)) * DAY;
  const marks: Array<Mark> = [];
  for (let moment = Math.ceil(first / DAY) * DAY; moment <= last; moment += step) {
    const label = new Date(moment).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
    marks.push({ moment, label });
  }
  return marks;
};

/** The marks, few enough that their labels do not touch. */
export const marksOf = (scale: Scale): ReadonlyArray<Mark> => {
  const months = (scale.last - scale.first) / (30.44 * DAY);
  if (months < 3) return dayMarks(scale);
  return monthMarks(scale, MONTHS.find((step) => months / step <= MAX_MARKS) ?? 600);
};
