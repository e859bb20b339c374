/**
 * An inspection, for operators: per requirer and relation, who requested what, what was answered, which protocol is spoken, and what is
 * wrong with its remedy.
 *
 * @module
 */
import type { Capabilities } from '../../core/csr/capabilities.ts';
import {
  type Examination,
  type Examinations,
  type ExaminedRequest,
  partiesOf,
} from '../../core/examine/examination.ts';
import type { Evidence, SpokenProtocol } from '../../core/examine/protocol.ts';
import { spokenWords, waitingWords } from '../../core/examine/protocol-words.ts';
import type { Description } from '../../core/x509/mod.ts';
import { counted } from '../../core/model/shape.ts';
import { printable } from '../text/printable.ts';
import { aligned, wrapped } from '../text/table.ts';
import { bridgeLines } from './bridged.ts';
import { trustLines } from './inspected-trust.ts';
import { findingLines, requestLines } from './inspected-request.ts';
import { FILES } from './pem-files.ts';
import { fitted, type Page } from './terminal.ts';

/** How many CAs and provider units are named for each requesting unit: all units have the same ones, and there may be thousands of either. */
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
  ].join(', ') || 'no limits published';

/** How to see the rest: a sentence or two each. */
const hintsOf = (
  { requirer, askedSeen, protocol, asker, requests, providers, areRolesAssumed }: Examination,
): ReadonlyArray<string> => [
  ...(areRolesAssumed
    ? [
      "The application-data is taken to be the other side's, as Juju 2.9 and 3 print it. With Juju 4, name the application that requests: --requirer <application>.",
    ]
    : []),
  ...(!askedSeen && protocol !== 'csr'
    ? ["The unit's own databag is missing: add the output of juju show-unit for a provider unit."]
    : []),
  ...(!askedSeen && protocol === 'csr' && asker === 'application' && requests.some(({ sans }) => sans !== null)
    ? [
      'These requests are known from their answers only. To see who made them, and requests without an answer, add the output of juju show-unit for a unit of the provider.',
    ]
    : []),
  ...(protocol === 'csr' && providers.length === 0
    ? [
      `The answers are missing: add the output of juju show-unit for a unit of the requirer${
        asker === 'unit' ? `: add juju show-unit ${printable(requirer, 60)}` : ''
      }.`,
    ]
    : []),
];

/** Which protocol is spoken, and the evidence for it. */
const protocolLines = (
  protocol: SpokenProtocol,
  evidence: ReadonlyArray<Evidence>,
  width: number,
): ReadonlyArray<string> => {
  const words = spokenWords(protocol, evidence);
  return words === null ? [] : wrapped(printable(words, 600), width - 2).map((line) => `  ${line}`);
};

/** Who asks whom, and how far it has come; or the files. */
const headOf = (
  { paint }: Page,
  { requirer, relationId, providers, askedSeen, asker, requests }: Examination,
): string => {
  if (relationId === FILES) {
    return `${paint('bold', printable(requirer, 400))}: ${counted(requests.length, 'certificate')}`;
  }
  const answered = requests.filter(({ state }) => state === 'answered').length;
  const denied = requests.filter(({ state }) => state === 'denied').length;
  const summary = requests.length === 0
    ? 'nothing requested'
    : `${answered} of ${requests.length} answered${denied === 0 ? '' : `, ${denied} denied`}`;
  const link = requests.length === 0 ? 'from' : 'by';
  const by = providers.length === 0 ? ", the provider's databags are not here" : ` ${link} ${namesOf(providers, 60)}`;
  const kind = asker === 'unit' ? '' : askedSeen ? ' (application)' : ' (unit not known)';
  return `${paint('bold', printable(requirer))}${kind} on ${paint('bold', printable(relationId))}: ${summary}${by}`;
};

const examinationLines = (
  page: Page,
  examination: Examination,
  now: string | null,
  withKey: ReadonlySet<ExaminedRequest>,
): ReadonlyArray<string> => {
  const { paint, width } = page;
  const { relationId, askedSeen, asker, protocol, evidence, capabilities } = examination;
  const { requests, ca, chain, waitingSince, findings } = examination;
  const published = new Set(ca.map(({ sha256 }) => sha256));
  const isPublished = ({ sha256 }: Description): boolean => published.has(sha256);
  const parties = partiesOf(examination);
  const isFile = relationId === FILES;
  return [
    '',
    headOf(page, examination),
    ...hintsOf(examination).flatMap((hint) => wrapped(hint, width - 2)).map((line) => paint('dim', `  ${line}`)),
    // If the sides differ, the finding says so.
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
    ) => ['', ...requestLines(page, request, { askedSeen, asker, parties, now, isFile, withKey }, isPublished)]),
  ];
};

/** The inspection as lines; `withKey` are the requests from files that also contain the private key. */
export const inspectionLines = (
  page: Page,
  { now, examinations, trust, findings }: Examinations,
  withKey: ReadonlySet<ExaminedRequest> = new Set(),
): ReadonlyArray<string> =>
  fitted(page, [
    ...findingLines(page, findings),
    ...examinations.flatMap((examination) => examinationLines(page, examination, now, withKey)),
    ...bridgeLines(examinations),
    ...trust.flatMap((one) => trustLines(page, one, now)),
  ]);
