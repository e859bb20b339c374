/**
 * YAML as Go's `yaml.v2` reads it into a map of strings: what it refuses, and what it changes. Hook tools read `--file` this way.
 *
 * Programs write double-quoted scalars, and flow mappings of them. This module scans those by the rules of go-yaml, and leaves the rest
 * to a YAML library. Source: docs/hook-environment.md section 2.5, go-yaml `readerc.go`, `scannerc.go` and `decode.go`, and the output of
 * the real tools (`test/juju/probes`).
 *
 * @module
 */
import { type Document, isAlias, isMap, isScalar, type Node, parseAllDocuments, type Scalar } from 'yaml';
import { textIn, YamlError } from './utf8.ts';

export { YamlError };

const isAllowed = (c: number): boolean =>
  c === 0x09 || c === 0x0a || c === 0x0d || c === 0x85 || (c >= 0x20 && c <= 0x7e) || (c >= 0xa0 && c <= 0xd7ff) ||
  (c >= 0xe000 && c <= 0xfffd) || (c >= 0x10000 && c <= 0x10ffff);

const SIMPLE: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

const CODES: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

const isBreak = (c: string | undefined): boolean =>
  c === '\n' || c === '\r' || c === '\x85' || c === '\u2028' || c === '\u2029';
const isBlank = (c: string | undefined): boolean => c === ' ' || c === '\t';

/** How many characters a key may have before its colon, if it has no question mark. */
const MAX_SIMPLE_KEY = 1024;

/** Something else is in the place of a double-quoted scalar: the library has to read it. */
class Otherwise extends Error {}

class Scanner {
  readonly #chars: ReadonlyArray<string>;
  /** How many lines come before the text. */
  readonly #above: number;
  #at = 0;

  constructor(text: string, above = 0) {
    this.#chars = [...text];
    this.#above = above;
  }

  /** Makes an error. It names its line unless that is the first one. */
  #wrong(what: string): YamlError {
    const line = this.#above + this.#chars.slice(0, this.#at).filter((c) => c === '\n').length;
    return new YamlError(`yaml: ${line === 0 ? '' : `line ${line + 1}: `}${what}`);
  }

  #skip(): void {
    while (isBlank(this.#chars[this.#at]) || isBreak(this.#chars[this.#at])) this.#at++;
  }

  /** Skips this character if it comes next, and returns whether it did. */
  #takes(char: string): boolean {
    this.#skip();
    if (this.#chars[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #expect(char: string): void {
    if (!this.#takes(char)) throw new Otherwise();
  }

  #escape(): string {
    const letter = this.#chars[this.#at++] ?? '';
    const simple = SIMPLE[letter];
    if (simple !== undefined) return simple;
    const length = CODES[letter];
    if (length === undefined) throw this.#wrong('found unknown escape character');
    const digits = this.#chars.slice(this.#at, this.#at + length).join('');
    if (!new RegExp(`^[0-9A-Fa-f]{${length}}$`).test(digits)) {
      throw this.#wrong('did not find expected hexdecimal number');
    }
    this.#at += length;
    const value = Number.parseInt(digits, 16);
    if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) {
      throw this.#wrong('found invalid Unicode character escape code');
    }
    return String.fromCodePoint(value);
  }

  /** Folds line breaks: drops the blanks around them. A single break becomes a space, unless it is U+2028 or U+2029. */
  #fold(): string {
    const breaks: Array<string> = [];
    let blanks = '';
    for (; isBlank(this.#chars[this.#at]) || isBreak(this.#chars[this.#at]); this.#at++) {
      const char = this.#chars[this.#at] ?? '';
      if (isBreak(char)) breaks.push(char === '\u2028' || char === '\u2029' ? char : '\n');
      else if (breaks.length === 0) blanks += char;
    }
    if (breaks.length === 0) return blanks;
    const [first = '', ...rest] = breaks;
    return first === '\n' ? (rest.length === 0 ? ' ' : rest.join('')) : breaks.join('');
  }

  scalar(): string {
    this.#expect('"');
    let out = '';
    for (;;) {
      const char = this.#chars[this.#at];
      if (char === undefined) throw this.#wrong('found unexpected end of stream');
      if (isBlank(char) || isBreak(char)) {
        out += this.#fold();
        continue;
      }
      this.#at++;
      if (char === '"') return out;
      out += char === '\\' ? this.#escape() : char;
    }
  }

  map(): Record<string, string> {
    const out: Record<string, string> = Object.create(null);
    this.#expect('{');
    if (!this.#takes('}')) {
      do {
        const isExplicit = this.#takes('?');
        this.#skip();
        const start = this.#at;
        const key = this.scalar();
        if (!isExplicit && this.#at - start > MAX_SIMPLE_KEY) {
          throw this.#wrong("did not find expected ',' or '}'");
        }
        this.#expect(':');
        out[key] = this.scalar();
      } while (this.#takes(','));
      this.#expect('}');
    }
    // What follows is another document. Go does not read it.
    return out;
  }
}

