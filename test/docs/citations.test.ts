/**
 * A comment that cites a page cites one of this repository, and a section that is in it; the decisions that comments name by number are
 * on the pages of their protocols.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { filesBelow, headingsIn, ROOT, textOf } from './pages.ts';

/** What is read for citations. */
const SOURCES = ['core', 'adapters', 'tools', 'examples', 'test'].flatMap(filesBelow).filter((path) =>
  // The texts of these are data, or somebody else's.
  /\.(ts|mjs|sh|py|yaml)$|\/dispatch$/.test(path) && !/^test\/(vectors|real|data|docs|faults)\//.test(path)
);

/** A file's text with each comment on one line, so that a citation is not broken in two. */
const onOneLine = (text: string): string => text.replaceAll(/\s*\n\s*(?:\*|\/\/|#)?\s*/g, ' ');

interface Citation {
  readonly file: string;
  readonly page: string;
  /** What follows the page's name. */
  readonly after: string;
}

const citationsIn = (file: string, text: string): ReadonlyArray<Citation> =>
  [...onOneLine(text).matchAll(/(?<![\w./@{}$-])((?:[\w-]+\/)*[\w-]+\.md)\b(.{0,80})/g)].map((
    [, page = '', after = ''],
  ) => ({ file, page, after }));

/** Pages that programs write. */
const WRITTEN: ReadonlySet<string> = new Set(['dist/licences.md', 'page.md', 'report.md']);

/** A page cited by its name alone is beside the file, at the root or, in text that goes into a page, in `docs`. */
const pathOf = ({ file, page }: Citation): string | null =>
  [page, join(dirname(file), page), join('docs', page)].find((path) => existsSync(ROOT + path)) ?? null;

/** Headings, and the rules of a list that begin with their name in bold. */
const sectionsOf = (page: string): ReadonlyArray<string> => [
  ...headingsIn(textOf(page)),
  ...[...textOf(page).matchAll(/^(?:\d+\.|-) \*\*(.+?)\.?\*\*/gm)].map(([, name = '']) => name),
];

/** The numbers of sections in `section 2.1` and `sections 1, 2 and 4 to 6`. */
const numbersIn = (after: string): ReadonlyArray<string> => {
  const [, list = ''] = /^ sections? ((?:\d+(?:\.\d+)?(?:, | and | to )?)+)/.exec(after) ?? [];
  return list.match(/\d+(?:\.\d+)?/g) ?? [];
};

/** What is wrong with a citation; null where it leads somewhere. */
const faultOf = (citation: Citation): string | null => {
  const path = pathOf(citation);
  if (path === null) return `${citation.file} cites ${citation.page}, which is not in the repository`;
  const sections = sectionsOf(path);
  const missing = numbersIn(citation.after).find((number) =>
    !sections.some((heading) => heading.startsWith(`${number}. `) || heading.startsWith(`${number} `))
  );
  if (missing !== undefined) return `${citation.file}: ${path} has no section ${missing}`;
  const [, named = ''] = /^, ([A-Z][^;()]*)/.exec(citation.after) ?? [];
  // Another source, or a decision.
  if (named === '' || /^(RFC|[CD]\d)/.test(named)) return null;
  return sections.some((heading) => named.startsWith(heading) || heading.startsWith(named.split(/[.:,]/)[0] ?? ''))
    ? null
    : `${citation.file}: ${path} has no section "${named}"`;
};

describe('comments', () => {
  it('cite pages and sections that are in the repository', () => {
    const cited = SOURCES.flatMap((file) => citationsIn(file, textOf(file))).filter(({ page }) => !WRITTEN.has(page));
    assert.ok(cited.length > 150);
    assert.deepEqual(cited.flatMap((citation) => faultOf(citation) ?? []), []);
  });

  it('would not pass with a page or a section that is not there', () => {
    const faults = (comment: string) => citationsIn('core/decide.ts', comment).map(faultOf);
    assert.match(faults('Source: protocol.md.')[0] ?? '', /not in the repository/);
    assert.match(faults('Source: docs/nothing.md, Flags.')[0] ?? '', /not in the repository/);
    assert.match(faults('Source: docs/reactive-protocol.md sections 1 and 9.')[0] ?? '', /no section 9/);
    assert.match(faults('Source: docs/hook-environment.md section 2.99.')[0] ?? '', /no section 2.99/);
    assert.match(faults('Source: docs/csr-protocol.md, Which\n * colour.')[0] ?? '', /no section "Which colour/);
    assert.deepEqual(faults('Source: docs/csr-protocol.md, Which CSR\n * fits a request.'), [null]);
    assert.deepEqual(faults('Source: docs/reactive-protocol.md sections 1 to 3, D4.'), [null]);
  });

  it('name decisions that have a row on the page of their protocol', () => {
    const rows = (page: string) => [...textOf(page).matchAll(/^\| ([CD]\d+) \|/gm)].map(([, number = '']) => number);
    const known = [...rows('docs/reactive-protocol.md'), ...rows('docs/csr-protocol.md')];
    assert.deepEqual(
      known.filter((number) => number.startsWith('D')),
      Array.from({ length: 33 }, (_, i) => `D${i + 1}`),
    );
    assert.deepEqual(
      known.filter((number) => number.startsWith('C')),
      Array.from({ length: 16 }, (_, i) => `C${i + 1}`),
    );
    const named = SOURCES.flatMap((file) => textOf(file).match(/(?<=[( ])[CD]\d{1,2}(?=[),.:;])/g) ?? []);
    assert.ok(named.length > 50);
    // C1 is also a set of control characters.
    assert.deepEqual([...new Set(named)].filter((number) => !known.includes(number)), []);
  });
});
