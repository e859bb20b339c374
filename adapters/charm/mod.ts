/**
 * Front door `./juju`: a Juju hook as a host, and a whole hook in one call.
 *
 * @module
 */
import type { HookEnvironment } from '../juju/environment.ts';
import { type ProcessOptions, processTools } from '../juju/process.ts';
import { secretFileIn } from '../juju/secret-file.ts';
import { type HookTools, hookTools } from '../juju/tools.ts';

export { type ActionTools } from '../juju/action-tools.ts';
export { type NetworkInfo, type SecretInfo, type StatusInfo } from '../juju/tool-answers.ts';
export {
  environmentOf,
  type HookEnvironment,
  type HookRelation,
  type HookSecret,
  type RelationEvent,
  type Variables,
} from '../juju/environment.ts';
export { type Change, type ChangeName, type Handler, type Handlers } from './handlers.ts';
export { type Beside, type HookExitCode, type HookSettings } from './hook.ts';
export type { Hook } from '../juju/hook.ts';
export { type Status } from '../reaction.ts';
export { type JujuHost, jujuHost, type JujuHostOptions, type JujuOutcome, type JujuState } from '../juju/host.ts';
export { type ProcessOptions, processTools } from '../juju/process.ts';
export type { AnyRequirerHook, CsrCertificate, CsrChange, CsrChangeName, CsrRequirerHook } from './csr-code.ts';
export type { AnyProviderHook, CsrProviderHook, ProviderHook } from './provider-code.ts';
export { type RequirerHook } from './requirer.ts';
export { runHook } from './run-hook.ts';
export { secretFileIn } from '../juju/secret-file.ts';
export { type Ending, type ToolCall, type ToolError, type ToolErrorKind } from '../juju/tool-error.ts';
export {
  type HookTools,
  hookTools,
  isToolError,
  type LendFile,
  type LogLevel,
  type RunTool,
  type SecretAttributes,
  type SecretId,
  type SecretRef,
  type UnitStatus,
  type Whose,
} from '../juju/tools.ts';
export { yamlOf } from '../juju/yaml.ts';

/**
 * Juju's hook tools as processes, for the hook with this environment.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { environmentOf, hookToolsIn } from 'interface-tls-certificates/juju';
 * const environment = environmentOf({ JUJU_CONTEXT_ID: 'c', JUJU_UNIT_NAME: 'web/0', JUJU_CHARM_DIR: '/charm' });
 * if (environment._tag === 'Left') throw new Error(environment.left.message);
 * const isLeader = await hookToolsIn(environment.right).isLeader();
 * assert.ok(isLeader._tag === 'Left' && isLeader.left.kind === 'unknown-tool'); // outside of Juju there is no such tool
 * ```
 */
export const hookToolsIn = (environment: HookEnvironment, options: ProcessOptions = {}): HookTools =>
  hookTools(processTools(options), secretFileIn(environment.charmFolder));
