/**
 * Findings with their remedies: next to what they are about, and grouped by kind at the top.
 *
 * @module
 */
import { type Examinations, partiesOf } from '../../core/examine/examination.ts';
import { type Parties, remedyOf } from '../../core/examine/remedies.ts';
import { remedyOfTrust } from '../../core/examine/trust-words.ts';
import type { Finding, Severity } from '../../core/model/finding.ts';
import type { Description } from '../../core/x509/mod.ts';
import { drawing, el } from './element.ts';
import { counted, foreign } from './words.ts';

const SEVERITIES: ReadonlyArray<Severity> = ['error', 'warning', 'info'];

/** A code as words: `names-missing` is “names missing”. */
const wordsOf = (code: string): string => code.replaceAll('-', ' ');

const remedyLine = (remedy: string | null): HTMLElement | null =>
  remedy === null || remedy === 'nothing'
    ? null
    : el('p', { class: 'remedy' }, drawing('right'), el('span', {}, foreign(remedy, 600)));

/** A finding with its remedy, and the certificate that it is about. */
interface Told {
  readonly finding: Finding;
  readonly remedy: string | null;
  readonly certificate: Description | null;
}

const NOBODY: Parties = { requirer: null, provider: null };

/** All findings with their remedies, which name the applications involved. */
const toldIn = ({ examinations, trust, findings }: Examinations): ReadonlyArray<Told> => [
  ...findings.map((finding) => ({ finding, remedy: remedyOf(finding.code, NOBODY), certificate: null })),
  ...trust.flatMap((one) =>
    one.findings.map((finding) => ({ finding, remedy: remedyOfTrust(finding.code, one), certificate: null }))
  ),
  ...examinations.flatMap((examination) => {
    const parties = partiesOf(examination);
    return [
      ...examination.findings.map((finding): Told => ({
        finding,
        remedy: remedyOf(finding.code, parties),
        certificate: null,
      })),
      ...examination.requests.flatMap(({ findings, denied, answer }) =>
        findings.map((finding): Told => ({
          finding,
          remedy: remedyOf(finding.code, parties, denied),
          certificate: answer?.certificate ?? null,
        }))
      ),
    ];
  }),
];

/** A finding as text, for a message to someone else: what, where, what to do, and the certificate. It contains no private key. */
const evidenceOf = ({ finding: { code, severity, message, place }, remedy, certificate }: Told): string =>
  [
    `${severity} ${code}: ${foreign(message, 800)}`,
    ...Object.entries(place).map(([what, value]) => `${what}: ${foreign(String(value), 200)}`),
    ...(certificate === null ? [] : [
      `subject: ${foreign(certificate.subject.text)}`,
      `issuer: ${foreign(certificate.issuer.text)}`,
      `valid: ${certificate.notBefore} to ${certificate.notAfter}`,
      `serial: ${certificate.serialNumber}`,
      `SHA-256: ${certificate.sha256}`,
    ]),
    ...(remedy === null ? [] : [`what to do: ${foreign(remedy, 600)}`]),
  ].join('\n');

/** Copies text to the clipboard; when the page is opened from disk, some browsers only allow it through a selection. */
const copyText = async (text: string): Promise<boolean> => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = el('textarea', { class: 'unseen' });
    field.value = text;
    document.body.append(field);
    field.select();
    const isDone = document.execCommand('copy');
    field.remove();
    return isDone;
  }
};

/** How many findings can be copied at once: more would be too long for a message. */
const MAX_COPIED = 100;

const copyButton = (code: string, all: ReadonlyArray<Told>): HTMLElement => {
  const button = el(
    'button',
    {
      class: 'quiet copy',
      attributes: { type: 'button', 'aria-label': `Copy ${wordsOf(code)} with its evidence` },
      on: {
        click: () =>
          void copyText(all.slice(0, MAX_COPIED).map(evidenceOf).join('\n\n')).then((isDone) => {
            button.textContent = isDone ? 'Copied' : 'Not copied';
          }),
      },
    },
    'Copy',
  );
  return button;
};

