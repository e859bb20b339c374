/**
 * The Juju secret that stores a CA, owned by the application: reads it, creates it, and updates its content.
 *
 * A field takes 8 KiB in base64 before Juju 3.6.9, and 5 KiB before February 2024, so a long text continues in further fields. Juju has
 * either all tools for secrets or none; if some are missing anyway, the others must do.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { type ToolError, toolError, type ToolErrorKind } from './tool-error.ts';
import type { HookTools, SecretId } from './tools.ts';

/** The first field's name. */
const FIELD = 'authority';

/** Characters of one field, all ASCII: 3,800 are, in base64, below the smallest limit that ever existed. */
const PART = 3_800;

/** Juju does not have the tool, or not here. */
const MISSING: ReadonlySet<ToolErrorKind> = new Set(['unknown-tool', 'not-offered']);

const fieldName = (part: number): string => (part === 0 ? FIELD : `${FIELD}-${part + 1}`);

/** Splits a text into fields; characters outside ASCII are escaped as in JSON, so that a field ends at a whole character. */
const fieldsOf = (json: string): Readonly<Record<string, string>> => {
  const text = json.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const parts = Math.max(1, Math.ceil(text.length / PART));
  return Object.fromEntries(
    Array.from({ length: parts }, (_, part) => [fieldName(part), text.slice(part * PART, (part + 1) * PART)]),
  );
};

const textIn = (fields: Readonly<Record<string, string>>): string => {
  const parts: Array<string> = [];
  for (let part = 0; Object.hasOwn(fields, fieldName(part)); part++) parts.push(fields[fieldName(part)] ?? '');
  return parts.join('');
};

/** The content of the secret: its text, `absent` if there is no secret, `unreadable` if Juju cannot be asked. */
export type InSecret = { readonly text: string } | 'absent' | 'unreadable';

/** The secret with a label. */
export interface AuthoritySecret {
  /** The newest content, no matter which leader wrote it. */
  readonly read: TE.TaskEither<ToolError, InSecret>;
  /**
   * Creates the secret or updates its content; call {@link read} first. True if Juju accepted it, which takes effect when the hook ends
   * well; false if Juju has no way to accept it.
   */
  readonly write: (json: string) => TE.TaskEither<ToolError, boolean>;
  /** Whether Juju knows the secret, if it cannot be read. */
  readonly isKnown: TE.TaskEither<ToolError, boolean>;
}

const cannotFind = toolError('secret-ids', 'unknown-tool', 'the secret of the CA has an id that Juju does not tell');

/** The application's secret with this label. */
export const authoritySecret = (tools: HookTools, label: string): AuthoritySecret => {
  let found: InSecret = 'unreadable';
  // Known once this hook has created or looked up the secret.
  let id: SecretId | null = null;

  /** If `secret-info-get` is missing: the secret is the one with the same content. */
  const idByContent: TE.TaskEither<ToolError, SecretId> = pipe(
    tools.secretIds,
    TE.chain((ids) =>
      pipe(
        ids,
        TE.traverseSeqArray((one) =>
          pipe(
            tools.secretGet({ id: `secret:${one}` as SecretId }, 'peek'),
            TE.map((fields) => typeof found === 'object' && textIn(fields) === found.text ? one : null),
            TE.orElse(() => TE.right<ToolError, string | null>(null)),
          )
        ),
      )
    ),
    TE.chain((ids) => {
      const same = ids.find((one) => one !== null);
      return same === undefined ? TE.left(cannotFind) : TE.right(`secret:${same}` as SecretId);
    }),
  );

  const lookUp: TE.TaskEither<ToolError, SecretId> = pipe(
    tools.secretInfo({ label }),
    // Juju's own form, with a prefix that is accepted everywhere.
    TE.map((info) => `secret:${info.id}` as SecretId),
    TE.orElse((error) => (MISSING.has(error.kind) ? idByContent : TE.left(error))),
  );

  const make = (content: Readonly<Record<string, string>>): TE.TaskEither<ToolError, SecretId> =>
    tools.secretAdd(content, { label, owner: 'application', description: 'the CA of tls-certificates' });

  return {
    read: pipe(
      tools.secretGet({ label }, 'refresh'),
      TE.map((fields): InSecret => ({ text: textIn(fields) })),
      TE.orElse((error): TE.TaskEither<ToolError, InSecret> =>
        error.kind === 'secret-not-found'
          ? TE.right('absent')
          : MISSING.has(error.kind)
          ? TE.right('unreadable')
          : TE.left(error)
      ),
      TE.tapIO((now) => () => {
        found = now;
      }),
    ),
    write: (json) => {
      const content = fieldsOf(json);
      if (found === 'unreadable') return TE.right(false);
      const known = id === null ? (found === 'absent' ? null : lookUp) : TE.right<ToolError, SecretId>(id);
      return pipe(
        known === null ? make(content) : pipe(known, TE.tap((one) => tools.secretSet(one, content))),
        TE.map((one) => {
          id = one;
          return true;
        }),
        TE.orElse((error) => MISSING.has(error.kind) || error.kind === 'too-large' ? TE.right(false) : TE.left(error)),
      );
    },
    isKnown: pipe(
      tools.secretInfo({ label }),
      TE.map(() => true),
      TE.orElse((error) =>
        MISSING.has(error.kind) || error.kind === 'secret-not-found' ? TE.right(false) : TE.left(error)
      ),
    ),
  };
};
