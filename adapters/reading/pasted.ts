/**
 * What people paste from a terminal: prompts, fences, warnings before the output, several outputs in a row. It looks for what Juju prints:
 * maps of units in YAML, values in JSON, and databags as `relation-get` prints them.
 *
 * It reads each line a few times at most, however many brackets and prompts there are.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { readYaml } from './yaml/read.ts';
import type { YamlFault } from './yaml/fault.ts';

/** A value that was found, with the command before it if there is one. */
export interface Found {
  readonly value: unknown;
  /** The command that printed it; null if that was not pasted. */
  readonly command: string | null;
}

// deno-lint-ignore no-control-regex -- the colour codes of terminals.
const COLOURS = /\u001b\[[0-9;?]*[A-Za-z]/g;

/** A Juju command, at the start of a line or after a prompt. */
const COMMAND = /^(?![\w.-]+:\s)(?=\S)(?:.*?[$#%>❯➜]\s*)?((?:sudo\s+)?(?:juju|relation-get)\s.*)$/;

/** A prompt without a command or with another one, a fence, a document separator, or a log line: never indented. */
const NOISE =
  /^(?:[^\s:'"]*[$#%❯➜](?:\s.*)?|[^\s'"]+[$#%❯➜](?:\s.*)?|(?:```|~~~).*|---(?:\s.*)?|\.\.\.|(?:WARNING|ERROR|INFO|DEBUG)\b.*)$/;

const UNIT_KEY = /^(\s*)(["']?[a-z0-9][a-z0-9-]*\/\d+["']?):\s*$/;

/** Lines that belong together, the command that printed them, and where they are. */
interface Segment {
  readonly command: string | null;
  readonly firstLine: number;
  readonly lines: ReadonlyArray<string>;
}

/** Lines without their common prefix: quotation marks, or the spaces of an indented block. */
const unindented = (lines: ReadonlyArray<string>): ReadonlyArray<string> => {
  const full = lines.filter((line) => line.trim() !== '');
  const own = full.every((line) => /^\s*>/.test(line)) ? lines.map((line) => line.replace(/^\s*> ?/, '')) : lines;
  const indents = own.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const least = indents.reduce((a, b) => Math.min(a, b), Infinity);
  return least === 0 || least === Infinity ? own : own.map((line) => line.slice(least));
};

/** The text between prompts, fences and other lines that no output contains. */
const segmentsOf = (text: string): ReadonlyArray<Segment> => {
  const segments: Array<Segment> = [];
  let lines: Array<string> = [];
  let command: string | null = null;
  let firstLine = 1;
  const end = (): void => {
    if (lines.some((line) => line.trim() !== '')) segments.push({ command, firstLine, lines });
    lines = [];
  };
  for (const [i, line] of unindented(text.replaceAll(COLOURS, '').split(/\r?\n/)).entries()) {
    const typed = COMMAND.exec(line)?.[1] ?? null;
    if (typed === null && !NOISE.test(line)) {
      if (lines.length === 0) firstLine = i + 1;
      lines.push(line);
      continue;
    }
    end();
    // A fence or a warning may come between a command and its output.
    if (typed !== null) command = typed;
  }
  end();
  return segments;
};

/** Where the JSON that starts with a bracket at this place ends; -1 if it does not end. */
const endOfJson = (text: string, from: number): number => {
  let depth = 0;
  let isText = false;
  for (let i = from; i < text.length; i++) {
    const c = text[i];
    if (isText) {
      if (c === '\\') i++;
      else if (c === '"') isText = false;
    } else if (c === '"') isText = true;
    else if (c === '{' || c === '[') depth++;
    else if ((c === '}' || c === ']') && --depth === 0) return i + 1;
  }
  return -1;
};

const parsed = (text: string): E.Either<null, unknown> => {
  try {
    return E.right(JSON.parse(text));
  } catch {
    // The engine's message quotes the text.
    return E.left(null);
  }
};

/** A part of a segment: JSON, or the lines of a map of units. */
type Part = { readonly json: unknown } | { readonly yaml: Array<string>; readonly firstLine: number };

/** Juju's output among the lines of a segment, without unindented lines in between. */
const partsOf = ({ lines, firstLine }: Segment): ReadonlyArray<Part> => {
  const parts: Array<Part> = [];
  let map: { yaml: Array<string>; firstLine: number; units: Set<string>; indent: string } | null = null;
  const text = lines.join('\n');
  let mayBeJson = true;
  // The lines before this place are done.
  let done = 0;
  let next = 0;
  for (const [i, line] of lines.entries()) {
    const start = next;
    next += line.length + 1;
    if (start < done) continue;
    const [, indent = '', unit = ''] = UNIT_KEY.exec(line) ?? [];
    if (map !== null && (line.trim() === '' || /^\s/.test(line.slice(map.indent.length)))) {
      map.yaml.push(line.slice(map.indent.length));
    } else if (unit !== '' && (map === null || map.indent !== indent || map.units.has(unit))) {
      map = { yaml: [line.slice(indent.length)], firstLine: firstLine + i, units: new Set([unit]), indent };
      parts.push(map);
    } else if (unit !== '' && map !== null) {
      map.units.add(unit);
      map.yaml.push(line.slice(indent.length));
    } else if (mayBeJson && /^\s*\{/.test(line)) {
      const begin = text.indexOf('{', start);
      const end = endOfJson(text, begin);
      // If it does not end here, it does not end further down either: looking again would take time for each line.
      mayBeJson = end !== -1;
      const value = end === -1 ? E.left(null) : parsed(text.slice(begin, end));
      if (E.isRight(value)) parts.push({ json: value.right });
      done = Math.max(done, end);
      map = null;
    }
  }
  return parts;
};

/**
 * The values in a text for which `isKnown` holds; empty if there are none. `Left` if something starts like Juju's output and is unreadable:
 * it names the line, and nothing of what is there.
 */
export const readPasted = (
  text: string,
  isKnown: (value: unknown) => boolean,
): E.Either<YamlFault, ReadonlyArray<Found>> => {
  const found: Array<Found> = [];
  for (const segment of segmentsOf(text)) {
    const { command } = segment;
    const whole = segment.lines.join('\n');
    const value = E.orElse((): E.Either<unknown, unknown> => readYaml(whole))(parsed(whole));
    if (E.isRight(value) && isKnown(value.right)) {
      found.push({ value: value.right, command });
      continue;
    }
    for (const part of partsOf(segment)) {
      if ('json' in part) {
        if (isKnown(part.json)) found.push({ value: part.json, command });
        continue;
      }
      const read = readYaml(part.yaml.join('\n'));
      if (E.isLeft(read)) return E.left({ flaw: read.left.flaw, line: read.left.line + part.firstLine - 1 });
      if (isKnown(read.right)) found.push({ value: read.right, command });
    }
  }
  return E.right(found);
};
