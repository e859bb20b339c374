/**
 * The Juju secret that a private key is kept in: one for each owner, under the label by which the Python library knows it.
 *
 * A key of an application under the label of older versions of that library is moved, as the library does. Source: docs/hook-configuration.md,
 * The CSR protocol.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { PrivateKey } from '../../core/model/certificate.ts';
import type { UnitName } from '../../core/model/names.ts';
import type { Bag } from '../../core/model/outcome.ts';
import type { ToolError, ToolErrorKind } from './tool-error.ts';
import type { HookTools, SecretId } from './tools.ts';

/** The Python library's id, with which its labels begin. */
const LIBRARY = 'afd8c2bccf834997afce12c2706d2ede';

/** The field with the key, in PEM. */
const FIELD = 'private-key';

/** Juju does not have the tool, or not here. */
const MISSING: ReadonlySet<ToolErrorKind> = new Set(['unknown-tool', 'not-offered']);

/**
 * What is in a secret: its key, which is null where the secret has no such field; `absent` where there is no secret; `unreadable` where
 * Juju keeps none.
 */
export type InKeySecret = { readonly key: PrivateKey | null } | 'absent' | 'unreadable';

/** The secret of a key. */
export interface KeySecret {
  readonly label: string;
  /** The newest content. */
  readonly read: TE.TaskEither<ToolError, InKeySecret>;
  /** Makes the secret, which is there once the hook has ended well. */
  readonly add: (key: PrivateKey) => TE.TaskEither<ToolError, SecretId>;
}

/** Whether a label is that of a key of an endpoint. */
export const isOwnKeyLabel = (label: string, endpoint: string): boolean =>
  new RegExp(`^${LIBRARY}-private-key-(?:\\d+|app)-${endpoint}$`).test(label);

/** Whether a label is that of a secret in which the Python library keeps a certificate of an endpoint. */
export const isPythonsCertificateLabel = (label: string, endpoint: string): boolean =>
  new RegExp(`^${LIBRARY}-certificate-(?:\\d+-)?${endpoint}-[0-9a-f]{64}$`).test(label);

const numberOf = (unit: UnitName): string => unit.slice(unit.lastIndexOf('/') + 1);

/** The secret of an owner's key. Only the leader keeps that of an application. */
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
      // What is kept there is a private key.
      TE.map((fields): InKeySecret => ({ key: (fields[FIELD] ?? null) as PrivateKey | null })),
      TE.orElse((error): TE.TaskEither<ToolError, InKeySecret> =>
        error.kind === 'secret-not-found'
          ? TE.right('absent')
          : MISSING.has(error.kind)
          ? TE.right('unreadable')
          : TE.left(error)
      ),
    );

  const add: KeySecret['add'] = (key) => tools.secretAdd({ [FIELD]: key }, { label, owner });

  /** What stands under the former label goes under the present one, where this unit may. */
  const moved = (former: InKeySecret): TE.TaskEither<ToolError, InKeySecret> => {
    if (typeof former !== 'object' || former.key === null || !leads) return TE.right(former);
    return pipe(
      add(former.key),
      TE.chain(() => tools.secretInfo({ label: formerLabel })),
      TE.chain(({ id }) => tools.secretRemove(`secret:${id}` as SecretId)),
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
  };
};
