/**
 * The report: the verdict, the moment, the findings, and every exchange.
 *
 * @module
 */
import type { Examination, Examinations } from '../../core/examine/examination.ts';
import { type Tally, tallyOf } from '../../core/examine/tally.ts';
import type { Finding } from '../../core/model/finding.ts';
import type { Description } from '../../core/x509/mod.ts';
import { drawing, el, setVariables } from './element.ts';
import { findingKinds } from './finding.ts';
import { flagsPanel } from './flags.ts';
import { type Ledger, ledgerOf } from './ledger.ts';
import { momentBar } from './moment.ts';
import type { Reading } from './reading.ts';
import { sidesFigure } from './sides.ts';
import { placeOf, type Scale, scaleOf, within } from './timeline.ts';
import { ledgersIn, trustFigure } from './trust.ts';
import { glanceOfRequest, type Look } from './verdict.ts';
import { counted, DAY, day, foreign } from './words.ts';
import type { Pause } from './work.ts';

/** A report that can be shown at another moment. */
export interface Report {
  readonly element: HTMLElement;
  /** Whether one of the sides was not seen. */
  readonly isOneSided: boolean;
  /** The verdict alone. */
  readonly headline: () => string;
  /** A summary in one sentence. */
  readonly sentence: () => string;
  /** Makes the rows. */
  readonly fill: (pause: Pause) => Promise<void>;
  /** Shows the moment and the words that depend on it at once; the verdicts do not change yet. */
  readonly move: (moment: number) => void;
  /** Shows the verdicts at the moment. */
  readonly show: (examinations: Examinations) => void;
}

const leavesOf = ({ examinations }: Examinations): ReadonlyArray<Description> =>
  examinations.flatMap(({ requests }) => requests.flatMap(({ answer }) => answer?.certificate ?? []));

const authoritiesOf = (examinations: Examinations): ReadonlyArray<Description> =>
  ledgersIn(examinations).flatMap(({ ca, chain }) => [...ca, ...chain]);

/** Who asks, how much, and with what result. */
const summaryOf = ({ states, requests, trusted }: Tally, { examinations, trust }: Examinations): string =>
  [
    ...(examinations.length === 0 && trust.length > 0 ? [] : [
      counted(examinations.length, 'unit'),
      ...(requests === 0 ? [] : [counted(requests, 'request')]),
      `${counted(states.answered, 'certificate')} delivered`,
    ]),
    ...(trust.length === 0 ? [] : [`${counted(trusted, 'CA certificate')} to trust`]),
  ].join(', ');

/** A verdict for another time than the current one says so, and is not green. */
const headlineOf = ({ outlook, sentence }: Tally, moment: number, clock: number): string => {
  if (outlook !== 'good' || Math.abs(moment - clock) < DAY) return sentence;
  return `All certificates ${moment < clock ? 'were' : 'will be'} valid on ${day(moment)}.`;
};

const LOOKS: ReadonlyArray<readonly [look: Look, words: string]> = [
  ['error', 'wrong'],
  ['warning', 'with a warning'],
  ['open', 'open'],
  ['good', 'good'],
];

/** How many requests have each look: a mark and a number each. */
const statesOf = ({ examinations }: Examinations, moment: number): ReadonlyArray<HTMLElement> => {
  const counts = new Map<Look, number>();
  for (const { requests } of examinations) {
    for (const request of requests) {
      const { look } = glanceOfRequest(request, moment);
      counts.set(look, (counts.get(look) ?? 0) + 1);
    }
  }
  return LOOKS.flatMap(([look, words]) => {
    const n = counts.get(look) ?? 0;
    return n === 0 ? [] : [el('li', { class: `state ${look}` }, drawing(look), `${n.toLocaleString('en')} ${words}`)];
  });
};

/** The same without a list around it. */
const asSpan = (item: HTMLElement): HTMLElement => el('span', { class: item.className }, ...item.childNodes);

/** The worst look of a unit's requests, or of the findings about the whole unit. */
const lookOf = ({ requests, findings }: Examination, moment: number): Look => {
  const looks = new Set<Look>(requests.map((request) => glanceOfRequest(request, moment).look));
  if (findings.some(({ severity }) => severity === 'error')) return 'error';
  return LOOKS.map(([look]) => look).find((look) => looks.has(look)) ?? 'open';
};

/** Flags belong to a unit, whatever relations it has, so they are shown where the unit first appears. */
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

