/**
 * Standard input and output as the command needs them: bytes in, text out to the last byte, colours only on a terminal.
 *
 * @module
 */
import * as TE from 'fp-ts/lib/TaskEither.js';
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { stripVTControlCharacters, styleText } from 'node:util';
import { displayWidth } from 'effect/cli/CliOutput';
import { codeOf, fileError } from '../file/error.ts';
import type { HostError } from '../host.ts';
import { wrapped } from '../text/table.ts';

/** The styles in use. */
export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan' | 'none';

/** Text in a style. */
export type Paint = (style: Style, text: string) => string;

/** Columns below which nothing is broken any further. */
const MIN_WIDTH = 40;

/** What is written on: how text is coloured, and how wide a line may be. */
export interface Page {
  readonly paint: Paint;
  /** In columns; without end where nobody looks. */
  readonly width: number;
}

/** Text as it is. */
export const plain: Paint = (_style, text) => text;

/** Text in a style, unless it is empty. */
export const painted: Paint = (style, text) =>
  style === 'none' || text === '' ? text : styleText(style, text, { validateStream: false });

/** The width that the environment asks for, as `COLUMNS=60` does; null where it asks for none. */
const askedWidth = ({ COLUMNS = '' }: Readonly<Record<string, string | undefined>>): number | null =>
  /^[1-9]\d{0,3}$/.test(COLUMNS) ? Number(COLUMNS) : null;

/**
 * A terminal's page: its width, and colours unless it has asked for none (https://no-color.org). Piped output is plain, and as wide as
 * it likes unless `COLUMNS` is set.
 */
export const pageOf = (
  { isTTY, columns }: { readonly isTTY?: boolean; readonly columns?: number },
  env: Readonly<Record<string, string | undefined>>,
): Page => ({
  paint: isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb' ? painted : plain,
  width: Math.max(
    MIN_WIDTH,
    (isTTY === true ? columns : undefined) ?? askedWidth(env) ?? (isTTY === true ? 80 : Infinity),
  ),
});

/** A line that is too wide, broken between words; what goes on is indented a little further. A style would not survive it. */
const broken = (line: string, width: number): ReadonlyArray<string> => {
  if (displayWidth(line) <= width) return [line];
  const text = stripVTControlCharacters(line);
  const indent = ' '.repeat(Math.min(Math.max(0, width - 20), text.length - text.trimStart().length));
  const [first = '', ...rest] = wrapped(text.trimStart().replaceAll(/ {2,}/g, '  '), width - indent.length - 2);
  return [indent + first, ...rest.map((part) => `${indent}  ${part.trimStart()}`)].map((part) => part.trimEnd());
};

/** Lines that fit the page. Where it has no end, they stay as they are. */
export const fitted = ({ width }: Page, lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  width === Infinity ? lines : lines.flatMap((line) => broken(line, width));

/** What `-` names, in messages. */
export const STDIN = 'standard input';

const readStdin = async (): Promise<Uint8Array> => {
  const chunks: Array<Uint8Array> = [];
  for await (const chunk of process.stdin) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks);
};

/** The bytes of a file, or of standard input for `-`. */
export const readBytes = (path: string): TE.TaskEither<HostError, Uint8Array> =>
  path === '-'
    ? TE.tryCatch(readStdin, fileError('read', STDIN))
    : TE.tryCatch(() => readFile(path), fileError('read', path));

/** Writes text to its last byte. A reader that has gone away, as `head` does, has had all it wanted. */
export const writeOut = (stream: NodeJS.WritableStream, text: string): TE.TaskEither<HostError, void> =>
  TE.tryCatch(
    () =>
      new Promise<void>((resolve, reject) => {
        // It stays: the stream tells of an error twice, to the writer and then to its listeners.
        const settle = (error?: Error | null): void => error && codeOf(error) !== 'EPIPE' ? reject(error) : resolve();
        stream.on('error', settle);
        stream.write(text, settle);
      }),
    fileError('write', 'standard output'),
  );
