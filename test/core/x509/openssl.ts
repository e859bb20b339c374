/**
 * OpenSSL's command, for tests that ask for its judgement; `without` is the reason to skip them where it is missing.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Answer {
  readonly ok: boolean;
  readonly output: string;
}

/** Runs OpenSSL in an empty folder that holds these files, and reads files that it wrote. */
export const openssl = (
  args: ReadonlyArray<string>,
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Answer => inFolder(files, (run) => run(...args));

/** Several runs in one folder. */
export const inFolder = <A>(
  files: Readonly<Record<string, string | Uint8Array>>,
  use: (run: (...args: ReadonlyArray<string>) => Answer, read: (file: string) => string) => A,
): A => {
  const folder = mkdtempSync(join(tmpdir(), 'x509-'));
  try {
    for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content);
    const run = (...args: ReadonlyArray<string>): Answer => {
      const { status, stdout, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
      return { ok: status === 0, output: `${stdout ?? ''}${stderr ?? ''}` };
    };
    return use(run, (file) => readFileSync(join(folder, file), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** Why tests with OpenSSL are skipped, or false. */
export const without: string | false = openssl(['version']).output.startsWith('OpenSSL 3')
  ? false
  : 'there is no OpenSSL 3 here';
