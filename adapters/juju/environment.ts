/**
 * What Juju tells a hook through its environment, read once: which unit, which hook, which relation, who joins or leaves.
 *
 * Source: docs/hook-environment.md sections 1.2 and 1.3. Empty and unset mean the same everywhere.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import type { RelationId, UnitName } from '../../core/model/names.ts';
import type { HostError } from '../host.ts';
import type { SecretId } from './tools.ts';

/**
 * What can happen to a relation.
 *
 * @internal
 */
export const RELATION_EVENTS = ['created', 'joined', 'changed', 'departed', 'broken'] as const;

/** @internal */
type RelationEvents = typeof RELATION_EVENTS;

/** What happened to a relation. */
export type RelationEvent = RelationEvents[number];

/** The relation that a hook is about. */
export interface HookRelation {
  /** E.g. `certificates:3`. */
  readonly id: RelationId;
  /** The local endpoint, e.g. `certificates`. */
  readonly endpoint: string;
  /** Null in `juju exec --relation`. */
  readonly event: RelationEvent | null;
  /** Null if Juju does not say. */
  readonly remoteApplication: string | null;
  /** Null in `created` and `broken`, and in a `changed` about the application's databag. */
  readonly remoteUnit: UnitName | null;
  /** In `departed`: the unit that leaves, possibly the local unit itself. Null before Juju 2.8. */
  readonly departingUnit: UnitName | null;
}

/** The secret that a hook is about. */
export interface HookSecret {
  /** As Juju prints it, e.g. `secret:9m4e2mr0ui3e8a215n4g`. */
  readonly id: SecretId;
  /** Empty if it has none. */
  readonly label: string;
  /** Only in `secret-remove` and `secret-expired`. */
  readonly revision: number | null;
}

/** Everything in the environment of a hook, an action or a `juju exec`. */
export interface HookEnvironment {
  /** The unit that the hook runs for. */
  readonly unit: UnitName;
  /** The charm's folder, absolute. */
  readonly charmFolder: string;
  /** E.g. `certificates-relation-changed` or `update-status`; null in actions and in `juju exec`. */
  readonly hook: string | null;
  /** The action's name; null outside of actions. */
  readonly action: string | null;
  /** Null outside relation hooks. */
  readonly relation: HookRelation | null;
  /** Null outside secret hooks. */
  readonly secret: HookSecret | null;
  /** The agent's version, e.g. `3.6.8`. */
  readonly jujuVersion: string | null;
  /** Null if Juju does not say. */
  readonly modelUuid: string | null;
}

/** Variables by name, as in `process.env`. */
export type Variables = Readonly<Record<string, string | undefined>>;

const RELATION_HOOK = new RegExp(`-relation-(${RELATION_EVENTS.join('|')})$`);

const eventIn = (hook: string | null): RelationEvent | null => {
  const word = RELATION_HOOK.exec(hook ?? '')?.[1];
  return RELATION_EVENTS.find((event) => event === word) ?? null;
};

/** A revision number of Juju. */
const revisionOf = (
  text: string | null,
): number | null => (text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null);

const notUnderJuju = (missing: string): HostError => ({
  _tag: 'HostError',
  reason: 'failed',
  message: `not in a Juju hook: ${missing} is not set; Juju runs this program, ` +
    'or a person does with: juju exec --unit <unit> -- <program>',
});

/**
 * The environment of a hook, an action or a `juju exec`. `Left` if it is none of these.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { environmentOf } from 'interface-tls-certificates/juju';
 * const result = environmentOf({
 *   JUJU_CONTEXT_ID: 'web/0-update-status-0',
 *   JUJU_UNIT_NAME: 'web/0',
 *   JUJU_CHARM_DIR: '/var/lib/juju/agents/unit-web-0/charm',
 *   JUJU_HOOK_NAME: 'update-status',
 * });
 * assert.equal(result._tag === 'Right' ? result.right.hook : result.left.message, 'update-status');
 * ```
 */
export const environmentOf = (variables: Variables): E.Either<HostError, HookEnvironment> => {
  // Names are branded here, where they come from Juju itself.
  const get = <S extends string>(name: string): S | null => (variables[name] || null) as S | null;
  const unit = get<UnitName>('JUJU_UNIT_NAME');
  const charmFolder = get('JUJU_CHARM_DIR') ?? get('CHARM_DIR');
  if (get('JUJU_CONTEXT_ID') === null) return E.left(notUnderJuju('JUJU_CONTEXT_ID'));
  if (unit === null) return E.left(notUnderJuju('JUJU_UNIT_NAME'));
  if (charmFolder === null) return E.left(notUnderJuju('JUJU_CHARM_DIR'));

  const path = get('JUJU_DISPATCH_PATH') ?? '';
  const action = path.startsWith('actions/') ? path.slice('actions/'.length) : get('JUJU_ACTION_NAME');
  const hook = action === null ? get('JUJU_HOOK_NAME') : null;
  const id = get<RelationId>('JUJU_RELATION_ID');
  const secretId = get<SecretId>('JUJU_SECRET_ID');
  return E.right(Object.freeze({
    unit,
    charmFolder,
    hook,
    action,
    relation: id === null ? null : Object.freeze({
      id,
      endpoint: get('JUJU_RELATION') ?? id.replace(/:\d+$/, ''),
      event: eventIn(hook),
      remoteApplication: get('JUJU_REMOTE_APP'),
      remoteUnit: get<UnitName>('JUJU_REMOTE_UNIT'),
      departingUnit: get<UnitName>('JUJU_DEPARTING_UNIT'),
    }),
    secret: secretId === null ? null : Object.freeze({
      id: secretId,
      label: get('JUJU_SECRET_LABEL') ?? '',
      revision: revisionOf(get('JUJU_SECRET_REVISION')),
    }),
    jujuVersion: get('JUJU_VERSION'),
    modelUuid: get('JUJU_MODEL_UUID'),
  }));
};
