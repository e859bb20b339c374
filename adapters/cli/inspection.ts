/**
 * An inspection for an operator's eyes: per unit and relation, who asked for what, what was answered, each certificate with its
 * validity on a time line and its chain as a tree, and what is wrong with a remedy.
 *
 * @module
 */
import type { Capabilities } from '../../core/csr/capabilities.ts';
import type {
  Denial,
  Examination,
  Examinations,
  ExaminedAnswer,
  ExaminedCsr,
  ExaminedRequest,
} from '../../core/examine/examination.ts';
import { applicationOf, type UnitName } from '../../core/model/names.ts';
import { nameWords } from '../../core/examine/name-words.ts';
import type { Evidence, Protocol } from '../../core/examine/protocol.ts';
import { evidenceWords, PROTOCOLS } from '../../core/examine/protocol-words.ts';
import { type Parties, remedyOf } from '../../core/examine/remedies.ts';
import type { Finding, Severity } from '../../core/model/finding.ts';
import { type Description, renewalMargin } from '../../core/x509/mod.ts';
import { counted } from '../../core/model/shape.ts';
import { printable } from '../text/printable.ts';
import { aligned, wrapped } from '../text/table.ts';
import type { Page, Paint, Style } from './terminal.ts';

const DAY = 86_400_000;

/** Characters of the bar on the time line. */
const BAR = 24;

const SEVERITY_STYLES: Readonly<Record<Severity, Style>> = { error: 'red', warning: 'yellow', info: 'cyan' };

const date = (timestamp: string): string => timestamp.slice(0, 10);

