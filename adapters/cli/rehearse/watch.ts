/**
 * Waiting until a charm or a scenario changes. Files are looked at again and again: what tells of changes differs from system to system.
 *
 * @module
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between two looks. */
const INTERVAL = 300;

/** Folders that no charm is changed in by hand. */
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', '.git', '__pycache__', 'venv', '.venv']);

/** What a file or folder is like: another text, another state. A file that is gone meanwhile is a change too. */
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

/** Ends when one of these files or folders is not as it was when `before` was taken. */
export const untilChanged = async (paths: ReadonlyArray<string>, before: string): Promise<void> => {
  while (paths.map(stampOf).join('\n') === before) await sleep(INTERVAL);
};
