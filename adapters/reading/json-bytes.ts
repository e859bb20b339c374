/**
 * Bytes that should be JSON, read into a value, with the formatting of their text.
 *
 * Messages about faults never show content, since a document holds private keys.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { type InputError, inputError } from '../../core/model/input-error.ts';

/** A document with the formatting of its text. */
export interface Document {
  readonly value: unknown;
  /** The indentation for `JSON.stringify`; empty for a document on one line. */
  readonly indent: string;
  readonly lineEnd: '\n' | '\r\n';
  readonly lastNewline: boolean;
  readonly byteOrderMark: boolean;
}

/**
 * Decodes UTF-8 bytes and then JSON. `placeOf` tells where a text stops being JSON, as ` (line 3, column 7)`; without it, the place is not
 * reported, and no parser for it is needed.
 */
export const readJsonBytes = (
  bytes: Uint8Array,
  placeOf: (text: string) => string = () => '',
): E.Either<InputError, Document> => {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return E.left(inputError([{ path: '', message: 'expected JSON, got bytes that are not UTF-8 text' }]));
  }
  if (text.trim() === '') return E.left(inputError([{ path: '', message: 'expected JSON, got nothing' }]));
  try {
    const indent = /^\s*[[{]\r?\n([ \t]+)/.exec(text.slice(0, 1_000))?.[1] ?? '';
    const lineEnd = /^[^\n]*\r\n/.test(text.slice(0, 1_000)) ? '\r\n' : '\n';
    const byteOrderMark = bytes[0] === 0xef;
    return E.right({ value: JSON.parse(text), indent, lineEnd, lastNewline: text.endsWith('\n'), byteOrderMark });
  } catch (error) {
    // The engine's message quotes the text, so it is dropped on purpose.
    const message = error instanceof SyntaxError
      ? `not valid JSON${placeOf(text)}`
      : 'nested too deeply to be read as JSON';
    return E.left(inputError([{ path: '', message }]));
  }
};
