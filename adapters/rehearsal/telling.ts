/**
 * The story of a rehearsal in lines for people: who, which hook, which keys were written, what was said.
 *
 * @module
 */
import { printable } from '../text/printable.ts';
import type { StoryEntry, ToldHook } from './story.ts';

/** How a piece of text is coloured. */
export type PaintStory = (style: 'bold' | 'dim' | 'red' | 'green', text: string) => string;

/** Text as it is. */
export const unpainted: PaintStory = (_style, text) => text;

/** Characters of a line that a charm has said. */
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
 * A part of the story in lines.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { entryLines } from 'interface-tls-certificates/rehearsal';
 * assert.deepEqual(entryLines({ kind: 'step', number: 1, words: 'Everybody comes to rest' }), ['', '1. Everybody comes to rest']);
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
