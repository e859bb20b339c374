/**
 * The inspector page for `tls-certificates serve`. An executable contains it: `tools/executables.mjs` replaces this module with the page.
 *
 * @module
 */
import { readFile } from 'node:fs/promises';

/** Where it may be: next to the command, above its parts as in the package, or where a checkout builds it. */
const PAGES = ['./inspector.html', '../inspector.html', '../../node_modules/.cache/inspector.html'];

/** The page; null if it was not built. */
export const readPage = async (): Promise<string | null> => {
  for (const path of PAGES) {
    try {
      return await readFile(new URL(path, import.meta.url), 'utf8');
    } catch {
      // Not built: the documentation is served instead.
    }
  }
  return null;
};
