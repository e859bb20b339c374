/**
 * One row of the ledger: a certificate at a glance with its dates on the common time line, and all its details once it is opened.
 *
 * @module
 */
import type { RequestError } from '../../core/csr/errors.ts';
import type { ExaminedRequest } from '../../core/examine/examination.ts';
import { nameWords } from '../../core/examine/name-words.ts';
import type { Finding } from '../../core/model/finding.ts';
import type { Parties } from '../../core/examine/remedies.ts';
import type { Description } from '../../core/x509/mod.ts';
import { type Child, type Drawing, drawing, el, setVariables } from './element.ts';
import { findingNote } from './finding.ts';
import { placeOf, type Scale, within } from './timeline.ts';
import { chainTree } from './tree.ts';
import { type Glance, glanceOfCa, glanceOfRequest } from './verdict.ts';
import { counted, day, fingerprint, foreign, keyOf, signatureOf } from './words.ts';

/** Fingerprints of the published CAs. */
export type Authorities = ReadonlySet<string>;

/** What a row is about. */
export type RowTopic =
  | {
    readonly _tag: 'Ca';
    readonly role: 'CA' | 'chain';
    readonly certificate: Description;
    /** The findings about the value that contains it. */
    readonly findings: ReadonlyArray<Finding>;
  }
  | {
    readonly _tag: 'Request';
    readonly examined: ExaminedRequest;
    readonly askedSeen: boolean;
    /** The applications that remedies name. */
    readonly parties: Parties;
    readonly authorities: Authorities;
  };

/** A row that can be redrawn for another moment or on another scale. */
export interface TableRow {
  readonly element: HTMLElement;
  readonly show: (subject: RowTopic, now: number | null) => void;
  readonly scale: (scale: Scale) => void;
  readonly open: () => void;
  /** The text to search. */
  readonly text: () => string;
  readonly look: () => Glance['look'];
}

const glanceOf = (subject: RowTopic, now: number | null): Glance =>
  subject._tag === 'Ca'
    ? glanceOfCa(subject.certificate, now, subject.findings)
    : glanceOfRequest(subject.examined, now);

const certificateOf = (subject: RowTopic): Description | null =>
  subject._tag === 'Ca' ? subject.certificate : subject.examined.answer?.certificate ?? null;

const nameOf = (subject: RowTopic): string =>
  subject._tag === 'Ca'
    ? foreign(subject.certificate.subject.text.replace(/^CN=([^,+=]+)$/, '$1'))
    : foreign(subject.examined.commonName);

const noteOf = (subject: RowTopic): string => {
  if (subject._tag === 'Ca') return subject.role === 'CA' ? 'published CA' : 'published chain';
  const { certType, sans } = subject.examined;
  if (sans === null) {
    return subject.askedSeen || subject.examined.csr !== null ? `${certType}, not asked for` : certType;
  }
  return sans.length === 0 ? certType : `${certType}, ${counted(sans.length, 'name')}`;
};

const fact = (term: string, ...values: ReadonlyArray<Child>): ReadonlyArray<HTMLElement> => [
  el('dt', {}, term),
  el('dd', {}, ...values),
];

const chips = (names: ReadonlyArray<string>, missing: ReadonlySet<string> = new Set()): HTMLElement =>
  el(
    'ul',
    { class: 'chips' },
    ...names.map((name) =>
      missing.has(name)
        ? el(
          'li',
          { class: 'missing' },
          el('bdi', {}, foreign(name, 100)),
          el('span', { class: 'unseen' }, ' (missing)'),
        )
        : el('li', {}, el('bdi', {}, foreign(name, 100)))
    ),
  );

/** The requested names that are missing from the certificate, if the examination found some missing. */
const missingOf = ({ sans, commonName, answer, findings }: ExaminedRequest): ReadonlySet<string> => {
  if (!findings.some(({ code }) => code === 'names-missing')) return new Set();
  const there = new Set((answer?.certificate?.sans ?? []).map(({ value }) => value.toLowerCase()));
  return new Set([commonName, ...(sans ?? [])].filter((name) => !there.has(name.toLowerCase())));
};

const KEY_FINDINGS: ReadonlyMap<string, string> = new Map([
  ['key-mismatch', 'present, but belongs to another certificate'],
  ['key-unusable', 'not usable'],
]);

const privateKeyOf = ({ csr, findings }: ExaminedRequest): string => {
  if (csr !== null) {
    return findings.some(({ code }) => code === 'key-mismatch')
      ? 'stays with the requirer, but belongs to another certificate'
      : 'stays with the requirer; the certificate is for the key of its request';
  }
  return findings.flatMap(({ code }) => KEY_FINDINGS.get(code) ?? [])[0] ?? 'present, belongs to the certificate';
};

/** The provider's reason for refusing, in its own words. */
const denialFacts = ({ code, name, message, reason, provider, endpoint }: RequestError): ReadonlyArray<HTMLElement> =>
  ([
    ['Code', `${code} ${name}`],
    ['Message', message],
    ['Reason', reason ?? ''],
    ['Refused by', provider ?? ''],
    ['At', endpoint ?? ''],
  ] as const).flatMap(([term, value]) => value.trim() === '' ? [] : fact(term, el('bdi', {}, foreign(value, 600))));

