/**
 * The moment as of which certificates are judged: a slider on the common time line, a date, and the way back to the present.
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

/** How far a moment is from the present that the document, or the clock, tells. */
const distance = (moment: number, present: number): string => {
  const days = Math.round((moment - present) / DAY);
  if (days === 0) return 'the present';
  const n = Math.abs(days);
  return `${n.toLocaleString('en')} day${n === 1 ? '' : 's'} ${days < 0 ? 'earlier' : 'later'}`;
};

/** The control for a present; `move` is told of every moment that somebody chooses. */
export const momentBar = (present: number, move: (moment: number) => void): MomentBar => {
  const range = el('input', {
    attributes: { type: 'range', step: '1', 'aria-label': 'The moment as of which certificates are judged' },
    on: { input: () => move(range.valueAsNumber * HOUR) },
  });
  const date = el('input', {
    attributes: { type: 'date', 'aria-label': 'As of this date' },
    on: { change: () => Number.isNaN(date.valueAsNumber) ? move(present) : move(date.valueAsNumber) },
  });
  const back = el(
    'button',
    { class: 'quiet', attributes: { type: 'button' }, on: { click: () => move(present) } },
    'Back to the present',
  );
  const words = el('output', { class: 'words' });
  const marks = el('div', { class: 'marks', attributes: { 'aria-hidden': 'true' } });
  const element = el(
    'div',
    { class: 'moment', attributes: { role: 'group', 'aria-label': 'Time' } },
    el('div', { class: 'when' }, el('span', { class: 'as-of' }, 'As of'), date, back),
    el('div', { class: 'axis' }, marks, range),
    words,
  );
  return {
    element,
    show: (moment) => {
      range.value = String(Math.round(moment / HOUR));
      range.setAttribute('aria-valuetext', `${day(moment)}, ${distance(moment, present)}`);
      date.valueAsNumber = Math.floor(moment / DAY) * DAY;
      words.textContent = distance(moment, present);
      back.hidden = Math.abs(moment - present) < DAY / 2;
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
