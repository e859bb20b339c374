/**
 * One request of an inspection for an operator's eyes: what was asked, what was answered or why not, the certificate with its validity on
 * a time line and its chain as a tree, and what is wrong with a remedy.
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

/** Characters of the bar on the time line. */
const BAR = 24;

const SEVERITY_STYLES: Readonly<Record<Severity, Style>> = { error: 'red', warning: 'yellow', info: 'cyan' };

const date = (timestamp: string): string => timestamp.slice(0, 10);

/** Where the present stands between the first and the last day, with what is left in words. */
export const validity = (paint: Paint, certificate: Description, now: string | null): string => {
  const { notBefore, notAfter } = certificate;
  const span = `${date(notBefore)} %bar% ${date(notAfter)}`;
  if (now === null) return `${span.replace('%bar%', '─'.repeat(BAR))}  (no time was given to judge it by)`;
  const [first, last, present] = [Date.parse(notBefore), Date.parse(notAfter), Date.parse(now)];
  const days = Math.floor((last - present) / DAY);
  const place = Math.round(((present - first) / Math.max(1, last - first)) * (BAR - 1));
  const isNow = present >= first && present <= last;
  const bar = isNow ? `${'━'.repeat(place)}●${'─'.repeat(BAR - 1 - place)}` : '─'.repeat(BAR);
  const words = present > last
    ? paint('red', `expired ${counted(-days - 1, 'day')} ago`)
    : present < first
    ? paint('red', `valid in ${counted(Math.ceil((first - present) / DAY), 'day')}`)
    : paint(last - present <= renewalMargin(certificate) ? 'yellow' : 'green', `${counted(days, 'day')} left`);
  return `${span.replace('%bar%', present > last ? `${bar}●` : present < first ? `●${bar}` : bar)}  ${words}`;
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

/** Findings after which nobody can say that the key belongs to the certificate. */
const KEY_FINDINGS: ReadonlySet<string> = new Set(['key-mismatch', 'key-unusable', 'wrong-order', 'not-judged']);

const chainLines = (
  path: ReadonlyArray<Description>,
  isPublished: (certificate: Description) => boolean,
): ReadonlyArray<string> => {
  const tree = path.map((certificate, i) =>
    `${i === 0 ? '' : `${'   '.repeat(i - 1)}└─ `}${printable(certificate.subject.text, 70)}${
      isPublished(certificate) ? '  (the CA that was published)' : ''
    }`
  );
  const root = path.at(-1);
  return root === undefined || root.selfIssued
    ? tree
    : [...tree, `${'   '.repeat(tree.length - 1)}└─ ✗ ${printable(root.issuer.text, 70)}`];
};

/** A label before the first of some lines, blanks before the others. */
const labelled = (label: string, lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.map((line, i) => `    ${(i === 0 ? label : '').padEnd(9)}${line}`);

const answerLines = (
  { paint, width }: Page,
  { answer: { certificate, path }, csr }: { readonly answer: ExaminedAnswer; readonly csr: ExaminedCsr | null },
  isPublished: (certificate: Description) => boolean,
  now: string | null,
  findings: ReadonlyArray<Finding>,
): ReadonlyArray<string> => {
  if (certificate === null) return labelled('answer', ['a certificate that cannot be read']);
  const names = certificate.sans.map((san) => printable(nameWords(san), 60)).join(', ');
  const own = csr === null ? ', the private key belongs to it' : ', the key of the request';
  const fits = findings.some(({ code }) => KEY_FINDINGS.has(code)) ? '' : own;
  return [
    ...labelled('names', wrapped(names === '' ? 'none' : names, width - 13)),
    ...labelled('issuer', [printable(certificate.issuer.text, 80)]),
    ...labelled('key', [`${keyOf(certificate)}${fits}`]),
    ...labelled('valid', [validity(paint, certificate, now)]),
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

const MARKS: Readonly<Record<'good' | 'bad' | 'open', readonly [Style, string]>> = {
  good: ['green', '✔'],
  bad: ['red', '✗'],
  open: ['yellow', '…'],
};

const markOf = ({ state, findings }: ExaminedRequest): readonly [Style, string] => {
  if (state === 'denied' || state === 'revoked') return MARKS.bad;
  if (findings.some(({ severity }) => severity === 'error')) return MARKS.bad;
  return state === 'answered' ? MARKS.good : MARKS.open;
};

const STATES: Readonly<Record<ExaminedRequest['state'], string>> = {
  answered: 'answered',
  unanswered: 'not answered',
  unknown: "whether it is answered cannot be told: the provider's databags are not here",
  denied: 'denied',
  revoked: 'revoked',
};

/** The common name, which is told already, and the random number that makes each CSR differ. */
const TOLD: ReadonlySet<string> = new Set(['CN', UNIQUE_IDENTIFIER]);

/** What a request is shown in. */
export interface Context extends Pick<Examination, 'askedSeen' | 'asker'> {
  readonly parties: Parties;
  readonly now: string | null;
}

/** What a CSR says beside its names. */
const csrLines = ({ subject, publicKey }: ExaminedCsr, isAnswered: boolean): ReadonlyArray<string> => {
  const others = subject.attributes.filter(({ type }) => !TOLD.has(type)).map(({ type, value }) => `${type}=${value}`);
  return [
    ...(others.length === 0 ? [] : labelled('subject', [printable(others.join(', '), 200)])),
    ...(isAnswered ? [] : labelled('key', [keyOf({ publicKey })])),
  ];
};

/** Who refuses a request, as far as it says more than the finding does. */
const deniedLines = ({ code, name, provider, endpoint }: RequestError, width: number): ReadonlyArray<string> =>
  labelled(
    'denied',
    wrapped(
      [
        `code ${code} ${printable(name, 100)}`,
        ...(provider === null || provider === '' ? [] : [`by ${printable(provider, 100)}`]),
        ...(endpoint === null || endpoint === '' ? [] : [`at ${printable(endpoint, 100)}`]),
      ].join(' '),
      width - 13,
    ),
  );

/** A request as lines. */
export const requestLines = (
  page: Page,
  request: ExaminedRequest,
  { askedSeen, asker, parties, now }: Context,
  isPublished: (certificate: Description) => boolean,
): ReadonlyArray<string> => {
  const { paint, width } = page;
  const [style, mark] = markOf(request);
  const { certType, commonName, sans, state, answer, csr, denied, findings } = request;
  const asked = sans === null
    ? (askedSeen || csr !== null ? 'not asked for' : 'what was asked cannot be told')
    : sans.map((san) => printable(san, 60)).join(', ') || 'the common name only';
  const bag = csr !== null && asker === 'application' && !askedSeen ? ', as the provider repeats it' : '';
  return [
    `  ${paint(style, mark)} ${paint('bold', `${certType} ${printable(commonName)}`)}  ${STATES[state]}`,
    ...labelled('asked', wrapped(`${asked}${bag}`, width - 13)),
    ...(csr === null ? [] : csrLines(csr, answer !== null)),
    ...(denied === null ? [] : deniedLines(denied, width)),
    ...(answer === null ? [] : answerLines(page, { answer, csr }, isPublished, now, findings)),
    ...findingLines(page, findings, parties, denied),
  ];
};
