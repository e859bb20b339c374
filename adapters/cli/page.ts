/**
 * The inspector page that `tls-certificates serve` has. An executable has it within: `tools/executables.mjs` puts it in the place of this module.
 *
 * @module
 */
import { readFile } from 'node:fs/promises';

/** Where it is: beside the command, above its parts as in the package, or where a checkout builds it. */
const PAGES = ['./inspector.html', '../inspector.html', '../../node_modules/.cache/inspector.html'];

/** The page; null where it was not built. */
export const readPage = async (): Promise<string | null> => {
  for (const path of PAGES) {
    try {
      return await readFile(new URL(path, import.meta.url), 'utf8');
    } catch {
      // Not built: the documentation is served in its place.
    }
  }
  return null;
};
