/**
 * The Juju secret that stores a private key: one for each owner, under the label that the Python library uses for it.
 *
 * While a key is being replaced, the former one is in the same secret, so that both change in one step; that library only reads the key in
 * force. A key of an application under the label of older versions of that library is moved, as the library does. Source:
 * docs/hook-configuration.md, The CSR protocol.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { PrivateKey } from '../../core/model/certificate.ts';
import type { UnitName } from '../../core/model/names.ts';
import type { Bag } from '../../core/model/outcome.ts';
import type { OwnedKeys } from '../keeping/key-file.ts';
import type { ToolError, ToolErrorKind } from './tool-error.ts';
import type { HookTools, SecretId } from './tools.ts';

/** The Python library's id, with which its labels begin. */
const LIBRARY = 'afd8c2bccf834997afce12c2706d2ede';

/** The field with the key in force, in PEM. */
const FIELD = 'private-key';

/** The field with the one before it. */
const FORMER = 'former-private-key';

/** Juju does not have the tool, or not here. */
const MISSING: ReadonlySet<ToolErrorKind> = new Set(['unknown-tool', 'not-offered']);

/**
 * The content of a secret: its keys, of which the one in force is null if the secret has no such field; `absent` if there is no secret;
 * `unreadable` if Juju keeps none.
 */
export type InKeySecret =
  | { readonly key: PrivateKey | null; readonly former: PrivateKey | null }
  | 'absent'
  | 'unreadable';

/** The secret of a key. */
export interface KeySecret {
  readonly label: string;
  /** The newest content. */
  readonly read: TE.TaskEither<ToolError, InKeySecret>;
  /** Creates the secret, which exists once the hook has ended well. */
  readonly add: (keys: OwnedKeys) => TE.TaskEither<ToolError, SecretId>;
  /** Replaces all keys in the secret at once, in the same way. */
  readonly set: (keys: OwnedKeys) => TE.TaskEither<ToolError, void>;
}

/** Whether a label is that of a key of an endpoint. */
export const isOwnKeyLabel = (label: string, endpoint: string): boolean =>
  new RegExp(`^${LIBRARY}-private-key-(?:\\d+|app)-${endpoint}$`).test(label);

/** Whether a label is that of a secret in which the Python library keeps a certificate of an endpoint. */
export const isPythonsCertificateLabel = (label: string, endpoint: string): boolean =>
  new RegExp(`^${LIBRARY}-certificate-(?:\\d+-)?${endpoint}-[0-9a-f]{64}$`).test(label);

const numberOf = (unit: UnitName): string => unit.slice(unit.lastIndexOf('/') + 1);

/** The secret of an owner's key. Only the leader keeps the application's. */
export const keySecret = (
  tools: HookTools,
  owner: Bag,
  unit: UnitName,
  endpoint: string,
  leads: boolean,
): KeySecret => {
  const label = `${LIBRARY}-private-key-${owner === 'application' ? 'app' : numberOf(unit)}-${endpoint}`;
  const formerLabel = `${LIBRARY}-private-key-${endpoint}`;

  const readAt = (at: string): TE.TaskEither<ToolError, InKeySecret> =>
    pipe(
      tools.secretGet({ label: at }, 'refresh'),
      // What is kept there are private keys.
      TE.map((fields): InKeySecret => ({
        key: (fields[FIELD] ?? null) as PrivateKey | null,
        former: (fields[FORMER] ?? null) as PrivateKey | null,
      })),
      TE.orElse((error): TE.TaskEither<ToolError, InKeySecret> =>
        error.kind === 'secret-not-found'
          ? TE.right('absent')
          : MISSING.has(error.kind)
          ? TE.right('unreadable')
          : TE.left(error)
      ),
    );

  const fieldsOf = ({ key, former }: OwnedKeys): Readonly<Record<string, string>> => ({
    [FIELD]: key,
    ...(former === null ? {} : { [FORMER]: former }),
  });

  const add: KeySecret['add'] = (keys) => tools.secretAdd(fieldsOf(keys), { label, owner });

  /** Juju's own form, with a prefix that is accepted everywhere. */
  const idAt = (at: string): TE.TaskEither<ToolError, SecretId> =>
    pipe(tools.secretInfo({ label: at }), TE.map(({ id }) => `secret:${id}` as SecretId));

  /** Moves what is under the former label to the current one, if this unit may. */
  const moved = (former: InKeySecret): TE.TaskEither<ToolError, InKeySecret> => {
    if (typeof former !== 'object' || former.key === null || !leads) return TE.right(former);
    return pipe(
      add({ key: former.key, former: former.former }),
      TE.chain(() => idAt(formerLabel)),
      TE.chain((id) => tools.secretRemove(id)),
      TE.map(() => former),
    );
  };

  return {
    label,
    read: pipe(
      readAt(label),
      TE.chain((found) =>
        found === 'absent' && owner === 'application' ? pipe(readAt(formerLabel), TE.chain(moved)) : TE.right(found)
      ),
    ),
    add,
    set: (keys) => pipe(idAt(label), TE.chain((id) => tools.secretSet(id, fieldsOf(keys)))),
  };
};
