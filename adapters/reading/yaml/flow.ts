/**
 * Lists and objects in brackets. Juju prints few of them, most of them empty. Their number is limited, since each takes a hundred times the
 * memory of its two characters.
 *
 * Source: YAML 1.2.2 section 7.4.
 *
 * @module
 */
import { emptyMap } from '../../../core/model/codec.ts';
import type { Lines } from './lines.ts';
import { plainOnLine, quoted } from './scalars.ts';

/** Most values in brackets that one text may have. */
const MAX_VALUES = 100_000;

/** How deeply brackets may be nested and lines indented; `juju show-unit` needs seven levels. */
export const MAX_DEPTH = 50;

/** Counts the values in brackets. */
export class FlowBudget {
  #left = MAX_VALUES;

  take(lines: Lines): void {
    this.#left -= 1;
    if (this.#left < 0) lines.fail('there are too many lists and objects in brackets');
  }
}

/** Skips spaces, line breaks and comments. */
const skipSpace = (lines: Lines): void => {
  while (true) {
    lines.skipBlanks();
    if (lines.isAtEnd || !lines.isLineDone) return;
    lines.nextLine();
  }
};

const expectText = (lines: Lines, value: unknown): string =>
  typeof value === 'string' ? value : lines.fail('a key has to be a text');

const belongsNot = 'a list or an object in brackets does not end, or has something in it that does not belong there';

/** The text of a key or value; a plain one ends with its line. */
const text = (lines: Lines): string => {
  const first = lines.peek();
  if (first === undefined) return lines.fail(belongsNot);
  return first === '"' || first === "'" ? quoted(lines) : plainOnLine(lines, true);
};

/** Skips the comma after a member, and tells whether the bracket is closed. */
const isClosed = (lines: Lines, bracket: ']' | '}'): boolean => {
  skipSpace(lines);
  const next = lines.peek();
  if (next !== ',' && next !== bracket) lines.fail(belongsNot);
  lines.at += 1;
  if (next === bracket) return true;
  skipSpace(lines);
  if (lines.peek() !== bracket) return false;
  lines.at += 1;
  return true;
};

/** Whether the brackets that start here are empty. */
const isEmpty = (lines: Lines, bracket: ']' | '}'): boolean => {
  lines.at += 1;
  skipSpace(lines);
  if (lines.peek() !== bracket) return false;
  lines.at += 1;
  return true;
};

const listIn = (lines: Lines, budget: FlowBudget, depth: number): ReadonlyArray<unknown> => {
  const list: Array<unknown> = [];
  if (isEmpty(lines, ']')) return list;
  do list.push(valueIn(lines, budget, depth)); while (!isClosed(lines, ']'));
  return list;
};

const objectIn = (lines: Lines, budget: FlowBudget, depth: number): Readonly<Record<string, unknown>> => {
  const object = emptyMap<unknown>();
  if (isEmpty(lines, '}')) return object;
  do {
    budget.take(lines);
    const key = expectText(lines, text(lines));
    if (Object.hasOwn(object, key)) lines.fail('a key stands here twice');
    skipSpace(lines);
    if (lines.peek() !== ':') lines.fail('expected a key with a colon after it');
    lines.at += 1;
    skipSpace(lines);
    const next = lines.peek();
    object[key] = next === ',' || next === '}' ? '' : valueIn(lines, budget, depth);
  } while (!isClosed(lines, '}'));
  return object;
};

const valueIn = (lines: Lines, budget: FlowBudget, depth: number): unknown => {
  budget.take(lines);
  const first = lines.peek();
  if (first !== '[' && first !== '{') return text(lines);
  if (depth >= MAX_DEPTH) lines.fail('this is nested too deeply');
  return first === '[' ? listIn(lines, budget, depth + 1) : objectIn(lines, budget, depth + 1);
};

/** Reads a list or an object in brackets. `depth` is its nesting level. */
export const flow: (lines: Lines, budget: FlowBudget, depth: number) => unknown = valueIn;
