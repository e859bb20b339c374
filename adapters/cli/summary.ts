/**
 * The first line of an inspection: the verdict, the numbers behind it, and the time it applies to.
 *
 * @module
 */
import type { Examinations } from '../../core/examine/examination.ts';
import { type Outlook, tallyOf } from '../../core/examine/tally.ts';
import { counted } from '../../core/model/shape.ts';
import { wrapped } from '../text/table.ts';
import type { Page, Style } from './terminal.ts';

const STYLES: Readonly<Record<Outlook, Style>> = { good: 'green', open: 'yellow', warning: 'yellow', error: 'red' };

const STATES = [['denied', 'denied'], ['revoked', 'revoked'], ['unanswered', 'not answered']] as const;

/** The summary as lines: one, unless the terminal is narrow. */
export const summaryLines = ({ paint, width }: Page, examined: Examinations): ReadonlyArray<string> => {
  const { outlook, sentence, errors, warnings, states, requests } = tallyOf(examined);
  const numbers = [
    ...(requests === 0 ? [] : [`${states.answered} of ${counted(requests, 'request')} answered`]),
    ...STATES.flatMap(([state, words]) => states[state] === 0 ? [] : [`${states[state]} ${words}`]),
    ...(errors === 0 ? [] : [counted(errors, 'error')]),
    ...(warnings === 0 ? [] : [counted(warnings, 'warning')]),
  ];
  const when = examined.now === null ? 'Dates were not checked: no time is given.' : `As of ${examined.now}.`;
  if (examined.examinations.length + examined.trust.length + examined.findings.length === 0) {
    return [paint(STYLES[outlook], sentence)];
  }
  const [first = '', ...rest] = wrapped(
    `${sentence} ${numbers.length === 0 ? '' : `${numbers.join(', ')}. `}${when}`,
    width,
  );
  // If the sentence itself is wrapped, it stays plain.
  return [
    first.startsWith(sentence) ? paint(STYLES[outlook], sentence) + first.slice(sentence.length) : first,
    ...rest,
  ];
};
