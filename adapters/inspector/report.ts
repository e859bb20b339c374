/**
 * The report: the verdict, the moment, the findings, and every exchange.
 *
 * @module
 */
import { allFindings, type Examination, type Examinations } from '../../core/examine/examination.ts';
import type { Finding } from '../../core/model/finding.ts';
import type { Description } from '../../core/x509/mod.ts';
import { el, setVariables } from './element.ts';
import { findingKinds, toldIn } from './finding.ts';
import { flagsPanel } from './flags.ts';
import { type Ledger, ledgerOf } from './ledger.ts';
import { momentBar } from './moment.ts';
import type { Reading } from './reading.ts';
import { sidesFigure } from './sides.ts';
import { placeOf, type Scale, scaleOf, within } from './timeline.ts';
import { ledgersIn, trustFigure } from './trust.ts';
import { counted, foreign } from './words.ts';
import type { Pause } from './work.ts';

/** A report that can be shown as of another moment. */
export interface Report {
  readonly element: HTMLElement;
  /** Whether one of the sides was not seen. */
  readonly isOneSided: boolean;
  /** What there is to say in one sentence. */
  readonly sentence: () => string;
  /** Makes the rows. */
  readonly fill: (pause: Pause) => Promise<void>;
  /** Shows the moment at once, and words that follow from it; the verdicts are those of before. */
  readonly move: (moment: number) => void;
  /** Shows the verdicts as of the moment. */
  readonly show: (examinations: Examinations) => void;
}

const leavesOf = ({ examinations }: Examinations): ReadonlyArray<Description> =>
  examinations.flatMap(({ requests }) => requests.flatMap(({ answer }) => answer?.certificate ?? []));

const authoritiesOf = (examinations: Examinations): ReadonlyArray<Description> =>
  ledgersIn(examinations).flatMap(({ ca, chain }) => [...ca, ...chain]);

/** What is counted for the verdict. */
interface Tally {
  readonly errors: number;
  readonly warnings: number;
  readonly asked: number;
  readonly answered: number;
  /** CA certificates that are handed out for trust. */
  readonly trusted: number;
}

const tallyOf = (examinations: Examinations): Tally => {
  const findings = allFindings(examinations);
  const requests = examinations.examinations.flatMap((examination) => examination.requests);
  return {
    errors: findings.filter(({ severity }) => severity === 'error').length,
    warnings: findings.filter(({ severity }) => severity === 'warning').length,
    asked: requests.filter(({ sans }) => sans !== null).length,
    answered: requests.filter(({ state }) => state === 'answered').length,
    trusted: examinations.trust.reduce((sum, { certificates }) => sum + certificates.length, 0),
  };
};

const headlineOf = ({ errors, warnings, answered, asked, trusted }: Tally, exchanges: number): string => {
  if (exchanges === 0) return 'There is no relation for certificates in it.';
  if (errors > 0) return errors === 1 ? 'One thing is wrong.' : `${errors.toLocaleString('en')} things are wrong.`;
  if (warnings > 0) {
    return warnings === 1 ? 'One thing to look at.' : `${warnings.toLocaleString('en')} things to look at.`;
  }
  if (answered === 0 && trusted === 0) return asked === 0 ? 'Nothing was asked for.' : 'Nothing is answered yet.';
  return 'Everything holds.';
};

const summaryOf = ({ asked, answered, trusted }: Tally, { examinations, trust }: Examinations): string => {
  const asking = asked === 0 ? [] : [counted(asked, 'request')];
  return [
    ...(examinations.length === 0
      ? []
      : [counted(examinations.length, 'unit'), ...asking, `${counted(answered, 'certificate')} delivered`]),
    ...(trust.length === 0 ? [] : [`${counted(trusted, 'CA certificate')} to trust`]),
  ].join(', ');
};

/** Flags are of a unit, whatever relations it has: they stand where the unit is seen first. */
const flagsBySection = (
  { flags }: Reading,
  examinations: ReadonlyArray<Examination>,
): ReadonlyArray<ReadonlyArray<HTMLElement>> => {
  const shown = new Set<string>();
  return examinations.map(({ requirer, providers }) =>
    [requirer, ...providers].flatMap((name) => {
      if (shown.has(name)) return [];
      shown.add(name);
      return flags.filter(({ unit }) => unit === name).map(flagsPanel);
    })
  );
};

/** Rows from which on searching is worth a control. */
const SEARCHABLE = 12;

