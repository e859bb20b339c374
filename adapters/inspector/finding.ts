/**
 * Findings with their remedies: beside what they are about, and gathered by kind at the top.
 *
 * @module
 */
import { type Examinations, partiesOf } from '../../core/examine/examination.ts';
import { type Parties, remedyOf } from '../../core/examine/remedies.ts';
import { remedyOfTrust } from '../../core/examine/trust-words.ts';
import type { Finding, Severity } from '../../core/model/finding.ts';
import { drawing, el } from './element.ts';
import { counted, foreign } from './words.ts';

const SEVERITIES: ReadonlyArray<Severity> = ['error', 'warning', 'info'];

/** A code as words: `names-missing` is “names missing”. */
const wordsOf = (code: string): string => code.replaceAll('-', ' ');

const remedyLine = (remedy: string | null): HTMLElement | null =>
  remedy === null || remedy === 'nothing'
    ? null
    : el('p', { class: 'remedy' }, drawing('right'), el('span', {}, foreign(remedy, 600)));

/** A finding with what to do about it. */
export interface Told {
  readonly finding: Finding;
  readonly remedy: string | null;
}

const NOBODY: Parties = { requirer: null, provider: null };

/** All findings with their remedies, which name the applications that they are about. */
export const toldIn = ({ examinations, trust, findings }: Examinations): ReadonlyArray<Told> => [
  ...findings.map((finding) => ({ finding, remedy: remedyOf(finding.code, NOBODY) })),
  ...trust.flatMap((one) => one.findings.map((finding) => ({ finding, remedy: remedyOfTrust(finding.code, one) }))),
  ...examinations.flatMap((examination) => {
    const parties = partiesOf(examination);
    const told = (all: ReadonlyArray<Finding>, denied: { readonly code: number } | null = null): ReadonlyArray<Told> =>
      all.map((finding) => ({ finding, remedy: remedyOf(finding.code, parties, denied) }));
    return [
      ...told(examination.findings),
      ...examination.requests.flatMap(({ findings, denied }) => told(findings, denied)),
    ];
  }),
];

/** One finding, beside what it is about. */
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

/** How findings of one kind are gathered: how many places are shown before the others. */
const SHOWN = 4;

/** Where a finding is; whose it is goes without saying where there is only one. */
const placeOf = ({ place: { unit, relationId, key, commonName } }: Finding, isOneOfMany: boolean): string => {
  const what = [commonName, key === undefined ? undefined : `key ${key}`].filter((part) => part !== undefined);
  const whose = isOneOfMany || what.length === 0 ? [unit, relationId].filter((part) => part !== undefined) : [];
  return [...what, ...whose].map((part) => foreign(part, 80)).join(' · ') || 'the whole';
};

/** What happens when somebody wants to see what a finding is about. */
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
  all: ReadonlyArray<Finding>,
  item: (finding: Finding) => HTMLElement,
): HTMLElement => {
  const [first, rest] = [all.slice(0, SHOWN), all.slice(SHOWN)];
  const more = el('ul', { class: 'places' });
  return el(
    'article',
    { class: `kind ${severity}` },
    el(
      'h3',
      {},
      el('span', { class: 'badge' }, drawing(severity)),
      el('span', { class: 'title' }, wordsOf(code), el('span', { class: 'unseen' }, ` (${severity})`)),
      all.length === 1 ? null : el('span', { class: 'count' }, `${all.length.toLocaleString('en')} times`),
    ),
    remedyLine(remedy),
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
  );
};

/** All findings, gathered by kind and remedy, the worst first. */
export const findingKinds = (
  told: ReadonlyArray<Told>,
  areOfMany: boolean,
  show: Show,
): ReadonlyArray<HTMLElement> =>
  SEVERITIES.flatMap((severity) => {
    const kinds = new Map<string, Array<Told>>();
    for (const one of told) {
      if (one.finding.severity !== severity) continue;
      const key = `${one.finding.code} ${one.remedy ?? ''}`;
      const kind = kinds.get(key) ?? [];
      kinds.set(key, kind);
      kind.push(one);
    }
    return [...kinds.values()].flatMap((kind) => {
      const [first] = kind;
      if (first === undefined) return [];
      const findings = kind.map(({ finding }) => finding);
      return gathered(first.finding.code, severity, first.remedy, findings, (one) => placeItem(one, areOfMany, show));
    });
  });
