/**
 * YAML as `juju show-unit` prints it: maps and lists by indentation, texts plain, quoted or in blocks, small lists in brackets.
 *
 * It is our own because anybody can paste text here: libraries take time that grows with the square of the number of keys or aliases, and
 * gigabytes for megabytes of brackets. This one reads each character a few times at most, and rejects what Juju never prints: anchors,
 * aliases, tags, several documents. All values are texts, so a databag's `yes` stays what it is.
 *
 * Source: YAML 1.2.2; what Go's encoder writes (docs/hook-environment.md section 4.1).
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { emptyMap } from '../../../core/model/codec.ts';
import { Unreadable, type YamlFault } from './fault.ts';
import { flow, FlowBudget, MAX_DEPTH } from './flow.ts';
import { isBlank, Lines } from './lines.ts';
import { block, plain, plainOnLine, quoted } from './scalars.ts';

type YamlMap = Record<string, unknown>;

/** Whether an indicator is here: `-`, `?` or `:`, followed by a space or nothing. */
const hasSign = (lines: Lines, sign: '-' | '?' | ':'): boolean => {
  if (lines.peek() !== sign) return false;
  const next = lines.peek(1);
  return next === undefined || next === '\n' || isBlank(next);
};

/** Whether a key starts here: the text on this line, up to a colon. Does not move. */
const isKey = (lines: Lines): boolean => {
  const { at, lineStart, text } = lines;
  const first = lines.peek() ?? '';
  if (first === '"' || first === "'") {
    // Within one line; if the quotes do not end there, it is a value.
    const line = new Lines(text.slice(at, lines.lineEnd()));
    try {
      quoted(line);
    } catch {
      return false;
    }
    line.skipBlanks();
    return hasSign(line, ':');
  }
  if ('[{|>'.includes(first)) return false;
  plainOnLine(lines);
  lines.skipBlanks();
  const is = hasSign(lines, ':');
  [lines.at, lines.lineStart] = [at, lineStart];
  return is;
};

class Reader {
  readonly #lines: Lines;
  readonly #budget = new FlowBudget();

  constructor(text: string) {
    this.#lines = new Lines(text);
  }

  document(): unknown {
    const lines = this.#lines;
    lines.skipEmptyLines();
    if (lines.column === 0 && lines.peek() === '%') {
      lines.fail('directives (%) and several documents in one text are not read');
    }
    const hasDashes = lines.isDocumentDone && lines.peek() === '-';
    if (hasDashes) lines.at += 3;
    const value = this.#node(-1, 0, hasDashes ? 'key' : 'sign');
    lines.skipEmptyLines();
    if (lines.isDocumentDone && lines.peek() === '.') {
      lines.at += 3;
      lines.endLine();
      lines.skipEmptyLines();
    }
    if (!lines.isAtEnd) {
      lines.fail(
        lines.isDocumentDone
          ? 'directives (%) and several documents in one text are not read'
          : 'this is indented differently from what stands before it',
      );
    }
    return value;
  }

  /**
   * Reads what follows an indicator: on the same line, or on the next ones if they are indented further than `parent`. A list may be as far
   * left as its key. Afterwards the position is at the start of a line, or at the first character on it.
   */
  #node(parent: number, depth: number, after: 'key' | 'sign'): unknown {
    const lines = this.#lines;
    if (depth > MAX_DEPTH) lines.fail('this is nested too deeply');
    lines.skipBlanks();
    if (!lines.isLineDone) {
      // After a key, the line has one value; after a dash, a list or map may start on it.
      return after === 'key' ? this.#scalar(parent, depth) : this.#collection(parent, depth);
    }
    lines.nextLine();
    lines.skipEmptyLines();
    const isInside = lines.column > parent || (after === 'key' && lines.column === parent && hasSign(lines, '-'));
    return lines.isDocumentDone || !isInside ? '' : this.#collection(parent, depth);
  }

  /** Reads a list, a map or a text that starts here, first on its line or after a dash. */
  #collection(parent: number, depth: number): unknown {
    const lines = this.#lines;
    if (hasSign(lines, '-')) return this.#list(depth);
    if (hasSign(lines, '?') || isKey(lines)) return this.#map(depth);
    return this.#scalar(parent, depth);
  }

  #scalar(parent: number, depth: number): unknown {
    const lines = this.#lines;
    const first = lines.peek() ?? '';
    if (first === '|' || first === '>') return block(lines, parent);
    if (!'"\'[{'.includes(first)) return plain(lines, parent);
    const value = '[{'.includes(first) ? flow(lines, this.#budget, depth) : quoted(lines);
    lines.endLine();
    return value;
  }

  /** Whether another member follows in this column; anything indented further belongs to nobody. */
  #goesOn(column: number): boolean {
    const lines = this.#lines;
    lines.skipEmptyLines();
    if (lines.isDocumentDone || lines.column < column) return false;
    return lines.column === column || lines.fail('this is indented differently from what stands before it');
  }

  #list(depth: number): ReadonlyArray<unknown> {
    const lines = this.#lines;
    const { column } = lines;
    const list: Array<unknown> = [];
    do {
      lines.at += 1;
      list.push(this.#node(column, depth + 1, 'sign'));
    } while (this.#goesOn(column) && hasSign(lines, '-'));
    return list;
  }

  #map(depth: number): YamlMap {
    const lines = this.#lines;
    const { column } = lines;
    const map = emptyMap<unknown>();
    do {
      const at = lines.at;
      const isExplicit = hasSign(lines, '?');
      const key = isExplicit ? this.#explicitKey(column, depth) : this.#key();
      if (Object.hasOwn(map, key)) {
        lines.at = at;
        lines.fail('a key stands here twice');
      }
      map[key] = '';
      if (isExplicit && !(this.#goesOn(column) && hasSign(lines, ':'))) continue;
      lines.at += 1;
      map[key] = this.#node(column, depth + 1, isExplicit ? 'sign' : 'key');
    } while (this.#goesOn(column));
    return map;
  }

  /** A key followed by its colon. */
  #key(): string {
    const lines = this.#lines;
    const first = lines.peek();
    if (first === '[' || first === '{') return lines.fail('a key has to be a text');
    const key = first === '"' || first === "'" ? quoted(lines) : plainOnLine(lines);
    lines.skipBlanks();
    return hasSign(lines, ':') ? key : lines.fail('expected a key with a colon after it');
  }

  /** A key after a question mark, as Go's encoder writes long ones. */
  #explicitKey(column: number, depth: number): string {
    const lines = this.#lines;
    lines.at += 1;
    const key = this.#node(column, depth + 1, 'sign');
    return typeof key === 'string' ? key : lines.fail('a key has to be a text');
  }
}

/** The line of a position, counted from 1. */
const lineOf = (text: string, at: number): number => {
  let line = 1;
  for (let i = text.indexOf('\n'); i !== -1 && i < at; i = text.indexOf('\n', i + 1)) line += 1;
  return line;
};

/** Reads YAML as Juju prints it, in time and memory proportional to its length. `Left` says what is wrong in which line. */
export const readYaml = (yaml: string): E.Either<YamlFault, unknown> => {
  const text = yaml.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  try {
    return E.right(new Reader(text).document());
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return E.left({ flaw: error.flaw, line: lineOf(text, error.at) });
  }
};
