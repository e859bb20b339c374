/**
 * A place in a text that goes on line by line and never goes back: what is common to all kinds of YAML values.
 *
 * @module
 */
import { unreadable, type YamlFlaw } from './fault.ts';

/** Whether a character is a blank or a tab. */
export const isBlank = (character: string | undefined): boolean => character === ' ' || character === '\t';

/** A reader's place in a text whose lines end with `\n`. */
export class Lines {
  readonly text: string;
  /** The next character. */
  at = 0;
  /** Where its line begins. */
  lineStart = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The next character, or one further on; undefined after the end. */
  peek(offset = 0): string | undefined {
    return this.text[this.at + offset];
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** Characters before this one on its line. */
  get column(): number {
    return this.at - this.lineStart;
  }

  /** Where the line ends: its line break, or the end of the text. */
  lineEnd(): number {
    const end = this.text.indexOf('\n', this.at);
    return end === -1 ? this.text.length : end;
  }

  fail(flaw: YamlFlaw): never {
    return unreadable(flaw, this.at);
  }

  skipBlanks(): void {
    while (isBlank(this.peek())) this.at += 1;
  }

  /** Goes to the beginning of the next line, or to the end. */
  nextLine(): void {
    this.at = Math.min(this.lineEnd() + 1, this.text.length);
    this.lineStart = this.at;
  }

  /** Whether nothing but a comment stands in the rest of the line. A comment has a blank before it, or begins the line. */
  get isLineDone(): boolean {
    const next = this.peek();
    return next === undefined || next === '\n' ||
      (next === '#' && (this.at === this.lineStart || isBlank(this.peek(-1))));
  }

  /** What ends a line after a value. */
  endLine(): void {
    this.skipBlanks();
    if (!this.isLineDone) this.fail('something follows where the line should end');
    this.nextLine();
  }

  /** At the beginning of a line: goes over empty lines and comments, to what stands first on the next. */
  skipEmptyLines(): void {
    while (!this.isAtEnd) {
      while (this.peek() === ' ') this.at += 1;
      if (this.peek() === '\t') {
        this.skipBlanks();
        if (!this.isLineDone) this.fail('a tab stands where only blanks may indent');
      }
      if (!this.isLineDone) return;
      this.nextLine();
    }
  }

  /** Whether the document ends here: at the end of the text, or at a line that begins with three dashes or dots. */
  get isDocumentDone(): boolean {
    if (this.isAtEnd) return true;
    const first = this.peek();
    return this.column === 0 && (first === '-' || first === '.') &&
      /^(?:---|\.\.\.)(?:\s|$)/.test(this.text.slice(this.at, this.at + 4));
  }
}
