/**
 * Front door `./model`: a whole Juju model in memory, in which charms meet without Juju.
 *
 * @module
 */
export {
  type Application,
  type Applications,
  type Handler as ModelHandler,
  handler,
  handlerOf,
  type HookContext,
  type ModelCharm,
  withKeys,
} from './application.ts';
export type { KeptKey } from '../../core/model/snapshot.ts';
export { type Beginning, charmsOf, emptyModel } from './beginning.ts';
export { type SecretKeeper, secretKeeper } from './csr/keeper.ts';
export type { MakeKey } from './csr/keys.ts';
export { type CsrAsking, type CsrDecided, csrRequirer, type CsrRequirerOptions } from './csr/requirer.ts';
export type { WriteRecord } from './databags.ts';
export { pending } from './dispatch.ts';
export type { ModelError } from './error.ts';
export { applyEvent, type ModelEvent } from './event.ts';
export { type HookKind, hookTitle, type ModelHook, type RelationHookKind } from './hook.ts';
export { type EventEntry, type HookEntry, type Log, type LogEntry, replay } from './log.ts';
export { type Applied, type Model, model, type ModelOptions, type ModelUnit } from './model.ts';
export { type HookRecord, type Ran, runUnitHook } from './run.ts';
export type { HookSecrets, SecretRecord } from './secrets.ts';
export { type Failing, settle, type Settled, type SettleOptions, unrest } from './settle.ts';
export type {
  ApplicationState,
  Config,
  ConfigValue,
  Endpoints,
  FailedHook,
  LastDecision,
  ModelState,
  RelationEnd,
  RelationState,
  Role,
  SecretContent,
  SecretState,
  Stage,
  UnitRelation,
  UnitState,
  Wake,
} from './state.ts';
