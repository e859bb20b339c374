/**
 * The Juju secrets that store a bridge's keys: one for each key, owned by the application, so that the next leader finds them.
 *
 * A secret is created once and never changed: it holds the key and its request. So a unit reads each of them once and notes the public
 * half. A note is valid as long as Juju lists the secret. With one secret for each key, none comes near the 8 KiB limit of a value before
 * Juju 3.6.9. Source: docs/bridge.md, Keys.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { KeyLabel, RequestId } from '../../core/bridge/mod.ts';
import type { PrivateKey } from '../../core/model/certificate.ts';
import type { HostError } from '../host.ts';
import { catalogueIn, catalogueText, numbered, type NumberedKey, requestIn } from './bridge-catalogue.ts';
import { removeIfThere } from './secret-removal.ts';
import type { ToolError, ToolErrorKind } from './tool-error.ts';
import type { HookTools, SecretId } from './tools.ts';

/** The field with the private key, in PEM. */
const KEY = 'private-key';

/** The field with the request that the key is for, as JSON. */
const REQUEST = 'request';

/** Juju does not have the tool, or not here. */
const MISSING: ReadonlySet<ToolErrorKind> = new Set(['unknown-tool', 'not-offered']);

const prefixOf = (endpoint: string): string => `tls-certificates-${endpoint}-`;

/** The label of a secret: that of the request, and a number for each key that the request has had. */
const secretLabel = (endpoint: string, label: KeyLabel, serial: number): string =>
  `${prefixOf(endpoint)}${label}-${serial}`;

/** The number in a label of an endpoint's bridge; null: the label belongs to something else. */
const serialIn = (endpoint: string, label: string): number | null => {
  const rest = label.startsWith(prefixOf(endpoint)) ? label.slice(prefixOf(endpoint).length) : '';
  const serial = /^bridge-[0-9a-f]{32}-(\d{1,9})$/.exec(rest)?.[1];
  return serial === undefined ? null : Number(serial);
};

// Juju lists ids without the prefix that it accepts everywhere.
const secretId = (id: string): SecretId => `secret:${id}` as SecretId;

/** The keys in secrets. */
export interface BridgeSecrets {
  readonly keys: ReadonlyArray<NumberedKey>;
  /** What to note for the next hook, including added keys. Contains no secret. */
  readonly note: (added: ReadonlyArray<NumberedKey>) => string;
  readonly read: (name: string) => TE.TaskEither<ToolError | HostError, PrivateKey>;
  /** Creates a secret, which exists once the hook has ended well; returns its name. */
  readonly add: (
    request: RequestId,
    label: KeyLabel,
    serial: number,
    key: PrivateKey,
  ) => TE.TaskEither<ToolError, string>;
  readonly remove: (name: string) => TE.TaskEither<ToolError, void>;
}

const damaged = (label: string): HostError => ({
  _tag: 'HostError',
  reason: 'failed',
  message: `the secret ${label} has no private key of a bridge that can be read: put back what was there, ` +
    'or remove it to have a new key and a new certificate for its request',
});

/** Opens the secrets as the leader; `noted` is what the previous hook noted. Null if Juju keeps no secrets. */
export const openBridgeSecrets = (
  tools: HookTools,
  endpoint: string,
  noted: string | undefined,
): TE.TaskEither<ToolError | HostError, BridgeSecrets | null> => {
  const before = catalogueIn(noted);

  const fieldsOf = (id: string): TE.TaskEither<ToolError, Readonly<Record<string, string>>> =>
    tools.secretGet({ id: secretId(id) });

  /** What a newly seen secret is; null: it is not a bridge's. */
  const look = (id: string): TE.TaskEither<ToolError | HostError, NumberedKey | null> =>
    pipe(
      tools.secretInfo({ id: secretId(id) }),
      TE.chainW(({ label }): TE.TaskEither<ToolError | HostError, NumberedKey | null> => {
        const serial = serialIn(endpoint, label);
        if (serial === null) return TE.right(null);
        return pipe(
          fieldsOf(id),
          TE.chainTaskK(({ [KEY]: key, [REQUEST]: request }) => async () => {
            const of = requestIn(request);
            return of === null || key === undefined ? null : await numbered(id, of, serial, key as PrivateKey)();
          }),
          TE.chainW((found) => found === null || E.isLeft(found) ? TE.left(damaged(label)) : TE.right(found.right)),
        );
      }),
    );

  return pipe(
    tools.secretIds,
    TE.map((ids): ReadonlyArray<string> | null => ids),
    TE.orElse((error): TE.TaskEither<ToolError, ReadonlyArray<string> | null> =>
      MISSING.has(error.kind) ? TE.right(null) : TE.left(error)
    ),
    TE.chainW((ids): TE.TaskEither<ToolError | HostError, BridgeSecrets | null> =>
      ids === null ? TE.right(null) : pipe(
        ids,
        TE.traverseSeqArray((id) => {
          const known = before.get(id);
          return pipe(
            known === undefined ? look(id) : TE.right<ToolError | HostError, NumberedKey | null>(known),
            TE.map((key) => [id, key] as const),
          );
        }),
        TE.map((all): BridgeSecrets => ({
          keys: all.flatMap(([, key]) => key ?? []),
          note: (added) => catalogueText(new Map([...all, ...added.map((key) => [key.name, key] as const)])),
          read: (name) =>
            pipe(
              fieldsOf(name),
              // What is kept under this name is a private key.
              TE.chainW(({ [KEY]: key }) => (key === undefined ? TE.left(damaged(name)) : TE.right(key as PrivateKey))),
            ),
          add: (request, label, serial, key) =>
            pipe(
              tools.secretAdd({ [KEY]: key, [REQUEST]: JSON.stringify(request) }, {
                label: secretLabel(endpoint, label, serial),
                owner: 'application',
                description: 'a key of a request that tls-certificates passes on',
              }),
              TE.map((id) => id.replace(/^secret:(?:\/\/[^/]*\/)?/, '')),
            ),
          remove: (name) => removeIfThere(tools, secretId(name)),
        })),
      )
    ),
  );
};
