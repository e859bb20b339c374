/**
 * Every link in a page leads to a file of this repository, and to a heading in it; every path that a page speaks of is there.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { anchorOf, headingsIn, PAGES, proseOf, ROOT, textOf } from './pages.ts';

/** Links and pictures in a text, without those to other sites. */
const linksIn = (text: string): ReadonlyArray<string> =>
  [...proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
    .filter((target) => !/^(https?|mailto):/.test(target));

/** What is wrong with a link of a page; null where it leads somewhere. */
const faultOf = (page: string, link: string): string | null => {
  const [file = '', anchor] = link.split('#');
  const path = file === '' ? page : relative('.', join(dirname(page), file));
  if (path.startsWith('..') || !existsSync(ROOT + path)) return `${page}: there is no ${link}`;
  if (anchor === undefined) return null;
  return headingsIn(textOf(path)).some((heading) => anchorOf(heading) === anchor)
    ? null
    : `${page}: there is no heading for ${link}`;
};

/** Folders and files at the root, but for what is built or installed: a path begins with one of them. */
const TOP: ReadonlySet<string> = new Set(
  readdirSync(ROOT).filter((name) => name !== 'node_modules' && name !== 'dist'),
);

/** Paths of this repository in code spans: `test/juju`, `schema/input.json`. */
const pathsIn = (text: string): ReadonlyArray<string> =>
  [...proseOf(text).matchAll(/`([\w.-]+\/[\w./-]*)`/g)].map(([, path = '']) => path)
    .filter((path) => TOP.has(path.split('/')[0] ?? ''));

describe('the pages', () => {
  it('link to files and headings that are there', () => {
    const links = PAGES.flatMap((page) => linksIn(textOf(page)).map((link) => [page, link] as const));
    assert.ok(links.length > 150);
    assert.deepEqual(links.flatMap(([page, link]) => faultOf(page, link) ?? []), []);
    assert.match(faultOf('README.md', 'docs/nothing.md') ?? '', /there is no docs/);
    assert.match(faultOf('README.md', 'docs/README.md#nothing') ?? '', /no heading/);
  });

  it('name paths that are there', () => {
    const paths = PAGES.flatMap((page) => pathsIn(textOf(page)).map((path) => [page, path] as const));
    assert.ok(paths.length > 30);
    assert.deepEqual(paths.filter(([, path]) => !existsSync(ROOT + path)), []);
  });

  it('are all in the index, but for those that belong to the repository', () => {
    const index = linksIn(textOf('docs/README.md')).map((link) => join('docs', link.split('#')[0] ?? ''));
    assert.deepEqual(
      PAGES.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md' && !index.includes(page)),
      [],
    );
  });

  it('are reached from the README, whose pictures are there', () => {
    const links = linksIn(textOf('README.md'));
    assert.ok(links.includes('docs/README.md'));
    const pictures = links.filter((link) => /\.(svg|png)$/.test(link));
    assert.ok(pictures.length >= 2);
    for (const picture of pictures) assert.ok(statSync(ROOT + picture).size > 500, picture);
  });
});
