/**
 * The environment variables that Juju sets for a hook, and no others.
 *
 * Source: docs/hook-environment.md section 1.2.
 *
 * @module
 */
import type { HookContext } from './context.ts';
import { before28 } from './versions.ts';

/** What the variables depend on. */
export interface EnvironmentGiven {
  readonly version: string;
  /** The search path for programs: the folder of the hook tools, then other folders. */
  readonly path: string;
  /** For `JUJU_AGENT_SOCKET_ADDRESS`. */
  readonly address: string;
}

/** The variables of a hook. */
export const hookEnvironment = (
  context: HookContext,
  { version, path, address }: EnvironmentGiven,
): Record<string, string> => {
  const { unit, kind, application } = context;
  const { relation, event, remoteUnit } = kind;
  const far = relation?.seenBy(application).far.application ?? '';
  const shown = (name: string) => relation?.nameFor(application, name) ?? name;
  const departing = unit.dying ? unit.name : shown(remoteUnit ?? '');
  return {
    PATH: path,
    LANG: 'C.UTF-8',
    JUJU_CONTEXT_ID: context.id,
    JUJU_AGENT_SOCKET_ADDRESS: address,
    JUJU_AGENT_SOCKET_NETWORK: 'unix',
    JUJU_UNIT_NAME: unit.name,
    JUJU_MODEL_NAME: 'prod',
    JUJU_MODEL_UUID: 'b4e1a0de-0000-4000-8000-000000000000',
    JUJU_VERSION: version,
    JUJU_CHARM_DIR: unit.folder,
    CHARM_DIR: unit.folder,
    JUJU_HOOK_NAME: kind.hook,
    // Always set, and often empty.
    JUJU_PRINCIPAL_UNIT: '',
    JUJU_AVAILABILITY_ZONE: '',
    JUJU_API_ADDRESSES: '',
    ...(kind.hook === '' ? {} : { JUJU_DISPATCH_PATH: `hooks/${kind.hook}` }),
    ...(kind.action === undefined ? {} : {
      JUJU_DISPATCH_PATH: `actions/${kind.action}`,
      JUJU_ACTION_NAME: kind.action,
      JUJU_ACTION_UUID: '1',
      JUJU_ACTION_TAG: 'action-1',
    }),
    ...(kind.secret === undefined ? {} : {
      JUJU_SECRET_ID: `secret:${kind.secret.id}`,
      JUJU_SECRET_LABEL: kind.secret.label,
      ...(kind.secret.revision === null ? {} : { JUJU_SECRET_REVISION: String(kind.secret.revision) }),
    }),
    ...(relation === undefined ? {} : {
      JUJU_RELATION: relation.seenBy(application).near.endpoint,
      JUJU_RELATION_ID: relation.idFor(application),
      JUJU_REMOTE_APP: shown(far),
      JUJU_REMOTE_UNIT: remoteUnit === undefined ? '' : shown(remoteUnit),
      ...(event === 'departed' && !before28(version) ? { JUJU_DEPARTING_UNIT: departing } : {}),
    }),
  };
};
