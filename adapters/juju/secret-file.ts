/**
 * The one file that passes a secret's content to Juju's agent, since every user can read arguments.
 *
 * It has a fixed name, so that the next hook finds and removes what a killed one left behind.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileError } from '../file/error.ts';
import { reaching } from '../file/reach.ts';
import { removeAt } from '../keeping/private-file.ts';
import { toolError } from './tool-error.ts';
import type { LendFile } from './tools.ts';

/** Its name in the charm's folder. */
export const SECRET_FILE = '.tls-certificates-secret';

/** Its path in the charm's folder. */
export const secretPath = (folder: string): string => join(folder, SECRET_FILE);

/**
 * Lends a file in the charm's folder.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { mkdtempSync, readFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import * as TE from 'fp-ts/lib/TaskEither.js';
 * import { secretFileIn } from 'interface-tls-certificates/juju';
 * const lend = secretFileIn(mkdtempSync(join(tmpdir(), 'charm-')));
 * const read = await lend('content', (path) => TE.fromIO(() => readFileSync(path, 'utf8')))();
 * assert.equal(read._tag === 'Right' && read.right, 'content');
 * ```
 */
export const secretFileIn = (folder: string): LendFile => (content, use) => {
  const path = secretPath(folder);
  const attempt = (action: string, work: () => void) =>
    TE.tryCatch(
      // Inside a promise, so that an exception becomes a rejection.
      () => Promise.resolve().then(work),
      (error) => toolError('secret-add', 'failed', fileError(action, path)(error).message),
    );
  const remove = attempt('remove', () => removeAt(path));
  return pipe(
    remove,
    TE.chain(() =>
      attempt('write', () => reaching(path, (at) => writeFileSync(at, content, { mode: 0o600, flag: 'wx' })))
    ),
    TE.chain(() => use(path)),
    (work) => async () => {
      const result = await work();
      const removed = await remove();
      return E.isRight(result) && E.isLeft(removed) ? removed : result;
    },
  );
};
