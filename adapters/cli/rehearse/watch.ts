/**
 * Waits until a charm or a scenario changes. It polls the files, since notifications about changes differ between systems.
 *
 * @module
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between two polls. */
const INTERVAL = 300;

/** Folders in which nobody edits a charm. */
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', '.git', '__pycache__', 'venv', '.venv']);

/** The state of a file or folder as a text. Two different texts mean a change. A file that is gone is a change too. */
export const stampOf = (path: string): string => {
  try {
    const { mtimeMs, size } = statSync(path);
    const inside = statSync(path).isDirectory()
      ? readdirSync(path).filter((name) => !SKIPPED.has(name)).sort().map((name) => stampOf(join(path, name)))
      : [];
    return `${path} ${inside.length === 0 ? mtimeMs : ''} ${size} ${inside.join()}`;
  } catch {
    return `${path} is gone`;
  }
};

/** Ends when one of these files or folders differs from its state in `before`. */
export const untilChanged = async (paths: ReadonlyArray<string>, before: string): Promise<void> => {
  while (paths.map(stampOf).join('\n') === before) await sleep(INTERVAL);
};
