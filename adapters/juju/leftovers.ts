/**
 * What a killed hook leaves behind: files with keys on the way to their destination. The next hook starts by removing them, whether or not
 * it needs such files itself.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { fileError } from '../file/error.ts';
import type { HostError } from '../host.ts';
import { authorityFile, bridgeFile, draftOf, keysFile, privatePath, removeAt } from '../keeping/private-file.ts';
import { secretPath } from './secret-file.ts';

/** Removes the file that lends secrets, and drafts of what is kept for an endpoint. */
export const removeLeftovers = (folder: string, endpoint: string): TE.TaskEither<HostError, void> => {
  const drafts = [endpoint, authorityFile(endpoint), keysFile(endpoint), bridgeFile(endpoint)].map((name) =>
    draftOf(privatePath(folder, name))
  );
  return pipe(
    [secretPath(folder), ...drafts],
    TE.traverseSeqArray((path) =>
      TE.tryCatch(
        // Inside a promise, so that an exception becomes a rejection.
        () => Promise.resolve().then(() => removeAt(path)),
        fileError('remove', path),
      )
    ),
    TE.map(() => undefined),
  );
};
