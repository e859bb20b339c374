/**
 * The text of a hook's configuration, YAML or JSON, as a value, with the line of each of its fields.
 *
 * Nothing of the text's content is ever shown except the names of fields: it may contain a private key that was pasted by mistake.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { Document, Node, YAMLError } from 'yaml';
import { type InputError, inputError, type InputIssue, pathOf } from '../../../core/model/input-error.ts';
import { shapeOf } from '../../../core/model/shape.ts';

/** The positions of a configuration's fields. */
export interface Origin {
  /** The file's name, as complaints show it. */
  readonly name: string;
  /**
   * The line of each field and element by its path, e.g. `install[0].mode`; counted from 1. Null if the lines were not looked up.
   */
  readonly lines: ReadonlyMap<string, number> | null;
}

/** A text after reading. */
export interface ReadSource {
  readonly origin: Origin;
  /** Plain JSON, not yet decoded. */
  readonly value: unknown;
}

/** Most bytes that a configuration may have: one with a hundred certificates has some 30,000. */
const MAX_BYTES = 262_144;

/**
 * What may be a field's name. Anything longer or stranger is never shown: it may be a line of a key with a colon at its end.
 */
const FIELD = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;

/** The meaning of the library's complaints, whose own words quote the text. */
const SENTENCES: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'an alias (*name) stands for nothing above it',
  BAD_DQ_ESCAPE: 'an escape (a backslash in double quotes) is not one of YAML: use single quotes',
  BAD_INDENT: 'the indentation does not fit the lines above',
  BAD_SCALAR_START: 'a value begins with a character that has a meaning in YAML: put it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a value has a colon with a blank after it: put it in quotes, or begin a new line',
  DUPLICATE_KEY: 'this field stands there twice',
  MISSING_CHAR: 'a quote or bracket is opened here or before, and not closed',
  MULTIPLE_DOCS: 'a second document begins here: one is read',
  NOT_A_FIELD: 'expected the name of a field, got a key that cannot be one',
  TAB_AS_INDENT: 'a tab stands where YAML wants blanks',
  TAG_RESOLVE_FAILED: 'a tag (!name) is not understood: leave it out',
};

const SYNTAX = 'this is not YAML: look for a missing colon, quote, bracket or blank';

/** The path one level up; the empty path for a field of the document itself. */
const parentOf = (path: string): string => /^(.*?)(?:\.?[^.[\]]+|\[[^\]]*\])$/.exec(path)?.[1] ?? '';

/** The line of a field; if the field is missing, the line of its parent. */
const lineOf = (lines: ReadonlyMap<string, number>, path: string): number =>
  path === '' ? 1 : lines.get(path) ?? lineOf(lines, parentOf(path));

/** Issues with their places: `tls-certificates.yaml:12: install[0].mode`. */
export const placed = ({ name, lines }: Origin, issues: ReadonlyArray<InputIssue>): InputError =>
  inputError(issues.map(({ path, message }) => {
    const place = lines === null ? name : `${name}:${lineOf(lines, path)}`;
    return { path: path === '' ? place : `${place}: ${path}`, message };
  }));

const complaint = (place: string, message: string): InputError => inputError([{ path: place, message }]);

type Yaml = typeof import('yaml');

/** Collects the line of every field, and the lines of keys that are not field names. */
const linesOf = (
  { isMap, isScalar, isSeq }: Yaml,
  document: Document,
  lineAt: (offset: number) => number,
): { readonly lines: ReadonlyMap<string, number>; readonly oddKeys: ReadonlyArray<number> } => {
  const lines = new Map<string, number>();
  const oddKeys: Array<number> = [];
  const startOf = (node: unknown): number => lineAt((node as Node | null)?.range?.[0] ?? 0);
  const walk = (node: unknown, keys: ReadonlyArray<string>): void => {
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? key.value : null;
        if (typeof name !== 'string' || !FIELD.test(name)) {
          oddKeys.push(startOf(key));
          continue;
        }
        lines.set(pathOf([...keys, name]), startOf(key));
        walk(value, [...keys, name]);
      }
    } else if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) {
        lines.set(pathOf([...keys, String(index)]), startOf(item));
        walk(item, [...keys, String(index)]);
      }
    }
  };
  walk(document.contents, []);
  return { lines, oddKeys };
};

