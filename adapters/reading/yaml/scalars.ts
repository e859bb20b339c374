/**
 * The texts of YAML: plain ones, quoted ones, and blocks of lines. All stay text, whatever they look like.
 *
 * Source: YAML 1.2.2 sections 6.5 (line folding), 7.3 and 8.1.
 *
 * @module
 */
import { isBlank, type Lines } from './lines.ts';

/** Folded lines: a single line break becomes a space, and of several, one goes. */
const breaks = (emptyLines: number): string => (emptyLines === 0 ? ' ' : '\n'.repeat(emptyLines));

/** At a line break within a quoted text: moves to the next line that is not empty, and tells how many were empty. */
const skipBreaks = (lines: Lines): number => {
  let empty = -1;
  while (lines.peek() === '\n') {
    empty += 1;
    lines.nextLine();
    lines.skipBlanks();
  }
  return empty;
};

/** Without blanks at the end. A pattern would start again at each blank of a long row. */
const trimEnd = (text: string): string => {
  let end = text.length;
  while (end > 0 && isBlank(text[end - 1])) end -= 1;
  return text.slice(0, end);
};

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  'a': '\x07',
  'b': '\b',
  't': '\t',
  '\t': '\t',
  'n': '\n',
  'v': '\v',
  'f': '\f',
  'r': '\r',
  'e': '\x1b',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  'N': '\x85',
  '_': '\xa0',
  'L': '\u2028',
  'P': '\u2029',
};

/** Hexadecimal digits after the letter of an escape. */
const DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

const escaped = (lines: Lines): string => {
  const letter = lines.peek(1) ?? '';
  const digits = Object.hasOwn(DIGITS, letter) ? DIGITS[letter] ?? 0 : 0;
  if (digits === 0) {
    const meant = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
    if (meant === undefined) return lines.fail('there is no such escape in a quoted text');
    lines.at += 2;
    return meant;
  }
  const hex = lines.text.slice(lines.at + 2, lines.at + 2 + digits);
  const code = /^[0-9A-Fa-f]+$/.test(hex) && hex.length === digits ? Number.parseInt(hex, 16) : Infinity;
  if (code > 0x10ffff) return lines.fail('there is no such escape in a quoted text');
  lines.at += 2 + digits;
  return String.fromCodePoint(code);
};

