/**
 * Hooks: the reasons for which Juju starts a charm.
 *
 * @module
 */
import type { RelationId, UnitName } from '../../core/model/names.ts';
import type { Bag } from '../../core/model/outcome.ts';

/** The kinds of hooks. */
export type HookKind =
  | 'install'
  | 'leader-elected'
  | 'config-changed'
  | 'start'
  | 'update-status'
  | 'secret-expired'
  | 'stop'
  | 'remove'
  | RelationHookKind;

/** The kinds of hooks that are about a relation. */
export type RelationHookKind =
  | 'relation-created'
  | 'relation-joined'
  | 'relation-changed'
  | 'relation-departed'
  | 'relation-broken';

/** A hook of a unit, described as Juju's environment variables do. Plain JSON. */
export interface ModelHook {
  /** `JUJU_UNIT_NAME` */
  readonly unit: UnitName;
  /** What the hook is about. */
  readonly kind: HookKind;
  /** `JUJU_HOOK_NAME`, e.g. `certificates-relation-changed` */
  readonly name: string;
  /** `JUJU_RELATION_ID` */
  readonly relationId?: RelationId;
  /** `JUJU_REMOTE_APP` */
  readonly remoteApplication?: string;
  /** `JUJU_REMOTE_UNIT`; absent in `-created`, in `-broken`, and in a `-changed` that is about the application's databag. */
  readonly remoteUnit?: UnitName;
  /** `JUJU_DEPARTING_UNIT`: in a `-departed`, the unit that leaves: the remote unit, or the local one if it is being removed. */
  readonly departingUnit?: UnitName;
  /** In a `secret-expired`, the owner of the secret it is about; the secret's label is in `JUJU_SECRET_LABEL`. */
  readonly secret?: { readonly owner: Bag; readonly label: string };
}

/** Whether two hooks are the same. */
export const sameHook = (a: ModelHook, b: ModelHook): boolean =>
  a.unit === b.unit && a.name === b.name && a.relationId === b.relationId && a.remoteUnit === b.remoteUnit &&
  a.secret?.owner === b.secret?.owner && a.secret?.label === b.secret?.label;

/**
 * A hook as part of a sentence, for people: `web/0 certificates-relation-changed (certificates:0, easyrsa/0)`.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { type UnitName } from 'interface-tls-certificates';
 * import { hookTitle } from 'interface-tls-certificates/model';
 * assert.equal(hookTitle({ unit: 'web/0' as UnitName, kind: 'start', name: 'start' }), 'web/0 start');
 * ```
 */
export const hookTitle = ({ unit, name, relationId, remoteUnit, secret }: ModelHook): string => {
  const about = [relationId, remoteUnit, secret?.label].filter((part) => part !== undefined);
  return `${unit} ${name}${about.length === 0 ? '' : ` (${about.join(', ')})`}`;
};