/** The code, with a link to the API's documentation if that is next to the page. */
const codeWords = (code: string): Node | string =>
  location.protocol.startsWith('http')
    ? el('a', { attributes: { href: `/docs#finding-${code}` } }, wordsOf(code))
    : wordsOf(code);

/** One finding, next to what it is about. */
export const findingNote = (
  { code, severity, message }: Finding,
  parties: Parties,
  denied: { readonly code: number } | null,
): HTMLElement =>
  el(
    'div',
    { class: `finding ${severity}` },
    el('p', { class: 'what' }, drawing(severity), el('strong', {}, `${wordsOf(code)}: `), foreign(message, 800)),
    remedyLine(remedyOf(code, parties, denied)),
  );

/** How many places of one kind of finding are shown before the rest are folded away. */
const SHOWN = 4;

/** Where a finding is; the unit and relation are left out if there is only one. */
const placeOf = ({ place: { unit, relationId, key, commonName } }: Finding, isOneOfMany: boolean): string => {
  const what = [commonName, key === undefined ? undefined : `key ${key}`].filter((part) => part !== undefined);
  const whose = isOneOfMany || what.length === 0 ? [unit, relationId].filter((part) => part !== undefined) : [];
  return [...what, ...whose].map((part) => foreign(part, 80)).join(' · ') || 'the whole';
};

/** What to do when someone wants to see what a finding is about. */
export type Show = (finding: Finding) => void;

const placeItem = (finding: Finding, isOneOfMany: boolean, show: Show): HTMLElement => {
  const place = placeOf(finding, isOneOfMany);
  return el(
    'li',
    {},
    finding.place.commonName === undefined
      ? el('span', { class: 'place' }, place)
      : el('button', { class: 'place', attributes: { type: 'button' }, on: { click: () => show(finding) } }, place),
    el('span', { class: 'message' }, foreign(finding.message, 600)),
  );
};

const gathered = (
  code: string,
  severity: Severity,
  remedy: string | null,
  told: ReadonlyArray<Told>,
  item: (finding: Finding) => HTMLElement,
): HTMLElement => {
  const all = told.map(({ finding }) => finding);
  const [first, rest] = [all.slice(0, SHOWN), all.slice(SHOWN)];
  const more = el('ul', { class: 'places' });
  return el(
    'article',
    { class: `kind ${severity}` },
    el(
      'h3',
      {},
      el('span', { class: 'badge' }, drawing(severity)),
      el('span', { class: 'title' }, codeWords(code), el('span', { class: 'unseen' }, ` (${severity})`)),
      all.length === 1 ? null : el('span', { class: 'count' }, `${all.length.toLocaleString('en')} times`),
      copyButton(code, told),
    ),
    el('ul', { class: 'places' }, ...first.map(item)),
    rest.length === 0 ? null : el(
      'details',
      {
        class: 'others',
        on: {
          toggle: () => {
            if (more.childElementCount === 0) more.append(...rest.map(item));
          },
        },
      },
      el('summary', {}, drawing('more'), `and ${counted(rest.length, 'more place')}`),
      more,
    ),
    remedyLine(remedy),
  );
};

/** All findings, grouped by kind and remedy, the worst first. */
export const findingKinds = (examined: Examinations, show: Show): ReadonlyArray<HTMLElement> => {
  const all = toldIn(examined);
  const areOfMany = examined.examinations.length + examined.trust.length > 1;
  return SEVERITIES.flatMap((severity) => {
    const kinds = new Map<string, Array<Told>>();
    for (const one of all) {
      if (one.finding.severity !== severity) continue;
      const key = `${one.finding.code} ${one.remedy ?? ''}`;
      const kind = kinds.get(key) ?? [];
      kinds.set(key, kind);
      kind.push(one);
    }
    return [...kinds.values()].flatMap((kind) => {
      const [first] = kind;
      if (first === undefined) return [];
      return gathered(first.finding.code, severity, first.remedy, kind, (one) => placeItem(one, areOfMany, show));
    });
  });
};
