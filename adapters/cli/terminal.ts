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

/** The available styles. */
export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan' | 'none';

/** Text in a style. */
export type Paint = (style: Style, text: string) => string;

/** Lines are never wrapped narrower than this. */
const MIN_WIDTH = 40;

/** The output page: how text is coloured, and how wide a line may be. */
export interface Page {
  readonly paint: Paint;
  /** In columns; unlimited if the output is not for a terminal. */
  readonly width: number;
}

/** Text as it is. */
export const plain: Paint = (_style, text) => text;

/** Text in a style, unless it is empty. */
export const painted: Paint = (style, text) =>
  style === 'none' || text === '' ? text : styleText(style, text, { validateStream: false });

/** The width that the environment sets, e.g. `COLUMNS=60`; null if it sets none. */
const askedWidth = ({ COLUMNS = '' }: Readonly<Record<string, string | undefined>>): number | null =>
  /^[1-9]\d{0,3}$/.test(COLUMNS) ? Number(COLUMNS) : null;

/**
 * A terminal's page: its width, and colours unless the environment turns them off (https://no-color.org). Piped output is plain, and
 * unlimited in width unless `COLUMNS` is set.
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

/** Wraps a line that is too wide between words; continuation lines are indented a little further. Styles are lost. */
const broken = (line: string, width: number): ReadonlyArray<string> => {
  if (displayWidth(line) <= width) return [line];
  const text = stripVTControlCharacters(line);
  const indent = ' '.repeat(Math.min(Math.max(0, width - 20), text.length - text.trimStart().length));
  const [first = '', ...rest] = wrapped(text.trimStart().replaceAll(/ {2,}/g, '  '), width - indent.length - 2);
  return [indent + first, ...rest.map((part) => `${indent}  ${part.trimStart()}`)].map((part) => part.trimEnd());
};

/** Lines that fit the page. If its width is unlimited, they stay unchanged. */
export const fitted = ({ width }: Page, lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  width === Infinity ? lines : lines.flatMap((line) => broken(line, width));

/** What `-` is called in messages. */
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

/** Writes text to its last byte. A reader that closes early, like `head`, has read all it wanted. */
export const writeOut = (stream: NodeJS.WritableStream, text: string): TE.TaskEither<HostError, void> =>
  TE.tryCatch(
    () =>
      new Promise<void>((resolve, reject) => {
        // The listener stays: the stream reports an error twice, first to the writer and then to its listeners.
        const settle = (error?: Error | null): void => error && codeOf(error) !== 'EPIPE' ? reject(error) : resolve();
        stream.on('error', settle);
        stream.write(text, settle);
      }),
    fileError('write', 'standard output'),
  );
