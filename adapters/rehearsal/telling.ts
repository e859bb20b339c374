/**
 * The story of a rehearsal in lines for people: the unit, the hook, which keys it wrote, and what it logged.
 *
 * @module
 */
import { printable } from '../text/printable.ts';
import type { StoryEntry, ToldHook } from './story.ts';

/** Colours a piece of text. */
export type PaintStory = (style: 'bold' | 'dim' | 'red' | 'green', text: string) => string;

/** Leaves the text without colours. */
export const unpainted: PaintStory = (_style, text) => text;

/** How many characters are shown of a line that a charm wrote. */
const MAX_SAID = 300;

const isEventful = ({ writes, deletes, keeps, status, log, results, failed }: ToldHook): boolean =>
  failed !== null || status !== null || [writes, deletes, keeps, log, results].some(({ length }) => length > 0);

const hookLines = (paint: PaintStory, told: ToldHook): ReadonlyArray<string> => {
  const about = told.about === null ? '' : paint('dim', ` about ${printable(told.about)}`);
  const title = `  ${paint('bold', printable(told.unit))}  ${printable(told.hook)}${about}`;
  if (!isEventful(told)) return [`${title}${paint('dim', ': nothing to do')}`];
  const line = (label: string, words: string): string =>
    `      ${paint(label === 'failed' ? 'red' : 'dim', label.padEnd(9))}${printable(words, MAX_SAID)}`;
  const listed = (label: string, words: ReadonlyArray<string>): ReadonlyArray<string> =>
    words.length === 0 ? [] : [line(label, words.join(', '))];
  const each = (label: string, texts: ReadonlyArray<string>): ReadonlyArray<string> =>
    texts.flatMap((text) => text.split('\n')).map((text) => line(label, text));
  return [
    title,
    ...each('failed', told.failed === null ? [] : [told.failed]),
    ...listed('writes', told.writes),
    ...listed('deletes', told.deletes),
    ...listed('keeps', told.keeps.map((label) => `${label}, a secret`)),
    ...each('status', told.status === null ? [] : [told.status]),
    ...each('log', told.log),
    ...each('gives', told.results),
  ];
};

/**
 * Writes a part of the story as lines.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { entryLines } from 'interface-tls-certificates/rehearsal';
 * assert.deepEqual(entryLines({ kind: 'step', number: 1, words: 'ca/1 becomes the leader' }), ['', '1. ca/1 becomes the leader']);
 * ```
 */
export const entryLines = (entry: StoryEntry, paint: PaintStory = unpainted): ReadonlyArray<string> => {
  switch (entry.kind) {
    case 'step':
      return ['', paint('bold', `${entry.number}. ${entry.words}`)];
    case 'hook':
      return hookLines(paint, entry);
    case 'note':
      return [`  ${entry.words}`];
    case 'checks':
      return entry.checks.map(({ expected, but }) =>
        but === null
          ? `  ${paint('green', 'ok')}    ${expected}`
          : `  ${paint('red', 'not ok')}  ${expected}, but ${but}`
      );
  }
};
