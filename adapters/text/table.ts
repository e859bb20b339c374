/**
 * Aligned columns of text, measured by their width on a terminal.
 *
 * @module
 */
import { displayWidth } from 'effect/cli/CliOutput';

/** Rows as lines: columns two spaces apart, the last one ragged. */
export const aligned = (rows: ReadonlyArray<ReadonlyArray<string>>, indent = '  '): ReadonlyArray<string> => {
  const measured = rows.map((row) => row.map((text) => ({ text, width: displayWidth(text) })));
  const columns = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const widths = Array.from(
    { length: columns },
    (_, i) => measured.reduce((widest, row) => Math.max(widest, row[i]?.width ?? 0), 0),
  );
  return measured.map((row) =>
    (indent + row.map(({ text, width }, i) => text + ' '.repeat((widths[i] ?? 0) - width)).join('  ')).trimEnd()
  );
};

/** Text as lines of at most `width`, broken between words; a longer word gets a line of its own. */
export const wrapped = (text: string, width: number): ReadonlyArray<string> => {
  const lines: Array<string> = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && displayWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
};
