/**
 * The ledger of one exchange: the CA, the chain, and every request with its answer, one row each. Rows are made a few at a time, so that a
 * thousand of them do not block the page. Rows out of sight are not laid out.
 *
 * @module
 */
import { type Examination, partiesOf } from '../../core/examine/examination.ts';
import type { Finding } from '../../core/model/finding.ts';
import type { Description } from '../../core/x509/mod.ts';
import { el } from './element.ts';
import { rowOf, type RowTopic, type TableRow } from './row.ts';
import type { Scale } from './timeline.ts';
import type { Pause } from './work.ts';

/** Which rows are shown. */
export interface Sieve {
  /** In lower case; empty for all. */
  readonly text: string;
  readonly troubledOnly: boolean;
}

/** A ledger. */
export interface Ledger {
  readonly element: HTMLElement;
  /** Makes the rows; until it is done, `show` and the others work on the rows made so far. */
  readonly fill: (pause: Pause) => Promise<void>;
  readonly show: (examination: Examination, now: number | null) => void;
  readonly scale: (scale: Scale) => void;
  readonly sift: (sieve: Sieve) => number;
  /** Opens the row with a common name. */
  readonly open: (commonName: string) => void;
}

const subjectsOf = (examination: Examination): ReadonlyArray<RowTopic> => {
  const { ca, chain, requests, askedSeen } = examination;
  const parties = partiesOf(examination);
  // If a value holds several, a finding belongs to those that it names; if it names none, to all of them.
  const all = [...ca, ...chain];
  const about = (key: string, { subject }: Description): ReadonlyArray<Finding> =>
    examination.findings.filter(({ place, message }) =>
      place.key === key && place.commonName === undefined &&
      (message.includes(subject.text) || !all.some((other) => message.includes(other.subject.text)))
    );
  const authorities = new Set(ca.map(({ sha256 }) => sha256));
  return [
    ...ca.map((certificate): RowTopic => ({ _tag: 'Ca', role: 'CA', certificate, findings: about('ca', certificate) })),
    ...chain.map((certificate): RowTopic => ({
      _tag: 'Ca',
      role: 'chain',
      certificate,
      findings: about('chain', certificate),
    })),
    ...requests.map((examined): RowTopic => ({ _tag: 'Request', examined, askedSeen, parties, authorities })),
  ];
};

const passes = (row: TableRow, { text, troubledOnly }: Sieve): boolean =>
  (!troubledOnly || row.look() !== 'good') && (text === '' || row.text().includes(text));

/** A ledger with at least this many rows is long. */
const LONG = 60;

/** The ledger of an examination. */
export const ledgerOf = (first: Examination, at: number | null, on: Scale): Ledger => {
  let [subjects, now, scale] = [subjectsOf(first), at, on];
  let sieve: Sieve = { text: '', troubledOnly: false };
  const rows: Array<TableRow> = [];
  // Laying out only the visible rows pays off for many rows. A few are better laid out whole, for printing and for searching text.
  const element = el('ol', {
    class: subjects.length > LONG ? 'ledger long' : 'ledger',
    attributes: { 'aria-label': 'Certificates' },
  });

  const make = (subject: RowTopic): TableRow => {
    const row = rowOf(subject, now, scale);
    row.element.hidden = !passes(row, sieve);
    rows.push(row);
    return row;
  };

  return {
    element,
    fill: async (pause) => {
      while (rows.length < subjects.length) {
        const some = subjects.slice(rows.length, rows.length + 25).map(make);
        element.append(...some.map((row) => row.element));
        await pause();
      }
    },
    show: (examination, moment) => {
      [subjects, now] = [subjectsOf(examination), moment];
      for (const [i, row] of rows.entries()) {
        const subject = subjects[i];
        if (subject !== undefined) row.show(subject, moment);
        row.element.hidden = !passes(row, sieve);
      }
    },
    scale: (next) => {
      scale = next;
      for (const row of rows) row.scale(next);
    },
    sift: (next) => {
      sieve = next;
      for (const row of rows) row.element.hidden = !passes(row, sieve);
      return rows.filter((row) => !row.element.hidden).length;
    },
    open: (commonName) => {
      const i = subjects.findIndex((subject) =>
        subject._tag === 'Request' && subject.examined.commonName === commonName
      );
      const row = rows[i];
      if (row === undefined) return;
      row.element.hidden = false;
      row.open();
    },
  };
};
