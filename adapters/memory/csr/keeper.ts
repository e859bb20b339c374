/**
 * A CA in the model: kept in a secret that its application owns, as a charm keeps it in Juju. It is a keeper for `caOf` of the door
 * `./authority`.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { AuthorityState } from '../../../core/authority/state.ts';
import { decodeWith } from '../../../core/model/input-error.ts';
import type { HostError, Problem } from '../../host.ts';
import type { HookSecrets } from '../secrets.ts';

/** The field that holds the CA, as JSON. */
const FIELD = 'authority';

/** Keeps an authority in a secret; see `Keeper` of the door `./authority`. */
export interface SecretKeeper {
  /** The kept state; null before anything was saved. */
  readonly load: TE.TaskEither<Problem, AuthorityState | null>;
  /** Replaces the kept state. */
  readonly save: (state: AuthorityState) => TE.TaskEither<Problem, void>;
  /** Runs work that no other work of this keeper interrupts. */
  readonly exclusively: <A>(work: TE.TaskEither<Problem, A>) => TE.TaskEither<Problem, A>;
}

const damaged: HostError = {
  _tag: 'HostError',
  reason: 'failed',
  message: 'the CA that is kept in the secret is damaged: remove the secret to have a new CA',
};

const parsed = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    // The engine's message would quote the key; anything but an object is not a CA.
    return null;
  }
};

/**
 * A keeper over the secrets of a hook. What is saved counts only if the hook ends well.
 *
 * @example
 * ```ts
 * import { caOf } from 'interface-tls-certificates/authority';
 * import { handler, secretKeeper } from 'interface-tls-certificates/model';
 * import { orThrow } from 'interface-tls-certificates';
 * const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
 * const ca = handler(async ({ now, secrets, state }) => {
 *   const authority = caOf({ keeper: secretKeeper(secrets, 'ca'), authority: { commonName: 'Our test CA' }, random });
 *   const charm = await orThrow(authority.csrCharm(new Date(now), state.snapshot.isLeader));
 *   return { ...charm, wakeAt: charm.nextStep };
 * });
 * const application = { provides: { certificates: ca } };
 * ```
 */
export const secretKeeper = (secrets: HookSecrets, label: string): SecretKeeper => ({
  load: async () => {
    const json = secrets.get('application', label)?.[FIELD];
    if (json === undefined) return E.right(null);
    const { AuthorityState: decoder } = await import('../../../core/authority/state.ts');
    const decoded = decodeWith(decoder)(parsed(json));
    return E.isLeft(decoded) ? E.left(damaged) : decoded;
  },
  save: (state) => TE.fromIO(() => secrets.set('application', label, { [FIELD]: JSON.stringify(state) })),
  // Only the leader's hook makes or replaces a CA, and a unit runs one hook at a time.
  exclusively: (work) => work,
});