const facts = (certificate: Description): ReadonlyArray<HTMLElement> => [
  ...fact('Issuer', el('bdi', {}, foreign(certificate.issuer.text))),
  ...fact('Valid', `${day(Date.parse(certificate.notBefore))} to ${day(Date.parse(certificate.notAfter))}`),
  ...fact('Key', keyOf(certificate)),
  ...fact('Signature', signatureOf(certificate)),
  ...(certificate.extendedKeyUsage === null ? [] : fact('For', certificate.extendedKeyUsage.join(', '))),
  ...fact('Serial', el('code', {}, certificate.serialNumber)),
  ...fact('SHA-256', el('code', { class: 'fingerprint' }, fingerprint(certificate.sha256))),
];

const requestFacts = (examined: ExaminedRequest): ReadonlyArray<HTMLElement> => {
  const { sans, commonName, answer, csr, denied } = examined;
  const certificate = answer?.certificate ?? null;
  const names = [...new Set([commonName, ...(sans ?? [])])];
  return [
    ...(sans === null ? [] : fact('Asked', chips(names, missingOf(examined)))),
    ...(denied === null ? [] : denialFacts(denied)),
    ...(csr === null || answer !== null ? [] : [
      ...fact('Subject', el('bdi', {}, foreign(csr.subject.text))),
      ...fact('Key of the request', keyOf(csr)),
    ]),
    ...(answer === null ? [] : certificate === null ? fact('Answer', 'a certificate that cannot be read') : [
      ...fact('Names', certificate.sans.length === 0 ? 'none' : chips(certificate.sans.map(nameWords))),
      ...fact('Private key', privateKeyOf(examined)),
      ...facts(certificate),
    ]),
  ];
};

const bodyOf = (subject: RowTopic): ReadonlyArray<Child> => {
  if (subject._tag === 'Ca') return [el('dl', { class: 'facts' }, ...facts(subject.certificate))];
  const { answer, findings, denied } = subject.examined;
  return [
    ...findings.map((finding) => findingNote(finding, subject.parties, denied)),
    el('dl', { class: 'facts' }, ...requestFacts(subject.examined)),
    ...(answer === null || answer.path.length === 0 ? [] : [
      el('h3', {}, 'Chain'),
      chainTree(answer, subject.authorities),
    ]),
  ];
};

const MARKS: Readonly<Record<Glance['look'], Drawing>> = {
  good: 'good',
  warning: 'warning',
  error: 'error',
  open: 'open',
};

/** A row; its content is made when it is first opened. */
export const rowOf = (first: RowTopic, at: number | null, on: Scale): TableRow => {
  let [subject, now, scale, glance] = [first, at, on, glanceOf(first, at)];
  const mark = el('span', { class: 'mark' });
  const words = el('span', { class: 'words' });
  const bar = el('span', { class: 'bar' });
  const line = el('span', { class: 'line', attributes: { 'aria-hidden': 'true' } }, bar);
  const meaning = el('span', { class: 'unseen' });
  const body = el('div', { class: 'inside' });
  const details = el(
    'details',
    {
      on: { toggle: () => fill() },
    },
    el(
      'summary',
      {},
      mark,
      el(
        'span',
        { class: 'who' },
        el('bdi', { class: 'name' }, nameOf(first)),
        el('span', { class: 'kind' }, noteOf(first)),
      ),
      line,
      words,
      meaning,
      drawing('more'),
    ),
    body,
  );
  const element = el('li', { class: 'row' }, details);

  const fill = (): void => {
    if (details.open) body.replaceChildren(...bodyOf(subject).filter((child) => child !== null));
  };

  const place = (): void => {
    const { term } = glance;
    bar.hidden = term === null;
    if (term === null) return;
    setVariables(bar, { from: within(scale, term.from).toFixed(5), to: within(scale, term.to).toFixed(5) });
    bar.classList.toggle('goes-on', placeOf(scale, term.to) > 1);
    bar.classList.toggle('came-before', placeOf(scale, term.from) < 0);
  };

  const paint = (): void => {
    const look = subject._tag === 'Ca' && glance.look === 'good' ? 'ca' : glance.look;
    element.className = `row ${look}`;
    if (mark.dataset['look'] !== glance.look) {
      mark.dataset['look'] = glance.look;
      mark.replaceChildren(drawing(MARKS[glance.look]));
    }
    words.textContent = glance.words;
    meaning.textContent = `, ${glance.meaning}`;
  };

  paint();
  place();
  return {
    element,
    show: (next, moment) => {
      [subject, now, glance] = [next, moment, glanceOf(next, moment)];
      paint();
      place();
      fill();
    },
    scale: (next) => {
      [scale, glance] = [next, glanceOf(subject, now)];
      place();
    },
    open: () => {
      details.open = true;
      fill();
      element.scrollIntoView({ block: 'center' });
      details.querySelector('summary')?.focus({ preventScroll: true });
    },
    text: () => {
      const certificate = certificateOf(subject);
      return [nameOf(subject), noteOf(subject), ...(certificate?.sans ?? []).map(({ value }) => value)]
        .join(' ').toLowerCase();
    },
    look: () => glance.look,
  };
};
