/**
 * An inspection for an operator's eyes: per requirer and relation, who asked for what, what was answered, which protocol is spoken, and
 * what is wrong with a remedy.
 *
 * @module
 */
import type { Capabilities } from '../../core/csr/capabilities.ts';
import { type Examination, type Examinations, partiesOf } from '../../core/examine/examination.ts';
import type { Evidence, SpokenProtocol } from '../../core/examine/protocol.ts';
import { spokenWords, waitingWords } from '../../core/examine/protocol-words.ts';
import type { Description } from '../../core/x509/mod.ts';
import { printable } from '../text/printable.ts';
import { aligned, wrapped } from '../text/table.ts';
import { bridgeLines } from './bridged.ts';
import { trustLines } from './inspected-trust.ts';
import { findingLines, requestLines } from './inspected-request.ts';
import type { Page } from './terminal.ts';

/** CAs and provider units named for each unit that asks: all units have the same, and there may be thousands of either. */
const MAX_NAMED = 12;

const namesOf = (names: ReadonlyArray<string>, limit: number): string => {
  const more = names.length - MAX_NAMED;
  const shown = names.slice(0, MAX_NAMED).map((name) => printable(name, limit)).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
};

const subjectsOf = (certificates: ReadonlyArray<Description>): string =>
  namesOf(certificates.map(({ subject }) => subject.text), 70);

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

/** What to add to see the rest, a sentence or two each. */
const hintsOf = (
  { requirer, askedSeen, protocol, asker, requests, providers, areRolesAssumed }: Examination,
): ReadonlyArray<string> => [
  ...(areRolesAssumed
    ? [
      "The application-data is taken for the other side's, as Juju 2.9 and 3 print it. On Juju 4, say who asks: --requirer <application>.",
    ]
    : []),
  ...(!askedSeen && protocol !== 'csr'
    ? ["The unit's own databag is not here: give the output of juju show-unit for a provider unit as well."]
    : []),
  ...(!askedSeen && protocol === 'csr' && asker === 'application' && requests.some(({ sans }) => sans !== null)
    ? [
      'These requests are known from the answers. Which unit made them, and requests without an answer, are in what juju show-unit prints for a unit of the provider: add it to see them.',
    ]
    : []),
  ...(protocol === 'csr' && providers.length === 0
    ? [
      `The answers are in what juju show-unit prints for a unit of the requirer${
        asker === 'unit' ? `: add juju show-unit ${printable(requirer, 60)}` : ''
      }.`,
    ]
    : []),
];

/** Which protocol is spoken, and what shows it. */
const protocolLines = (
  protocol: SpokenProtocol,
  evidence: ReadonlyArray<Evidence>,
  width: number,
): ReadonlyArray<string> => {
  const words = spokenWords(protocol, evidence);
  return words === null ? [] : wrapped(printable(words, 600), width - 2).map((line) => `  ${line}`);
};

const examinationLines = (page: Page, examination: Examination, now: string | null): ReadonlyArray<string> => {
  const { paint, width } = page;
  const { requirer, relationId, providers, askedSeen, asker, protocol, evidence, capabilities } = examination;
  const { requests, ca, chain, waitingSince, findings } = examination;
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
  const kind = asker === 'unit' ? '' : askedSeen ? ' (application)' : ' (unit not known)';
  const who = `${paint('bold', printable(requirer))}${kind}`;
  return [
    '',
    `${who} on ${paint('bold', printable(relationId))}: ${summary}${providers.length === 0 ? ', ' : ' '}${by}`,
    ...hintsOf(examination).flatMap((hint) => wrapped(hint, width - 2)).map((line) => paint('dim', `  ${line}`)),
    // Where the sides differ, the finding says so.
    ...(findings.some(({ code }) => code === 'protocols-differ') ? [] : protocolLines(protocol, evidence, width)),
    ...(waitingSince === null ? [] : [`  ${paint('yellow', waitingWords(waitingSince, now))}`]),
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
export const inspectionLines = (
  page: Page,
  { now, examinations, trust, findings }: Examinations,
): ReadonlyArray<string> => {
  if (examinations.length + trust.length === 0) return ['There is no relation for certificates in it.'];
  return [
    now === null ? 'Validity is not judged: the document does not tell the time.' : `As of ${now}.`,
    ...findingLines(page, findings),
    ...examinations.flatMap((examination) => examinationLines(page, examination, now)),
    ...bridgeLines(examinations),
    ...trust.flatMap((one) => trustLines(page, one, now)),
  ];
};