const parse = (yaml: Yaml, name: string, text: string): E.Either<InputError, ReadSource> => {
  const counter = new yaml.LineCounter();
  // The core schema of YAML 1.2: `yes` and `0o600x` stay text, and nothing is merged or constructed.
  const document = yaml.parseDocument(text, {
    lineCounter: counter,
    prettyErrors: false,
    schema: 'core',
    merge: false,
  });
  const lineAt = (offset: number): number => counter.linePos(offset).line;
  const flaws: ReadonlyArray<YAMLError> = [...document.errors, ...document.warnings];
  if (flaws.length > 0) {
    // One complaint per line: what follows a fault is mostly its consequence.
    const byLine = new Map(
      [...flaws].reverse().map(({ code, pos }) => [lineAt(pos[0]), SENTENCES[code] ?? SYNTAX] as const),
    );
    return E.left(
      inputError(
        [...byLine].sort(([a], [b]) => a - b).map(([line, message]) => ({ path: `${name}:${line}`, message })),
      ),
    );
  }
  const { lines, oddKeys } = linesOf(yaml, document, lineAt);
  if (oddKeys.length > 0) {
    return E.left(
      inputError(oddKeys.map((line) => ({ path: `${name}:${line}`, message: SENTENCES['NOT_A_FIELD'] ?? '' }))),
    );
  }
  return E.right({ origin: { name, lines }, value: document.toJS() });
};

const decodeText = (name: string, bytes: Uint8Array): E.Either<InputError, string> => {
  if (bytes.length > MAX_BYTES) {
    return E.left(complaint(name, `expected at most ${MAX_BYTES} bytes, got ${bytes.length}`));
  }
  try {
    return E.right(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return E.left(complaint(name, 'expected YAML or JSON, got bytes that are not UTF-8 text'));
  }
};

/** Strings of a JSON text, and the colon after strings that are keys. */
const STRING = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

const countKeys = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce<number>(
      (count, inner) => count + countKeys(inner),
      Array.isArray(value) ? 0 : Object.keys(value).length,
    )
    : 0;

/**
 * Reads a text that is JSON, without the YAML library, which takes longer to load than all the rest of a hook; null for any other text, and
 * if a key occurs twice, which JSON.parse would not report.
 */
export const readJson = (name: string, bytes: Uint8Array): ReadSource | null => {
  const text = decodeText(name, bytes);
  if (E.isLeft(text) || !/^\s*\{/.test(text.right)) return null;
  try {
    const value: unknown = JSON.parse(text.right);
    const written = [...text.right.matchAll(STRING)].filter(([, colon]) => colon !== undefined).length;
    return written === countKeys(value) ? { origin: { name, lines: null }, value } : null;
  } catch {
    // It may be YAML, or the complaint needs the line.
    return null;
  }
};

/**
 * Reads a configuration's text, and the line of each field. `Left` has a line for everything that is not YAML, and none of its content. The
 * library is loaded here, for the first text.
 */
export const readSource = (name: string, bytes: Uint8Array): TE.TaskEither<InputError, ReadSource> => async () => {
  const text = decodeText(name, bytes);
  if (E.isLeft(text)) return text;
  const yaml = await import('yaml');
  try {
    const source = parse(yaml, name, text.right);
    return E.isRight(source) && source.right.value === null
      ? E.left(complaint(name, `expected an object, got ${shapeOf(undefined)}`))
      : source;
  } catch {
    // The library throws on aliases that refer to nothing or to too much, and engines throw on texts that are nested too deeply. Their
    // messages quote the text, so they are dropped on purpose.
    return E.left(
      complaint(name, 'this cannot be read: an alias (*name) stands for nothing, or it is nested too deeply'),
    );
  }
};
