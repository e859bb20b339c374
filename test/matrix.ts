/**
 * The table of `docs/what-works-with-what.md`: a row for each requirer and provider. Tests find a row, and it has to be what the page says.
 *
 * With `MATRIX=write` in the environment they write what they find instead: `MATRIX=write npm test test/core/any/matrix.test.ts
 * test/peers/matrix.test.ts`.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** The requirers, by what the page calls them. */
export const REQUIRERS = [
  'any/requires',
  'reactive/requires',
  'csr/requires',
  'reactive layer',
  'ops library',
  'charmlibs',
];

/** The providers. */
export const PROVIDERS = ['any/provides', 'reactive/provides', 'csr/provides', 'charmlibs'];

/** What comes of two who meet, as the page says it. */
export interface Found {
  /** Which protocol is spoken, or why none is. */
  readonly spoken: string;
  /** The kinds of certificates that were asked for and came. */
  readonly kinds: string;
  /** What becomes of certificates when the names change, with another CA, with another leader on either side. */
  readonly names: string;
  readonly ca: string;
  readonly leader: string;
  /** What becomes of the requests and answers of a unit that goes, and of all when the relation goes and comes again. */
  readonly unit: string;
  readonly relation: string;
}

/** What is said where nothing can be asked for. */
export const nothingFor = (spoken: string): Found => ({
  spoken,
  kinds: 'none',
  names: '–',
  ca: '–',
  leader: '–',
  unit: '–',
  relation: '–',
});

const PAGE = fileURLToPath(new URL('../docs/what-works-with-what.md', import.meta.url));
const CELLS = ['spoken', 'kinds', 'names', 'ca', 'leader', 'unit', 'relation'] as const;

const cellsIn = (line: string): ReadonlyArray<string> => line.split('|').slice(1, -1).map((cell) => cell.trim());

/** The rows of the page's table, as they stand there. */
export const rows = (): ReadonlyArray<ReadonlyArray<string>> =>
  readFileSync(PAGE, 'utf8').split('\n').map(cellsIn).filter(([requirer, provider]) =>
    REQUIRERS.includes(requirer ?? '') && PROVIDERS.includes(provider ?? '')
  );

/** A row has to say what was found. */
export const isInTable = (requirer: string, provider: string, found: Found): void => {
  const cells = [requirer, provider, ...CELLS.map((name) => found[name])];
  if (process.env['MATRIX'] === 'write') {
    const isRow = (line: string): boolean => {
      const [one, other] = cellsIn(line);
      return one === requirer && other === provider;
    };
    const lines = readFileSync(PAGE, 'utf8').split('\n');
    writeFileSync(PAGE, lines.map((line) => (isRow(line) ? `| ${cells.join(' | ')} |` : line)).join('\n'));
  }
  const row = rows().find(([one, other]) => one === requirer && other === provider);
  assert.deepEqual(row, cells, 'docs/what-works-with-what.md says what was found');
};
