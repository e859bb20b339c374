/**
 * Lists as results of an action: JSON split over as many results as necessary, each a complete list.
 *
 * A result has at most 131,071 bytes including its name. So a long list continues in further results, `certificates`, `certificates-2` and
 * so on, and an entry that is too long by itself appears without its long texts. Source: docs/hook-environment.md section 2.5.
 *
 * @module
 */
import type { Results } from './requested.ts';

/** Characters of a result, all of them ASCII; this leaves room for its name. */
const MAX_RESULT = 130_000;

/** Characters of a text in an entry that is too long by itself. */
const MAX_TEXT = 200;

/** Whether a text fits in one result. */
export const fits = (text: string): boolean => new TextEncoder().encode(text).length <= MAX_RESULT;

/** An entry: a plain value. */
export type Entry = Readonly<Record<string, unknown>>;

/** What replaces a value that is too long. */
const shortened = (value: unknown): unknown => {
  const text = typeof value === 'string' ? value : JSON.stringify(value) ?? '';
  return text.length <= MAX_TEXT ? value : `left out: ${text.length} characters`;
};

/** JSON in ASCII: names come from others, who could use them to send commands to a terminal. */
export const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

const textOf = (entry: Entry): string => {
  const whole = asciiJson(entry);
  return whole.length + 2 <= MAX_RESULT
    ? whole
    : asciiJson(Object.fromEntries(Object.entries(entry).map(([name, value]) => [name, shortened(value)])));
};

/** A list under a name. */
export const listed = (name: string, entries: ReadonlyArray<Entry>): Results => {
  const parts: Array<Array<string>> = [[]];
  let room = MAX_RESULT;
  for (const text of entries.map(textOf)) {
    const size = text.length + 2;
    const last = parts.at(-1);
    if (last === undefined || size > room && last.length > 0) {
      parts.push([text]);
      room = MAX_RESULT - size;
    } else {
      last.push(text);
      room -= size;
    }
  }
  return Object.fromEntries(
    parts.map((texts, i) => [i === 0 ? name : `${name}-${i + 1}`, `[${texts.join(', ')}]`]),
  );
};
