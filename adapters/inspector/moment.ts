/**
 * The moment at which certificates are judged: a slider on the common time line, a date, and the way back to the current time.
 *
 * @module
 */
import { el, setVariables } from './element.ts';
import { marksOf, placeOf, type Scale } from './timeline.ts';
import { DAY, day } from './words.ts';

const HOUR = 3_600_000;

/** The control. */
export interface MomentBar {
  readonly element: HTMLElement;
  readonly show: (moment: number) => void;
  readonly scale: (scale: Scale) => void;
}

/** The current times that matter: the clock's, and the one that a document states. */
export interface Presents {
  readonly clock: number;
  /** Null if no document states the time. */
  readonly document: number | null;
}

const isSameDay = (one: number, other: number): boolean => Math.abs(one - other) < DAY / 2;

/** How far a moment is from the current time, always by the clock, whatever a document states. */
const distance = (moment: number, { clock, document }: Presents): string => {
  const days = Math.round((moment - clock) / DAY);
  const n = Math.abs(days);
  const far = days === 0
    ? 'the present'
    : `${n.toLocaleString('en')} day${n === 1 ? '' : 's'} ${days < 0 ? 'earlier' : 'later'}`;
  return document !== null && days !== 0 && isSameDay(moment, document) ? `${far}, the document’s own time` : far;
};

/** The control; `move` receives every moment that is chosen. */
export const momentBar = (presents: Presents, move: (moment: number) => void): MomentBar => {
  const { clock, document } = presents;
  const range = el('input', {
    attributes: { type: 'range', step: '1', 'aria-label': 'The moment as of which certificates are judged' },
    on: { input: () => move(range.valueAsNumber * HOUR) },
  });
  const date = el('input', {
    attributes: { type: 'date', 'aria-label': 'As of this date' },
    on: { change: () => Number.isNaN(date.valueAsNumber) ? move(clock) : move(date.valueAsNumber) },
  });
  const way = (words: string, moment: number): HTMLButtonElement =>
    el('button', { class: 'quiet', attributes: { type: 'button' }, on: { click: () => move(moment) } }, words);
  const back = way('Back to the present', clock);
  const own = way('The document’s time', document ?? clock);
  const words = el('output', { class: 'words' });
  const marks = el('div', { class: 'marks', attributes: { 'aria-hidden': 'true' } });
  const element = el(
    'div',
    { class: 'moment', attributes: { role: 'group', 'aria-label': 'Time' } },
    el('div', { class: 'when' }, el('span', { class: 'as-of' }, 'As of'), date, back, own),
    el('div', { class: 'axis' }, marks, range),
    words,
  );
  return {
    element,
    show: (moment) => {
      range.value = String(Math.round(moment / HOUR));
      range.setAttribute('aria-valuetext', `${day(moment)}, ${distance(moment, presents)}`);
      date.valueAsNumber = Math.floor(moment / DAY) * DAY;
      words.textContent = distance(moment, presents);
      back.hidden = isSameDay(moment, clock);
      own.hidden = document === null || isSameDay(moment, document) || isSameDay(document, clock);
    },
    scale: (scale) => {
      range.min = String(Math.ceil(scale.first / HOUR));
      range.max = String(Math.floor(scale.last / HOUR));
      marks.replaceChildren(
        ...marksOf(scale).map(({ moment, label }) =>
          el(
            'span',
            { class: /^\d{4}$/.test(label) ? 'mark year' : 'mark', variables: { at: placeOf(scale, moment) } },
            label,
          )
        ),
      );
      setVariables(element, { marks: marks.childElementCount });
    },
  };
};