/** Where the present stands between the first and the last day, with what is left in words. */
const validity = (paint: Paint, certificate: Description, now: string | null): string => {
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

const findingLines = (
  { paint, width }: Page,
  findings: ReadonlyArray<Finding>,
  parties: Parties = NOBODY,
  denied: Denial | null = null,
): ReadonlyArray<string> =>
  findings.flatMap(({ code, severity, message }) => {
    const label = `${severity === 'info' ? 'ℹ' : '✗'} ${severity}`;
    const [first = '', ...rest] = wrapped(`${label} ${code}: ${printable(message, 800)}`, width - 4);
    const remedy = remedyOf(code, parties, denied);
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

/** What a CSR says beside its names. */
const csrLines = (
  { subject, publicKey }: ExaminedCsr,
  commonName: string,
  isAnswered: boolean,
): ReadonlyArray<string> => [
  ...(subject === `CN=${commonName}` ? [] : labelled('subject', [printable(subject, 200)])),
  ...(isAnswered ? [] : labelled('key', [keyOf({ publicKey })])),
];

/** Who refuses a request, as far as it says more than the finding does. */
const deniedLines = ({ code, name, provider, endpoint }: Denial, width: number): ReadonlyArray<string> =>
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

const requestLines = (
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
    ...(csr === null ? [] : csrLines(csr, commonName, answer !== null)),
    ...(denied === null ? [] : deniedLines(denied, width)),
    ...(answer === null ? [] : answerLines(page, { answer, csr }, isPublished, now, findings)),
    ...findingLines(page, findings, parties, denied),
  ];
};

/** CAs and provider units named for each unit that asks: all units have the same, and there may be thousands of either. */
const MAX_NAMED = 12;

const namesOf = (names: ReadonlyArray<string>, limit: number): string => {
  const more = names.length - MAX_NAMED;
  const shown = names.slice(0, MAX_NAMED).map((name) => printable(name, limit)).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
};

const subjectsOf = (certificates: ReadonlyArray<Description>): string =>
  namesOf(certificates.map(({ subject }) => subject.text), 70);

/** What a request is shown in. */
interface Context extends Pick<Examination, 'askedSeen' | 'asker'> {
  readonly parties: Parties;
  readonly now: string | null;
}

const SUPPORTED: ReadonlyArray<readonly [keyof Capabilities, string]> = [
  ['supportsIpSans', 'IP addresses'],
  ['supportsWildcardDns', 'wildcards'],
  ['supportsSubdomain', 'subdomains'],
  ['supportsCaCertificates', 'CA certificates'],
];

/** What a provider says that it issues, in words; what it does not say is left out. */
const capabilityWords = (capabilities: Capabilities): string =>
  [
    ...SUPPORTED.flatMap(([name, words]) =>
      capabilities[name] === null ? [] : [`${capabilities[name] === false ? 'no ' : ''}${words}`]
    ),
    ...(capabilities.allowedDomains === null || capabilities.allowedDomains.length === 0
      ? []
      : [`names in ${namesOf(capabilities.allowedDomains, 60)}`]),
    ...(capabilities.providerType === null ? [] : [`provider type ${printable(capabilities.providerType, 60)}`]),
  ].join(', ') || 'nothing in particular';

/** What to add to see the rest. */
const hintsOf = ({ askedSeen, protocol, asker, requests }: Examination): ReadonlyArray<string> => {
  if (askedSeen) return [];
  if (protocol !== 'csr') {
    return ["The unit's own databag is not here: give the output of juju show-unit for a provider unit as well."];
  }
  return asker === 'unit' || requests.every(({ sans }) => sans === null) ? [] : [
    'These requests are known from the answers. Which unit made them, and requests without an answer,',
    'are in what juju show-unit prints for a unit of the provider: add it to see them.',
  ];
};

const partiesOf = ({ requirer, asker, providers: [provider] }: Examination): Parties => ({
  // Its kind says whether it is a unit.
  requirer: asker === 'application' ? requirer : applicationOf(requirer as UnitName),
  provider: provider === undefined ? null : applicationOf(provider as UnitName),
});

/** Which protocol is spoken, and what shows it. */
const protocolLines = (protocol: Protocol, evidence: ReadonlyArray<Evidence>, width: number): ReadonlyArray<string> => {
  if (protocol === 'unknown') return [];
  const shown = evidenceWords(evidence).map((words) => printable(words, 200)).join('; ');
  const words = `${PROTOCOLS[protocol]} protocol${
    shown === '' ? '' : `, as ${shown} ${evidence.length === 1 ? 'shows' : 'show'}`
  }`;
  return wrapped(words, width - 2).map((line) => `  ${line}`);
};

const examinationLines = (page: Page, examination: Examination, now: string | null): ReadonlyArray<string> => {
  const { paint, width } = page;
  const { requirer, relationId, providers, askedSeen, asker, protocol, evidence, capabilities } = examination;
  const { requests, ca, chain, findings } = examination;
  const published = new Set(ca.map(({ sha256 }) => sha256));
  const isPublished = ({ sha256 }: Description): boolean => published.has(sha256);
  const answered = requests.filter(({ state }) => state === 'answered').length;
  const denied = requests.filter(({ state }) => state === 'denied').length;
  const summary = requests.length === 0
    ? 'nothing asked'
    : `${answered} of ${requests.length} answered${denied === 0 ? '' : `, ${denied} denied`}`;
  const link = requests.length === 0 ? 'of' : 'by';
  const by = providers.length === 0 ? "the provider's databags are not here" : `${link} ${namesOf(providers, 60)}`;
  const parties = partiesOf(examination);
  const who = `${paint('bold', printable(requirer))}${asker === 'application' ? ' (application)' : ''}`;
  return [
    '',
    `${who} on ${paint('bold', printable(relationId))}: ${summary}${providers.length === 0 ? ', ' : ' '}${by}`,
    ...hintsOf(examination).map((line) => paint('dim', `  ${line}`)),
    ...protocolLines(protocol, evidence, width),
    ...aligned([
      ['CA', subjectsOf(ca) || 'none'],
      ...(chain.length === 0 ? [] : [['chain', subjectsOf(chain)]]),
      ...(capabilities === null ? [] : [['issues', capabilityWords(capabilities)]]),
    ]),
    ...findingLines(page, findings, parties),
    ...requests.flatMap((
      request,
    ) => ['', ...requestLines(page, request, { askedSeen, asker, parties, now }, isPublished)]),
  ];
};

/** The inspection as lines. */
export const inspectionLines = (page: Page, { now, examinations, findings }: Examinations): ReadonlyArray<string> => {
  if (examinations.length === 0) return ['There is no relation for certificates in it.'];
  return [
    now === null ? 'Validity is not judged: the document does not tell the time.' : `As of ${now}.`,
    ...findingLines(page, findings),
    ...examinations.flatMap((examination) => examinationLines(page, examination, now)),
  ];
};