/** A report on what was read, for a present; `moved` is told when somebody chooses another moment. */
export const reportOf = (
  reading: Reading,
  first: Examinations,
  present: number,
  moved: (moment: number) => void,
): Report => {
  let [examinations, now] = [first, present];
  let isWhole = leavesOf(first).length === 0;
  const spanOf = (): Scale =>
    scaleOf(isWhole ? [...leavesOf(examinations), ...authoritiesOf(examinations)] : leavesOf(examinations), now);
  let scale = spanOf();

  const headline = el('h1', { attributes: { tabindex: '-1' } });
  const summary = el('p', { class: 'summary' });
  const findings = el('div', { class: 'kinds' });
  const findingsSection = el(
    'section',
    { class: 'findings', attributes: { 'aria-labelledby': 'findings-title' } },
    el('h2', { attributes: { id: 'findings-title' } }, 'Findings'),
    findings,
  );
  const bar = momentBar(present, moved);

  const ledgers = ledgersIn(first).map((examination): Ledger => ledgerOf(examination, now, scale));
  const flags = flagsBySection(reading, first.examinations);
  const sections = ledgersIn(first).map((examination, i) => {
    const trust = first.trust[i - first.examinations.length];
    const sides = reading.sides[i] ?? { asked: null, published: null };
    return el(
      'section',
      { class: 'exchange' },
      el(
        'h2',
        {},
        el('bdi', {}, foreign(examination.requirer, 80)),
        el('span', { class: 'on' }, ' on '),
        el('bdi', {}, foreign(examination.relationId, 80)),
      ),
      trust === undefined ? sidesFigure(examination, sides) : trustFigure(trust),
      ledgers[i]?.element ?? null,
      ...(flags[i] ?? []),
    );
  });

  const show = (finding: Finding): void => {
    const { relationId, unit, commonName = '' } = finding.place;
    const i = ledgersIn(examinations).findIndex((examination) =>
      examination.relationId === relationId &&
      (unit === undefined
        ? examination.requests.some((request) => request.commonName === commonName)
        : examination.requirer === unit)
    );
    ledgers[i]?.open(commonName);
  };

  const rescale = (): void => {
    scale = spanOf();
    bar.scale(scale);
    bar.show(now);
    for (const ledger of ledgers) ledger.scale(scale);
    setVariables(element, { now: placeOf(scale, now).toFixed(5) });
  };

  const whole = el('input', {
    attributes: { type: 'checkbox' },
    on: {
      change: () => {
        isWhole = whole.checked;
        rescale();
      },
    },
  });
  whole.checked = isWhole;
  const sought = el('input', {
    attributes: { type: 'search', placeholder: 'Find a name', 'aria-label': 'Find a name', autocomplete: 'off' },
    on: { input: () => sift() },
  });
  const troubled = el('input', { attributes: { type: 'checkbox' }, on: { change: () => sift() } });
  const shown = el('span', { class: 'shown', attributes: { role: 'status' } });
  const sift = (): void => {
    const sieve = { text: sought.value.trim().toLowerCase(), troubledOnly: troubled.checked };
    const n = ledgers.reduce((sum, ledger) => sum + ledger.sift(sieve), 0);
    shown.textContent = sieve.text === '' && !sieve.troubledOnly ? '' : `${counted(n, 'row')} shown`;
  };
  const rows = ledgersIn(first).reduce(
    (n, { requests, ca, chain }) => n + requests.length + ca.length + chain.length,
    0,
  );
  const tools = el(
    'div',
    { class: 'tools' },
    ...(rows < SEARCHABLE ? [] : [sought, el('label', {}, troubled, 'Only with findings'), shown]),
    authoritiesOf(first).length === 0 ? null : el('label', { class: 'whole' }, whole, 'Whole life of the CA'),
  );

  const element = el(
    'div',
    { class: 'report' },
    el('header', { class: 'verdict' }, headline, summary),
    bar.element,
    findingsSection,
    tools,
    ...sections,
  );

  const paint = (): void => {
    const tally = tallyOf(examinations);
    headline.textContent = headlineOf(tally, ledgers.length);
    summary.textContent = summaryOf(tally, examinations);
    element.dataset['look'] = tally.errors > 0 ? 'error' : tally.warnings > 0 ? 'warning' : 'good';
    findings.replaceChildren(...findingKinds(toldIn(examinations), ledgers.length > 1, show));
    findingsSection.hidden = findings.childElementCount === 0;
  };

  paint();
  rescale();
  bar.element.hidden = ledgers.length === 0;
  return {
    element,
    isOneSided: reading.sides.some(({ asked, published }) => asked === null || published === null),
    sentence: () => `${headline.textContent} ${summary.textContent}.`,
    fill: async (pause) => {
      for (const ledger of ledgers) await ledger.fill(pause);
    },
    move: (moment) => {
      now = moment;
      bar.show(moment);
      if (within(scale, moment) !== placeOf(scale, moment)) rescale();
      setVariables(element, { now: placeOf(scale, moment).toFixed(5) });
      const shown = ledgersIn(examinations);
      for (const [i, ledger] of ledgers.entries()) {
        const examination = shown[i];
        if (examination !== undefined) ledger.show(examination, moment);
      }
    },
    show: (judged) => {
      examinations = judged;
      const shown = ledgersIn(judged);
      for (const [i, ledger] of ledgers.entries()) {
        const examination = shown[i];
        if (examination !== undefined) ledger.show(examination, now);
      }
      paint();
    },
  };
};
