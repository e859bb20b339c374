/**
 * Where a charm keeps its CA: in a Juju secret that the application owns, or, before Juju 3, in a file that only root can read.
 *
 * A secret that was made in a hook that failed was never there; a file stays, and the next hook finds it. Source:
 * juju-hook-environment.md section 2.11.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { AuthorityState } from '../../core/authority/mod.ts';
import { decodeWith } from '../../core/model/input-error.ts';
import type { Keeper } from '../authority/mod.ts';
import type { HostError, Problem } from '../host.ts';
import type { Hook } from './hook.ts';
import { authorityFile, keptFileIn } from './kept-file.ts';
import type { SecretId } from './tools.ts';

/** The field of the secret that has the whole state. */
const FIELD = 'authority';

const damaged = (where: string): HostError => ({
  _tag: 'HostError',
  reason: 'failed',
  message: `the CA that is kept in ${where} is damaged: put back what was there, or remove it to have a new CA`,
});

const decode = (where: string) => (content: string): TE.TaskEither<Problem, AuthorityState> => {
  try {
    const decoded = decodeWith(AuthorityState)(JSON.parse(content));
    return decoded._tag === 'Right' ? TE.right(decoded.right) : TE.left(damaged(where));
  } catch {
    // The engine's message would quote the key.
    return TE.left(damaged(where));
  }
};

/** Only the leader's hook makes or replaces a CA, and Juju runs one hook of a unit at a time: nobody else is there to be kept out. */
const alone: Keeper['exclusively'] = (work) => work;

/** Keeps the authority of an endpoint. */
export const jujuKeeper = ({ environment, tools }: Hook, endpoint: string): Keeper => {
  const label = `tls-certificates-${endpoint}-authority`;
  const file = keptFileIn(environment.charmFolder, authorityFile(endpoint));
  const inFile: Keeper = {
    load: pipe(
      file.read,
      TE.chainW((content) => (content === null ? TE.right(null) : decode('the charm’s folder')(content))),
    ),
    save: (state) => file.write(JSON.stringify(state)),
    exclusively: alone,
  };
  // Without these tools, Juju has no secrets.
  const load: Keeper['load'] = pipe(
    tools.secretGet({ label }, 'refresh'),
    TE.foldW(
      (error): TE.TaskEither<Problem, AuthorityState | null> =>
        error.kind === 'secret-not-found'
          ? TE.right(null)
          : error.kind === 'unknown-tool'
          ? inFile.load
          : TE.left(error),
      (content) => decode(`the secret ${label}`)(content[FIELD] ?? ''),
    ),
  );
  const save: Keeper['save'] = (state) => {
    const content = { [FIELD]: JSON.stringify(state) };
    return pipe(
      tools.secretInfo({ label }),
      TE.foldW(
        (error): TE.TaskEither<Problem, void> =>
          error.kind === 'secret-not-found'
            ? pipe(
              tools.secretAdd(content, { label, owner: 'application', description: 'the CA of tls-certificates' }),
              TE.map(() => undefined),
            )
            : error.kind === 'unknown-tool'
            ? inFile.save(state)
            : TE.left(error),
        // As Juju names it, with a prefix that it takes everywhere.
        ({ id }) => tools.secretSet(`secret:${id}` as SecretId, content),
      ),
    );
  };
  return { load, save, exclusively: alone };
};
