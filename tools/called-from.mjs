/**
 * The folder that a task was called from: task runners start it in the project's folder, but file arguments are relative to the caller's.
 *
 * @module
 */
// @ts-check
import { readlink } from 'node:fs/promises';
import process from 'node:process';

/** npm and Deno say where they were called from; Bun 1.4 does not, but the process that runs the task stays there. */
export const calledFrom = async () => {
  if (!process.env['npm_config_user_agent']?.startsWith('bun/')) return process.env['INIT_CWD'] ?? process.cwd();
  try {
    return await readlink(`/proc/${process.ppid}/cwd`);
  } catch {
    // There is no /proc, as on macOS: use what Bun 1.5 and later say, or the project's folder.
    return process.env['INIT_CWD'] ?? process.cwd();
  }
};