/** With at least this many rows, a search field is worth it. */
const SEARCHABLE = 12;

/** With at least this many units, each is folded unless something is wrong with it. */
const FOLDED = 8;

/** A report on what was read, at a moment; `clock` is the current time, and `moved` is called when another moment is chosen. */
export const reportOf = (
  reading: Reading,
  first: Examinations,
  begin: number,
  clock: number,
  moved: (moment: number) => void,
): Report => {
  let [examinations, now] = [first, begin];
  let isWhole = leavesOf(first).length === 0;
  const spanOf = (): Scale =>
    scaleOf(isWhole ? [...leavesOf(examinations), ...authoritiesOf(examinations)] : leavesOf(examinations), now);
  let scale = spanOf();

  const headline = el('h1', { attributes: { tabindex: '-1' } });
  const summary = el('p', { class: 'summary' });
  const states = el('ul', { class: 'states', attributes: { 'aria-label': 'Requests by state' } });
  const findings = el('div', { class: 'kinds' });
  const findingsSection = el(
    'section',
    { class: 'findings', attributes: { 'aria-labelledby': 'findings-title' } },
    el('h2', { attributes: { id: 'findings-title' } }, 'Findings'),
    findings,
  );
  const bar = momentBar({ clock, document: reading.now === null ? null : Date.parse(reading.now) }, moved);

  const isFolded = first.examinations.length > FOLDED;
  const ledgers = ledgersIn(first).map((examination): Ledger => ledgerOf(examination, now, scale));
  const flags = flagsBySection(reading, first.examinations);
  const sections = ledgersIn(first).map((examination, i) => {
    const trust = first.trust[i - first.examinations.length];
    const sides = reading.sides[i] ?? { asked: null, published: null };
    const title = el(
      'h2',
      {},
      el('bdi', {}, foreign(examination.requirer, 80)),
      el('span', { class: 'on' }, ' on '),
      el('bdi', {}, foreign(examination.relationId, 80)),
    );
    const figure = trust === undefined ? sidesFigure(examination, sides) : trustFigure(trust);
    const inside = [figure, ledgers[i]?.element ?? null, ...(flags[i] ?? [])];
    if (!isFolded) return el('section', { class: 'exchange' }, title, ...inside);
    const isWrong = lookOf(examination, begin) === 'error';
    return el(
      'details',
      { class: 'exchange', ...(isWrong ? { attributes: { open: '' } } : {}) },
      el(
        'summary',
        {},
        title,
        el('span', { class: 'states' }, ...statesOf({ ...first, examinations: [examination] }, begin).map(asSpan)),
        drawing('more'),
      ),
      ...inside,
    );
  });
  const unfold = (i: number): void => {
    const section = sections[i];
    if (section instanceof HTMLDetailsElement) section.open = true;
  };

  const show = (finding: Finding): void => {
    const { relationId, unit, commonName = '' } = finding.place;
    const i = ledgersIn(examinations).findIndex((examination) =>
      examination.relationId === relationId &&
      (unit === undefined
        ? examination.requests.some((request) => request.commonName === commonName)
        : examination.requirer === unit)
    );
    unfold(i);
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
    const isSifted = sieve.text !== '' || sieve.troubledOnly;
    const n = ledgers.reduce((sum, ledger, i) => {
      const found = ledger.sift(sieve);
      if (isSifted && found > 0) unfold(i);
      return sum + found;
    }, 0);
    shown.textContent = !isSifted ? '' : `${counted(n, 'row')} shown`;
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
    el('header', { class: 'verdict' }, headline, summary, states),
    bar.element,
    findingsSection,
    tools,
    ...sections,
  );

  const paint = (): void => {
    const tally = tallyOf(examinations);
    headline.textContent = headlineOf(tally, now, clock);
    summary.textContent = summaryOf(tally, examinations);
    states.replaceChildren(...statesOf(examinations, now));
    element.dataset['look'] = tally.outlook === 'good' && Math.abs(now - clock) >= DAY ? 'open' : tally.outlook;
    findings.replaceChildren(...findingKinds(examinations, show));
    findingsSection.hidden = findings.childElementCount === 0;
  };

  paint();
  rescale();
  bar.element.hidden = ledgers.length === 0;
  return {
    element,
    isOneSided: reading.sides.some(({ asked, published }) => asked === null || published === null),
    headline: () => headline.textContent ?? '',
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
