/**
 * Where a charm keeps its CA: in a Juju secret that the application owns or, before Juju 3, in a file that only root can read.
 *
 * A CA found in the file moves into the secret, and the file is removed when a later hook has read the CA from the secret: a secret created
 * in a failed hook never existed, while a file stays. So a kept CA is in one of the two at every moment. Source: docs/hook-environment.md
 * sections 2.11 and 3.1.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { AuthorityState } from '../../core/authority/mod.ts';
import { digestOf } from '../../core/digest.ts';
import { isObject } from '../../core/model/codec.ts';
import { decodeWith } from '../../core/model/input-error.ts';
import { readBundle } from '../../core/x509/bundle.ts';
import type { Keeper } from '../keeping/keeper.ts';
import type { HostError, Problem } from '../host.ts';
import { authoritySecret } from './authority-secret.ts';
import type { Hook } from './hook.ts';
import { authorityLabel } from './secret-hooks.ts';
import { authorityFile, privateFileIn, privatePath } from '../keeping/private-file.ts';

/** An opened keeper, and messages for people: sentences without secrets. */
export interface OpenedKeeper {
  readonly keeper: Keeper;
  readonly warnings: ReadonlyArray<string>;
}

/** What was found. */
interface Found {
  readonly state: AuthorityState | null;
  /** A digest of the secret's content, if it was read or written. */
  readonly inSecret: string | null;
  readonly warnings: ReadonlyArray<string>;
}

const failed = (message: string): HostError => ({ _tag: 'HostError', reason: 'failed', message });

const damaged = (where: string): HostError =>
  failed(
    `the CA that is kept in ${where} is damaged: put back what was there, or remove it: the unit's status then says how to go on`,
  );

/** A CA as it is kept. */
interface Kept {
  readonly state: AuthorityState;
  /** In the file: a digest of the secret's content, if Juju lacked the tool or the room to accept this CA instead. */
  readonly insteadOf: string | null;
}

/** Null if the text is not a CA. */
const decoded = (content: string): Kept | null => {
  try {
    const value: unknown = JSON.parse(content);
    const state = decodeWith(AuthorityState)(value);
    if (E.isLeft(state)) return null;
    const insteadOf = isObject(value) && Object.hasOwn(value, 'insteadOf') ? value['insteadOf'] : null;
    return { state: state.right, insteadOf: typeof insteadOf === 'string' ? insteadOf : null };
  } catch {
    // The engine's message would quote the key.
    return null;
  }
};

const decode = (where: string, content: string): TE.TaskEither<HostError, AuthorityState> => {
  const kept = decoded(content);
  return kept === null ? TE.left(damaged(where)) : TE.right(kept.state);
};

/** Of a text that is JSON, no matter how its characters are escaped. */
const digestOfJson = (text: string): string => digestOf([JSON.stringify(JSON.parse(text))]);

/** The identity of a CA: its name and its key. Another CA may have recertified both; a certificate that cannot be read is identified by its text. */
const identityOf = (certificate: string): string => {
  const [first] = readBundle(certificate).certificates;
  return first === undefined ? certificate : JSON.stringify([first.same.subject, first.same.key]);
};

/** Whether one CA is another, or was replaced by it. */
const isIn = ({ certificate }: AuthorityState, later: AuthorityState): boolean => {
  const identity = identityOf(certificate);
  return [later, ...later.retired].some((one) => identityOf(one.certificate) === identity);
};

/** Only the leader's hook makes or replaces a CA, and Juju runs one hook of a unit at a time: no lock is needed. */
const alone: Keeper['exclusively'] = (work) => work;

/**
 * Opens the keeper of an endpoint's authority: what is kept is read now, once for the hook. Only a unit that leads its application writes
 * the secret.
 */
export const openJujuKeeper = (
  { environment, tools }: Hook,
  endpoint: string,
  leads: boolean,
): TE.TaskEither<Problem, OpenedKeeper> => {
  const { charmFolder, unit } = environment;
  const label = authorityLabel(endpoint);
  const name = authorityFile(endpoint);
  const file = privateFileIn(charmFolder, name);
  const secret = authoritySecret(tools, label);

  /** Moves it into the secret, if this unit may; the file stays until that is committed. */
  const moved = (state: AuthorityState, inSecret: string | null): TE.TaskEither<Problem, Found> => {
    const json = JSON.stringify(state);
    return pipe(
      leads ? secret.write(json) : TE.right(false),
      TE.map((isTaken): Found => ({ state, inSecret: isTaken ? digestOfJson(json) : inSecret, warnings: [] })),
    );
  };

  /** The secret cannot be read: a CA in it must not be replaced by a new one. */
  const nothing: TE.TaskEither<Problem, null> = pipe(
    secret.isKnown,
    TE.chainW((isKnown) =>
      isKnown
        ? TE.left(failed(`the CA is kept in the secret ${label}, which cannot be read: Juju offers no secret-get here`))
        : TE.right(null)
    ),
  );

  /** Both the secret and the file have a CA. */
  const ofBoth = (state: AuthorityState, content: string, found: Found): TE.TaskEither<Problem, Found> => {
    const { inSecret } = found;
    const other = decoded(content);
    if (other !== null && other.insteadOf !== null && other.insteadOf === inSecret) return moved(other.state, inSecret);
    if (other !== null && isIn(other.state, state)) return pipe(file.remove, TE.map(() => found));
    const path = privatePath(charmFolder, name);
    const warning =
      `${path} has another CA than the secret ${label}: the secret counts, and the file is left as it is. ` +
      `If nobody needs the CA in the file any more, remove it: juju ssh ${unit} -- sudo rm ${path}`;
    return TE.right({ ...found, warnings: [warning] });
  };

  const found: TE.TaskEither<Problem, Found> = pipe(
    TE.Do,
    TE.bindW('inSecret', () => secret.read),
    TE.bindW('content', () => file.read),
    TE.chainW(({ inSecret, content }): TE.TaskEither<Problem, Found> => {
      if (typeof inSecret === 'object') {
        return pipe(
          decode(`the secret ${label}`, inSecret.text),
          TE.chainW((state) => {
            const found: Found = { state, inSecret: digestOfJson(inSecret.text), warnings: [] };
            return content === null ? TE.right(found) : ofBoth(state, content, found);
          }),
        );
      }
      if (content !== null) {
        return pipe(decode('the charm’s folder', content), TE.chainW((state) => moved(state, null)));
      }
      const none: Found = { state: null, inSecret: null, warnings: [] };
      return inSecret === 'absent' ? TE.right(none) : pipe(nothing, TE.map(() => none));
    }),
  );

  const saving = (insteadOf: string | null): Keeper['save'] => (state) =>
    pipe(
      secret.write(JSON.stringify(state)),
      TE.chainW((isTaken) =>
        isTaken ? TE.right(undefined) : file.write(JSON.stringify(insteadOf === null ? state : { ...state, insteadOf }))
      ),
    );

  return pipe(
    found,
    TE.map(({ state, inSecret, warnings }): OpenedKeeper => {
      // What this hook keeps is what it finds from then on.
      let kept = state;
      const save = saving(inSecret);
      return {
        keeper: {
          load: TE.fromIO(() => kept),
          save: (next) =>
            pipe(
              save(next),
              TE.map(() => {
                kept = next;
              }),
            ),
          exclusively: alone,
        },
        warnings,
      };
    }),
  );
};
