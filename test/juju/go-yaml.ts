/**
 * YAML as Go's `yaml.v2` reads it into a map of strings, as far as a hook tool's `--file` goes: what it refuses, what it changes.
 *
 * A flow mapping of double-quoted scalars, which is what programs write, is scanned here by that library's rules; everything else is
 * left to a YAML library. Source: juju-hook-environment.md section 2.5, go-yaml `readerc.go` and `scannerc.go`.
 *
 * @module
 */
import { parse } from 'yaml';

/** What the reader does not read; the message is as Juju prints it. */
export class YamlError extends Error {}

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
  '/': '/',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

const CODES: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

const isBreak = (c: string | undefined): boolean =>
  c === '\n' || c === '\r' || c === '\x85' || c === '\u2028' || c === '\u2029';
const isBlank = (c: string | undefined): boolean => c === ' ' || c === '\t';

/** Characters between the beginning of a key without a question mark and its colon. */
const MAX_SIMPLE_KEY = 1024;

class Scanner {
  readonly #chars: ReadonlyArray<string>;
  #at = 0;

  constructor(text: string) {
    this.#chars = [...text];
  }

  #skip(): void {
    while (isBlank(this.#chars[this.#at]) || isBreak(this.#chars[this.#at])) this.#at++;
  }

  /** Whether this character comes next; it is passed over then. */
  #takes(char: string): boolean {
    this.#skip();
    if (this.#chars[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #expect(char: string): void {
    if (!this.#takes(char)) throw new YamlError(`yaml: did not find expected '${char}'`);
  }

  #escape(): string {
    const letter = this.#chars[this.#at++] ?? '';
    const simple = SIMPLE[letter];
    if (simple !== undefined) return simple;
    const length = CODES[letter];
    if (length === undefined) throw new YamlError('yaml: found unknown escape character');
    const digits = this.#chars.slice(this.#at, this.#at + length).join('');
    if (!new RegExp(`^[0-9A-Fa-f]{${length}}$`).test(digits)) {
      throw new YamlError('yaml: did not find expected hexdecimal number');
    }
    this.#at += length;
    const value = Number.parseInt(digits, 16);
    if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) {
      throw new YamlError('yaml: found invalid Unicode character escape code');
    }
    return String.fromCodePoint(value);
  }

  /** Line breaks are folded: blanks around them go, one break is a space unless it is U+2028 or U+2029. */
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

  #scalar(): string {
    this.#expect('"');
    let out = '';
    for (;;) {
      const char = this.#chars[this.#at];
      if (char === undefined) throw new YamlError('yaml: found unexpected end of stream');
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
        const key = this.#scalar();
        if (!isExplicit && this.#at - start > MAX_SIMPLE_KEY) {
          throw new YamlError("yaml: did not find expected ',' or '}'");
        }
        this.#expect(':');
        out[key] = this.#scalar();
      } while (this.#takes(','));
      this.#expect('}');
    }
    this.#skip();
    if (this.#at < this.#chars.length) throw new YamlError('yaml: did not find expected <document start>');
    return out;
  }
}

const isFlowOfStrings = (text: string): boolean => /^\s*\{\s*(\}|\??\s*")/.test(text);

/** A map of strings from a file's text; throws {@link YamlError}. */
export const readGoYaml = (text: string): Readonly<Record<string, string>> => {
  for (const char of text) {
    if (!isAllowed(char.codePointAt(0) ?? 0)) throw new YamlError('yaml: control characters are not allowed');
  }
  if (isFlowOfStrings(text)) return new Scanner(text).map();
  const value: unknown = parse(text, { version: '1.1' });
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new YamlError('yaml: unmarshal errors: cannot unmarshal into map[string]string');
  }
  for (const [key, inner] of Object.entries(value)) {
    // What Go makes of other scalars differs between versions: no program should rely on it.
    if (typeof inner !== 'string') throw new YamlError(`yaml: unmarshal errors: ${key}: not a string`);
  }
  // Checked above, value by value.
  return value as Readonly<Record<string, string>>;
};
