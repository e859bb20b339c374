/**
 * Findings with their remedies: beside what they are about, and gathered by kind at the top.
 *
 * @module
 */
import { REMEDIES } from '../../core/examine/remedies.ts';
import type { Finding, Severity } from '../../core/model/finding.ts';
import { drawing, el } from './element.ts';
import { counted, foreign } from './words.ts';

const SEVERITIES: ReadonlyArray<Severity> = ['error', 'warning', 'info'];

/** A code as words: `names-missing` is “names missing”. */
const wordsOf = (code: string): string => code.replaceAll('-', ' ');

const remedyOf = (code: string): HTMLElement | null => {
  const remedy = REMEDIES[code];
  return remedy === undefined || remedy === 'nothing'
    ? null
    : el('p', { class: 'remedy' }, drawing('right'), el('span', {}, remedy));
};

/** One finding, beside what it is about. */
export const findingNote = ({ code, severity, message }: Finding): HTMLElement =>
  el(
    'div',
    { class: `finding ${severity}` },
    el('p', { class: 'what' }, drawing(severity), el('strong', {}, `${wordsOf(code)}: `), foreign(message, 600)),
    remedyOf(code),
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
    remedyOf(code),
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

/** All findings, gathered by kind, the worst first. */
export const findingKinds = (
  findings: ReadonlyArray<Finding>,
  areOfMany: boolean,
  show: Show,
): ReadonlyArray<HTMLElement> =>
  SEVERITIES.flatMap((severity) => {
    const of = findings.filter((finding) => finding.severity === severity);
    return [...new Set(of.map(({ code }) => code))].map((code) =>
      gathered(
        code,
        severity,
        of.filter((finding) => finding.code === code),
        (finding) => placeItem(finding, areOfMany, show),
      )
    );
  });
