/**
 * The pages of this repository, and what is in them: headings, links, blocks of code.
 *
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The root of the repository, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The text of a file, named from the root. */
export const textOf = (path: string): string => readFileSync(ROOT + path, 'utf8');

/** Files below a folder, named from the root, without what was installed, built or recorded. */
export const filesBelow = (folder: string): ReadonlyArray<string> =>
  readdirSync(ROOT + folder, { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (['node_modules', 'dist', '.git'].includes(entry.name)) return [];
    return entry.isDirectory() ? filesBelow(path) : [path];
  });

/** The pages that people read, named from the root. */
export const PAGES: ReadonlyArray<string> = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...[...filesBelow('docs'), ...filesBelow('examples')].filter((path) => path.endsWith('.md')),
];

/** A block of code. */
export interface Block {
  readonly page: string;
  readonly language: string;
  /** Without the indentation that it has in a list. */
  readonly code: string;
}

const FENCE = /^( *)```(\w*)\n([\s\S]*?)\n?^ *```$/gm;

/** The blocks of a text. */
export const blocksIn = (page: string, text: string): ReadonlyArray<Block> =>
  [...text.matchAll(FENCE)].map(([, indent = '', language = '', code = '']) => ({
    page,
    language,
    code: `${code.replaceAll(new RegExp(`^ {${indent.length}}`, 'gm'), '')}\n`,
  }));

/** All blocks of the pages in a language. */
export const blocks = (language: string): ReadonlyArray<Block> =>
  PAGES.flatMap((page) => blocksIn(page, textOf(page))).filter((block) => block.language === language);

/** A text without its blocks of code. */
export const proseOf = (text: string): string => text.replaceAll(FENCE, '');

/** The headings of a text, as they read. */
export const headingsIn = (text: string): ReadonlyArray<string> =>
  [...proseOf(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => heading.replaceAll('`', ''));

/** The part of an address by which GitHub reaches a heading. */
export const anchorOf = (heading: string): string =>
  heading.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
