/**
 * One request of an inspection, for operators: what was requested, what was answered or why not, the certificate with its validity on a
 * time line and its chain as a tree, and what is wrong with its remedy.
 *
 * @module
 */
import { UNIQUE_IDENTIFIER } from '../../core/csr/subject.ts';
import type { RequestError } from '../../core/csr/errors.ts';
import type { Examination, ExaminedAnswer, ExaminedCsr, ExaminedRequest } from '../../core/examine/examination.ts';
import { nameWords } from '../../core/examine/name-words.ts';
import { type Parties, remedyOf } from '../../core/examine/remedies.ts';
import type { Finding, Severity } from '../../core/model/finding.ts';
import { counted } from '../../core/model/shape.ts';
import { type Description, renewalMargin } from '../../core/x509/mod.ts';
import { printable } from '../text/printable.ts';
import { wrapped } from '../text/table.ts';
import type { Page, Paint, Style } from './terminal.ts';

const DAY = 86_400_000;

/** Width of the time line's bar, in characters. */
const BAR = 24;

/** Width of the column of labels. */
const LABELLED = 13;

const SEVERITY_STYLES: Readonly<Record<Severity, Style>> = { error: 'red', warning: 'yellow', info: 'cyan' };

const date = (timestamp: string): string => timestamp.slice(0, 10);

/** How much of a certificate's life is left, in words; null if the time is unknown. */
export const timeLeft = (paint: Paint, certificate: Description, now: string | null): string | null => {
  if (now === null) return null;
  const [first, last, present] = [certificate.notBefore, certificate.notAfter, now].map(Date.parse) as [
    number,
    number,
    number,
  ];
  const days = Math.floor((last - present) / DAY);
  if (present > last) return paint('red', `expired ${counted(-days - 1, 'day')} ago`);
  if (present < first) return paint('red', `valid in ${counted(Math.ceil((first - present) / DAY), 'day')}`);
  return paint(last - present <= renewalMargin(certificate) ? 'yellow' : 'green', `${counted(days, 'day')} left`);
};

/** Where the current time lies between the first and the last day, with the remaining time in words. */
export const validity = (
  { paint, width }: Page,
  certificate: Description,
  now: string | null,
): ReadonlyArray<string> => {
  const { notBefore, notAfter } = certificate;
  const left = timeLeft(paint, certificate, now);
  // The bar has a date on each side, and a label before them.
  const room = Math.min(BAR, width - LABELLED - 2 * 10 - 2);
  const isWide = width >= LABELLED + BAR + 2 * 10 + 2 + 20;
  const span = (bar: string): string => `${date(notBefore)} ${bar} ${date(notAfter)}`;
  if (now === null || left === null) {
    const words = '(not checked: no time is given)';
    return isWide ? [`${span('─'.repeat(room))}  ${words}`] : [span('─'.repeat(room)), words];
  }
  const [first, last, present] = [notBefore, notAfter, now].map(Date.parse) as [number, number, number];
  const place = Math.round(((present - first) / Math.max(1, last - first)) * (room - 1));
  const isNow = present >= first && present <= last;
  const bar = isNow ? `${'━'.repeat(place)}●${'─'.repeat(room - 1 - place)}` : '─'.repeat(room - (isWide ? 0 : 1));
  const drawn = span(present > last ? `${bar}●` : present < first ? `●${bar}` : bar);
  return isWide ? [`${drawn}  ${left}`] : [drawn, left];
};

const keyOf = ({ publicKey }: Pick<Description, 'publicKey'>): string =>
  publicKey.kind === 'rsa'
    ? `RSA ${publicKey.bits}`
    : publicKey.kind === 'ec'
    ? `EC ${publicKey.curve}`
    : publicKey.kind === 'ed25519'
    ? 'Ed25519'
    : publicKey.kind === 'ml-dsa'
    ? publicKey.parameterSet
    : `of an unknown kind (${publicKey.oid})`;

