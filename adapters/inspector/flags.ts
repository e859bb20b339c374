/**
 * The flags of a unit, and why each is set.
 *
 * @module
 */
import { drawing, el } from './element.ts';
import type { UnitFlags } from './set-flags.ts';
import { counted, foreign } from './words.ts';

/** The flags of one unit, folded until someone opens them. */
export const flagsPanel = ({ unit, flags, remembered }: UnitFlags): HTMLElement =>
  el(
    'details',
    { class: 'flags' },
    el('summary', {}, drawing('more'), `${counted(flags.length, 'flag')} set on ${foreign(unit, 80)}`),
    el(
      'p',
      { class: 'hint' },
      remembered
        ? 'As the unit remembers them, with what this hook changes.'
        : 'As for a unit that sees this for the first time. The output does not show what it remembers, so it may have handled some changes.',
    ),
    el(
      'dl',
      {},
      ...flags.flatMap(({ flag, reason, isNew }) => [
        el('dt', {}, el('code', {}, foreign(flag)), isNew ? el('span', { class: 'new' }, 'new') : null),
        el('dd', {}, reason),
      ]),
    ),
  );
