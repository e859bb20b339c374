/**
 * A position in a text that moves on line by line and never goes back; all kinds of YAML values share it.
 *
 * @module
 */
import { unreadable, type YamlFlaw } from './fault.ts';

/** Whether a character is a space or a tab. */
export const isBlank = (character: string | undefined): boolean => character === ' ' || character === '\t';

/** A reader's position in a text whose lines end with `\n`. */
export class Lines {
  readonly text: string;
  /** The next character. */
  at = 0;
  /** The start of its line. */
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

  /** The end of the line: its line break, or the end of the text. */
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

  /** Moves to the start of the next line, or to the end. */
  nextLine(): void {
    this.at = Math.min(this.lineEnd() + 1, this.text.length);
    this.lineStart = this.at;
  }

  /** Whether the rest of the line is at most a comment. A comment follows a space, or starts the line. */
  get isLineDone(): boolean {
    const next = this.peek();
    return next === undefined || next === '\n' ||
      (next === '#' && (this.at === this.lineStart || isBlank(this.peek(-1))));
  }

  /** Reads the end of a line after a value. */
  endLine(): void {
    this.skipBlanks();
    if (!this.isLineDone) this.fail('something follows where the line should end');
    this.nextLine();
  }

  /** At the start of a line: skips empty lines and comments, up to the first thing on the next one. */
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

  /** Whether the document ends here: at the end of the text, or at a line that starts with three dashes or dots. */
  get isDocumentDone(): boolean {
    if (this.isAtEnd) return true;
    const first = this.peek();
    return this.column === 0 && (first === '-' || first === '.') &&
      /^(?:---|\.\.\.)(?:\s|$)/.test(this.text.slice(this.at, this.at + 4));
  }
}