/** With one of these findings, it is unknown whether the key belongs to the certificate. */
const KEY_FINDINGS: ReadonlySet<string> = new Set(['key-mismatch', 'key-unusable', 'wrong-order', 'not-judged']);

const chainLines = (
  path: ReadonlyArray<Description>,
  isPublished: (certificate: Description) => boolean,
): ReadonlyArray<string> => {
  const tree = path.map((certificate, i) =>
    `${i === 0 ? '' : `${'   '.repeat(i - 1)}└─ `}${printable(certificate.subject.text, 70)}${
      isPublished(certificate) ? '  (the published CA)' : ''
    }`
  );
  const root = path.at(-1);
  return root === undefined || root.selfIssued
    ? tree
    : [...tree, `${'   '.repeat(tree.length - 1)}└─ ✗ ${printable(root.issuer.text, 70)}`];
};

/** A label before the first line, and blanks before the others. */
const labelled = (label: string, lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.map((line, i) => `    ${(i === 0 ? label : '').padEnd(9)}${line}`);

/** Hex in pairs, as other tools print it. */
const pairs = (hex: string): string => hex.toUpperCase().match(/.{1,2}/g)?.join(':') ?? '';

/** Splits text without blanks into parts of a given length. */
const cut = (text: string, length: number): ReadonlyArray<string> =>
  length >= text.length ? [text] : text.match(new RegExp(`.{1,${Math.max(3, length - length % 3)}}`, 'g')) ?? [];

const answerLines = (
  page: Page,
  { answer: { certificate, path }, csr, findings }: {
    readonly answer: ExaminedAnswer;
    readonly csr: ExaminedCsr | null;
    readonly findings: ReadonlyArray<Finding>;
  },
  isPublished: (certificate: Description) => boolean,
  now: string | null,
  isKeySeen: boolean,
): ReadonlyArray<string> => {
  if (certificate === null) return labelled('answer', ['a certificate that cannot be read']);
  const room = page.width - LABELLED;
  const names = certificate.sans.map((san) => printable(nameWords(san), 60)).join(', ');
  const own = csr !== null ? ', the key of the request' : isKeySeen ? ', the private key belongs to it' : '';
  const fits = findings.some(({ code }) => KEY_FINDINGS.has(code)) ? '' : own;
  return [
    ...labelled('names', wrapped(names === '' ? 'none' : names, room)),
    ...labelled('issuer', wrapped(printable(certificate.issuer.text, 80), room)),
    ...labelled('key', wrapped(`${keyOf(certificate)}${fits}`, room)),
    ...labelled('valid', validity(page, certificate, now)),
    ...labelled('serial', cut(pairs(printable(certificate.serialNumber, 80)), room)),
    ...labelled('SHA-256', cut(pairs(certificate.sha256), Math.min(room, 48))),
    ...labelled('chain', chainLines(path, isPublished)),
  ];
};

const NOBODY: Parties = { requirer: null, provider: null };

/** Findings as lines, each with its remedy. */
export const findingLines = (
  { paint, width }: Page,
  findings: ReadonlyArray<Finding>,
  parties: Parties = NOBODY,
  denied: RequestError | null = null,
  remedyFor: (code: string) => string | null = (code) => remedyOf(code, parties, denied),
): ReadonlyArray<string> =>
  findings.flatMap(({ code, severity, message }) => {
    const label = `${severity === 'info' ? 'ℹ' : '✗'} ${severity}`;
    const [first = '', ...rest] = wrapped(`${label} ${code}: ${printable(message, 800)}`, width - 4);
    const remedy = remedyFor(code);
    return [
      `    ${paint(SEVERITY_STYLES[severity], label)}${first.slice(label.length)}`,
      ...rest.map((line) => `      ${line}`),
      ...(remedy === null
        ? []
        : wrapped(printable(remedy, 800), width - 8).map((line, i) =>
          paint('dim', `      ${i === 0 ? '→' : ' '} ${line}`)
        )),
    ];
  });

const MARKS: Readonly<Record<'good' | 'warned' | 'bad' | 'open', readonly [Style, string]>> = {
  good: ['green', '✔'],
  warned: ['yellow', '!'],
  bad: ['red', '✗'],
  open: ['yellow', '…'],
};

/** Green means that it was examined and is good. */
export const markOf = ({ state, answer, findings }: ExaminedRequest): readonly [Style, string] => {
  if (state === 'denied' || state === 'revoked') return MARKS.bad;
  if (findings.some(({ severity }) => severity === 'error')) return MARKS.bad;
  if (state !== 'answered') return MARKS.open;
  if (findings.some(({ severity }) => severity === 'warning')) return MARKS.warned;
  return answer?.verified === true ? MARKS.good : MARKS.open;
};

/** What to say about a request's state. */
export const STATES: Readonly<Record<ExaminedRequest['state'], string>> = {
  answered: 'answered',
  unanswered: 'not answered',
  unknown: "not known whether it was answered: the provider's databags are not here",
  denied: 'denied',
  revoked: 'revoked',
};

/** The common name, which is already shown, and the random number that makes each CSR unique. */
const TOLD: ReadonlySet<string> = new Set(['CN', UNIQUE_IDENTIFIER]);

/** The context in which a request is shown. */
export interface Context extends Pick<Examination, 'askedSeen' | 'asker'> {
  readonly parties: Parties;
  readonly now: string | null;
  /** Whether the request comes from a file, not from a relation. */
  readonly isFile: boolean;
  /** The requests from files that also contain the private key. */
  readonly withKey: ReadonlySet<ExaminedRequest>;
}

/** What a CSR says besides its names. */
const csrLines = ({ subject, publicKey }: ExaminedCsr, isAnswered: boolean): ReadonlyArray<string> => {
  const others = subject.attributes.filter(({ type }) => !TOLD.has(type)).map(({ type, value }) => `${type}=${value}`);
  return [
    ...(others.length === 0 ? [] : labelled('subject', [printable(others.join(', '), 200)])),
    ...(isAnswered ? [] : labelled('key', [keyOf({ publicKey })])),
  ];
};

/** Who refuses a request, if that says more than the finding. */
const deniedLines = ({ code, name, provider, endpoint }: RequestError, width: number): ReadonlyArray<string> =>
  labelled(
    'denied',
    wrapped(
      [
        `code ${code} ${printable(name, 100)}`,
        ...(provider === null || provider === '' ? [] : [`by ${printable(provider, 100)}`]),
        ...(endpoint === null || endpoint === '' ? [] : [`at ${printable(endpoint, 100)}`]),
      ].join(' '),
      width - LABELLED,
    ),
  );

/** A request as lines. */
export const requestLines = (
  page: Page,
  request: ExaminedRequest,
  { askedSeen, asker, parties, now, isFile, withKey }: Context,
  isPublished: (certificate: Description) => boolean,
): ReadonlyArray<string> => {
  const { paint, width } = page;
  const [style, mark] = markOf(request);
  const { certType, commonName, sans, state, answer, csr, denied, findings } = request;
  const asked = sans === null
    ? (askedSeen || csr !== null ? 'not asked for' : 'not known what was asked')
    : sans.map((san) => printable(san, 60)).join(', ') || 'the common name only';
  const bag = csr !== null && asker === 'application' && !askedSeen ? ', as the provider repeats it' : '';
  return [
    `  ${paint(style, mark)} ${paint('bold', `${certType} ${printable(commonName)}`)}  ${isFile ? '' : STATES[state]}`
      .trimEnd(),
    ...(isFile ? [] : labelled('asked', wrapped(`${asked}${bag}`, width - LABELLED))),
    ...(csr === null ? [] : csrLines(csr, answer !== null)),
    ...(denied === null ? [] : deniedLines(denied, width)),
    ...(answer === null
      ? []
      : answerLines(page, { answer, csr, findings }, isPublished, now, !isFile || withKey.has(request))),
    ...findingLines(page, findings, parties, denied),
  ];
};