const isFlowOfStrings = (text: string): boolean => /^\s*\{\s*(\}|\??\s*")/.test(text);

/** The kind of a plain scalar. */
const kindOf = (text: string): string => {
  if (/^(~|null|Null|NULL|)$/.test(text)) return '!!null';
  if (/^(y|Y|n|N|yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/.test(text)) {
    return '!!bool';
  }
  if (/^[-+]?(0b[01_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*)$/.test(text)) return '!!int';
  if (/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(text)) return '!!float';
  if (/^\d{4}-\d\d?-\d\d?([Tt ].*)?$/.test(text)) return '!!timestamp';
  return '!!str';
};

const SHORT = /^tag:yaml\.org,2002:/;

/** Reads the first document into a map of strings. */
class Decoder {
  readonly #text: string;
  readonly #document: Document;
  readonly #into: string;
  readonly #problems: Array<string> = [];

  constructor(text: string, document: Document, into: string) {
    this.#text = text;
    this.#document = document;
    this.#into = into;
  }

  #line(node: Node): number {
    return this.#text.slice(0, node.range?.[0] ?? 0).split('\n').length;
  }

  #cannot(node: Node, what: string, into: string): void {
    this.#problems.push(`  line ${this.#line(node)}: cannot unmarshal ${what} into ${into}`);
  }

  #quoted(node: Scalar): string {
    const source = node.srcToken !== undefined && 'source' in node.srcToken ? node.srcToken.source : '';
    return new Scanner(source, this.#line(node) - 1).scalar();
  }

  /** A scalar's text, and its kind if it has no tag. */
  #scalar(node: Scalar): { readonly text: string; readonly kind: string } {
    const text = node.type === 'QUOTE_DOUBLE' ? this.#quoted(node) : String(node.source ?? node.value ?? '');
    return { text, kind: node.type === 'PLAIN' && node.tag === undefined ? kindOf(text) : '!!str' };
  }

  /** A scalar as Go turns it into a string. Null deletes the key. */
  #stringOf(node: Scalar): string | null {
    const { text, kind } = this.#scalar(node);
    const tag = node.tag?.replace(SHORT, '!!');
    if (tag === '!!null') throw new YamlError(`yaml: cannot decode !!str \`${text}\` as a !!null`);
    if (tag === '!!binary') {
      if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
        throw new YamlError('yaml: !!binary value contains invalid base64 data');
      }
      return atob(text);
    }
    return kind === '!!null' ? null : text;
  }

  #resolved(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.#document) : node;
  }

  #string(value: unknown): string | null {
    const node = this.#resolved(value);
    if (isScalar(node)) return this.#stringOf(node);
    if (node === null || node === undefined) return null;
    // Anything else is a list or a map.
    this.#cannot(node as Node, isMap(node) ? '!!map' : '!!seq', 'string');
    return null;
  }

  #map(node: unknown, out: Record<string, string>): void {
    if (!isMap(node)) return;
    for (const { key, value } of node.items) {
      if (isScalar(key) && key.type === 'PLAIN' && key.source === '<<') {
        const merged: Record<string, string> = Object.create(null);
        this.#map(this.#resolved(value), merged);
        for (const [name, text] of Object.entries(merged)) if (!Object.hasOwn(out, name)) out[name] = text;
        continue;
      }
      const name = this.#string(key) ?? '';
      const before = this.#problems.length;
      const text = this.#string(value);
      if (this.#problems.length === before) out[name] = text ?? '';
    }
  }

  decode(): Readonly<Record<string, string>> {
    const out: Record<string, string> = Object.create(null);
    const root = this.#document.contents;
    if (root === null) return out;
    if (isScalar(root)) {
      const { text, kind } = this.#scalar(root);
      if (kind === '!!null') return out;
      const shown = text.length > 10 ? `${text.slice(0, 7)}...` : text;
      this.#cannot(root, `${kind} \`${shown}\``, this.#into);
    } else if (isMap(root)) this.#map(root, out);
    else this.#cannot(root, '!!seq', this.#into);
    if (this.#problems.length > 0) throw new YamlError(`yaml: unmarshal errors:\n${this.#problems.join('\n')}`);
    return out;
  }
}

/** Reads a map of strings from a file's text or bytes. Throws {@link YamlError}. `into` is the name of the map's type in Go. */
export const readGoYaml = (
  document: string | Uint8Array,
  into = 'map[string]string',
): Readonly<Record<string, string>> => {
  const text = (typeof document === 'string' ? document : textIn(document)).replace(/^\ufeff/, '');
  for (const char of text) {
    if (!isAllowed(char.codePointAt(0) ?? 0)) throw new YamlError('yaml: control characters are not allowed');
  }
  if (isFlowOfStrings(text)) {
    try {
      return new Scanner(text).map();
    } catch (error) {
      if (!(error instanceof Otherwise)) throw error;
    }
  }
  const documents = parseAllDocuments(text, {
    version: '1.1',
    schema: 'failsafe',
    uniqueKeys: false,
    keepSourceTokens: true,
    logLevel: 'silent',
  });
  const [first] = Array.isArray(documents) ? documents : [];
  return first === undefined ? {} : new Decoder(text, first, into).decode();
};