/** Reads a quoted text, which may span several lines. */
export const quoted = (lines: Lines): string => {
  const quote = lines.peek() === '"' ? '"' : "'";
  const stops = quote === '"' ? /["\\\n]/g : /['\n]/g;
  const parts: Array<string> = [];
  const start = lines.at;
  lines.at += 1;
  while (true) {
    stops.lastIndex = lines.at;
    const stop = stops.exec(lines.text)?.index;
    if (stop === undefined) {
      lines.at = start;
      return lines.fail('a quoted text does not end');
    }
    const piece = lines.text.slice(lines.at, stop);
    lines.at = stop;
    const found = lines.peek();
    if (found === '\n') {
      parts.push(trimEnd(piece), breaks(skipBreaks(lines)));
    } else if (found === '\\' && lines.peek(1) === '\n') {
      // An escaped line break joins the lines; empty ones after it count.
      parts.push(piece);
      lines.at += 1;
      parts.push('\n'.repeat(skipBreaks(lines)));
    } else if (found === '\\') {
      parts.push(piece, escaped(lines));
    } else if (quote === "'" && lines.peek(1) === "'") {
      parts.push(piece, "'");
      lines.at += 2;
    } else {
      lines.at += 1;
      return parts.join('') + piece;
    }
  }
};

/** What no plain text starts with: YAML's own indicators. `-`, `?` and `:` may, if something follows immediately. */
const canBegin = (lines: Lines, inFlow: boolean): boolean => {
  const [first = '', second = ' '] = [lines.peek(), lines.peek(1)];
  if ('-?:'.includes(first)) return !/\s/.test(second) && !(inFlow && ',[]{}'.includes(second));
  return !',[]{}#&*!|>\'"%@`'.includes(first);
};

/** Where a plain text must end on its line: before a comment, or a colon that makes it a key. */
const PLAIN_END = /(?<=[ \t])#|:(?=[ \t\n]|$)|\n/g;
const PLAIN_END_IN_FLOW = /(?<=[ \t])#|:(?=[ \t\n,[\]{}]|$)|[,[\]{}\n]/g;

/** The plain text on this line, from here to its end, without trailing spaces. */
export const plainOnLine = (lines: Lines, inFlow = false): string => {
  if (!canBegin(lines, inFlow)) {
    const first = lines.peek() ?? '';
    if ('&*'.includes(first)) return lines.fail('anchors and aliases (& and *) are not read');
    return lines.fail(first === '!' ? 'tags (!) are not read' : 'a text cannot begin like this');
  }
  const ends = inFlow ? PLAIN_END_IN_FLOW : PLAIN_END;
  ends.lastIndex = lines.at;
  const end = ends.exec(lines.text)?.index ?? lines.text.length;
  const text = trimEnd(lines.text.slice(lines.at, end));
  lines.at += text.length;
  return text;
};

/** Reads a plain text, which continues over all lines that are indented further than `parent`. It ends at the start of a line. */
export const plain = (lines: Lines, parent: number): string => {
  const parts: Array<string> = [plainOnLine(lines)];
  while (true) {
    const hasComment = !isEndOfLine(lines);
    lines.endLine();
    if (hasComment) return parts.join('');
    const empty = skipEmpty(lines);
    if (lines.isAtEnd || lines.column <= parent || lines.isDocumentDone || lines.isLineDone) return parts.join('');
    // A later line may start with any indicator.
    parts.push(breaks(empty), restOfPlain(lines));
  }
};

const isEndOfLine = (lines: Lines): boolean => {
  lines.skipBlanks();
  return lines.isAtEnd || lines.peek() === '\n';
};

/** Skips empty lines, and stops before the first thing on the next one, even a comment. */
const skipEmpty = (lines: Lines): number => {
  let empty = 0;
  while (true) {
    lines.skipBlanks();
    if (lines.peek() !== '\n') return empty;
    empty += 1;
    lines.nextLine();
  }
};

const restOfPlain = (lines: Lines): string => {
  PLAIN_END.lastIndex = lines.at;
  const end = PLAIN_END.exec(lines.text)?.index ?? lines.text.length;
  const text = trimEnd(lines.text.slice(lines.at, end));
  lines.at += text.length;
  return text;
};

/** The lines of a block joined as `>` says: the break between two lines is folded if neither starts with a space. */
const folded = (content: ReadonlyArray<string>): string => {
  const parts: Array<string> = [];
  let empty = 0;
  let before: string | null = null;
  for (const line of content) {
    if (line === '') {
      empty += 1;
      continue;
    }
    const isFolded = before !== null && !isBlank(before[0]) && !isBlank(line[0]);
    parts.push(before === null ? '\n'.repeat(empty) : isFolded ? breaks(empty) : '\n'.repeat(empty + 1), line);
    before = line;
    empty = 0;
  }
  return parts.join('');
};

/** Reads a block of lines, `|` or `>`, that are indented further than `parent`. */
export const block = (lines: Lines, parent: number): string => {
  const [header, style, indicators = ''] = /^([|>])([1-9]?[+-]?|[+-][1-9])(?=[ \t\n]|$)/
    .exec(lines.text.slice(lines.at, lines.at + 4)) ?? [];
  if (header === undefined) return lines.fail('a text cannot begin like this');
  lines.at += header.length;
  lines.endLine();
  const stated = /[1-9]/.exec(indicators)?.[0];
  let indent = stated === undefined ? null : Math.max(parent, 0) + Number(stated);
  const content: Array<string> = [];
  while (!lines.isAtEnd) {
    const end = lines.lineEnd();
    const start = lines.at;
    while (lines.peek() === ' ' && (indent === null || lines.column < indent)) lines.at += 1;
    if (lines.at >= end) {
      // After the last line break there is no line, unless something is on it.
      if (end < lines.text.length) content.push('');
    } else {
      if (indent === null && lines.column > parent) indent = lines.column;
      if (indent === null || lines.column < indent || lines.isDocumentDone) {
        lines.at = start;
        break;
      }
      content.push(lines.text.slice(lines.at, end));
    }
    lines.nextLine();
  }
  let last = content.length;
  while (last > 0 && content[last - 1] === '') last -= 1;
  const kept = content.slice(0, last);
  const text = style === '|' ? kept.join('\n') : folded(kept);
  if (indicators.includes('+')) return text + '\n'.repeat(content.length - last + (last > 0 ? 1 : 0));
  return indicators.includes('-') || last === 0 ? text : `${text}\n`;
};
