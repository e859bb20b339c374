/**
 * What the actions of a CSR requirer add to a hook: certificates to renew, keys that were replaced, or an answer if there is nothing to do.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { CsrRequiresIntent } from '../../../core/csr/requires/intent.ts';
import type { RequestView } from '../../../core/csr/requires/view.ts';
import type { KeyKind } from '../../../core/keyring/key-kind.ts';
import type { Problem } from '../../host.ts';
import type { Hook } from '../../juju/hook.ts';
import { rotateKey } from '../../juju/key-rotation.ts';
import type { OpenedKeys } from '../../juju/keys.ts';
import { type CertificateEntry, certificatesFor } from './certificates.ts';
import type { CsrRequirerParameters } from './declared.ts';
import { renewalOf, type Rotation, rotationsOf } from './renewal.ts';
import type { ActionAnswer, Requested } from './requested.ts';

/** An action of a requirer of the CSR protocol. */
export type CsrAction = Requested<CsrRequirerParameters>;

/** What the charm sees. */
export interface Asking {
  readonly hook: Hook;
  readonly isLeader: boolean;
  /** The state of its requests by CSR, with what must be renewed. */
  readonly byCsr: (renew: CsrRequiresIntent['renew']) => ReadonlyArray<RequestView>;
  /** Its certificates as a list. */
  readonly certificates: () => ReadonlyArray<CertificateEntry>;
}

/** What is needed to make keys. */
export interface KeysToMake {
  readonly endpoint: string;
  readonly keys: KeyKind;
}

/** What an action adds to a hook: certificates to renew, keys that were replaced; or its answer, if it has nothing to do. */
export type Work =
  | { readonly answered: ActionAnswer }
  | { readonly renew: CsrRequiresIntent['renew']; readonly opened: OpenedKeys; readonly isUrgent: boolean };

const rotated = (
  { endpoint, keys: kind }: KeysToMake,
  hook: Hook,
  before: OpenedKeys,
  rotations: ReadonlyArray<Rotation>,
): TE.TaskEither<Problem, OpenedKeys> =>
  rotations.reduce<TE.TaskEither<Problem, OpenedKeys>>(
    (so, { owner, keepsFormer }) =>
      pipe(
        so,
        TE.chain((opened) => {
          const { keys, former } = opened;
          const kept = { present: keys[owner], former: former[owner], none: null }[keepsFormer];
          return rotateKey(hook, endpoint, opened, { owner, kind, former: kept });
        }),
      ),
    TE.right(before),
  );

/** Does the part of an action that comes before the certificates are asked for. */
export const workOf = (
  parts: KeysToMake,
  action: CsrAction | null,
  intent: CsrRequiresIntent,
  opened: OpenedKeys,
  asking: Asking,
): TE.TaskEither<Problem, Work> => {
  const seen = { ...asking, intent };
  const asUsual = { renew: intent.renew, opened, isUrgent: false };
  switch (action?.name) {
    case undefined:
      return TE.right(asUsual);
    case 'get-certificate':
      return TE.right({ answered: certificatesFor(asking.certificates(), action.parameters) });
    case 'renew-certificate': {
      const renewal = renewalOf(seen, action.parameters);
      return TE.right(E.isLeft(renewal) ? { answered: renewal } : { ...asUsual, renew: renewal.right, isUrgent: true });
    }
    case 'rotate-private-key': {
      const rotations = rotationsOf(seen, opened.keys, action.parameters);
      return E.isLeft(rotations) ? TE.right({ answered: rotations }) : pipe(
        rotated(parts, asking.hook, opened, rotations.right),
        TE.map((after) => ({ ...asUsual, opened: after })),
      );
    }
  }
};
