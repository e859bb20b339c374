/**
 * Juju's `tls-certificates` relation: what a charm wants and what is published become writes, flags and certificates.
 *
 * This front door holds the pure core and what runs anywhere. Files on disk are behind `./file`, effect behind `./effect`.
 *
 * @module
 */
export {
  decide,
  type Decided,
  decideInput,
  decideOn,
  decodeInput,
  type Input,
  type InputDocument,
  type ProvidesDocument,
  type ProvidesInput,
  type RequiresDocument,
  type RequiresInput,
  type SideName,
  type ViewOf,
} from './core/decide.ts';
export { type DatabagJson, encodeDatabagJson } from './core/databag/json.ts';
export { byCodePoint } from './core/model/order.ts';
export { snapshotAfter, writesBetween } from './core/databag/write.ts';
export {
  CERT_TYPES,
  type Certificate,
  type CertType,
  type KeyPair,
  type PrivateKey,
  REDACTED,
} from './core/model/certificate.ts';
export type { Finding, Place, Severity } from './core/model/finding.ts';
export { type Flag, type FlagDelta, flagOf } from './core/model/flag.ts';
export type { InputError, InputIssue } from './core/model/input-error.ts';
export { type Digest, emptyMemory, Memory, type MemoryDocument } from './core/model/memory.ts';
export { munge, type MungedUnitName, RelationId, UnitName } from './core/model/names.ts';
export { type Bag, changesNothing, type Outcome, type Write } from './core/model/outcome.ts';
export type { Side } from './core/model/side.ts';
export {
  type Databag,
  type Departing,
  type Relation,
  Snapshot,
  type SnapshotDocument,
  type Timestamp,
} from './core/model/snapshot.ts';
export { REQUIRES_FINDINGS, type RequiresFindingCode } from './core/reactive/requires/findings.ts';
export { explainFlag, explainKey } from './core/reactive/explain.ts';
export { REQUIRES_FLAGS } from './core/reactive/requires/explain.ts';
export {
  addRequestServerCert,
  handled,
  ignoreRepeats,
  intentOf,
  nothing,
  type OnRepeat,
  type Request,
  requestApplicationCert,
  requestClientCert,
  type RequestDocument,
  requestIntermediateCert,
  type RequestOf,
  requestServerCert,
  requestServerCerts,
  RequiresIntent,
  type RequiresIntentDocument,
  type ServerRequest,
  type Wish,
  type Withdrawal,
  withdrawApplicationCert,
  withdrawClientCert,
  withdrawIntermediateCert,
  withdrawServerCert,
} from './core/reactive/requires/intent.ts';
export { requires } from './core/reactive/requires.ts';
export type { MalformedCode } from './core/reactive/malformed.ts';
export { PROVIDES_FLAGS } from './core/reactive/provides/explain.ts';
export { PROVIDES_FINDINGS, type ProvidesFindingCode } from './core/reactive/provides/findings.ts';
export type { ProvidesFlagName } from './core/reactive/provides/flags.ts';
export {
  addServerCert,
  type Answer,
  keepWithdrawn,
  nothingToPublish,
  type OnWithdrawal,
  ProvidesIntent,
  type ProvidesIntentDocument,
  type Publication,
  publish,
  type Refusal,
  refuse,
  setCa,
  setCert,
  setCerts,
  setChain,
  setClientCert,
  setServerCert,
  setServerMulticerts,
} from './core/reactive/provides/intent.ts';
export {
  allPublishedCerts,
  allRequests,
  getServerRequests,
  newApplicationRequests,
  newClientRequests,
  newIntermediateRequests,
  newRequests,
  newServerRequests,
  type ProvidesRequest,
  type ProvidesView,
} from './core/reactive/provides/view.ts';
export { provides } from './core/reactive/provides.ts';
export {
  applicationCerts,
  type CertificateMap,
  clientCerts,
  clientCertsMap,
  getBatchRequests,
  getCa,
  getChain,
  getClientCert,
  getServerCert,
  intermediateCerts,
  intermediateCertsMap,
  type MaybePair,
  type RequiresView,
  rootCaCert,
  rootCaChain,
  serverCerts,
  serverCertsMap,
} from './core/reactive/requires/view.ts';
export type { RequiresFlagName } from './core/reactive/requires/flags.ts';
export {
  type Charm,
  decideAndReact,
  type Host,
  type HostError,
  type HostErrorReason,
  orThrow,
  type Problem,
  run,
  type State,
  type Wants,
} from './adapters/host.ts';
export { type MemoryHost, memoryHost } from './adapters/memory/host.ts';
export {
  type Application,
  type Applications,
  type Handler,
  handler,
  handlerOf,
  type HookContext,
} from './adapters/memory/application.ts';
export { type Beginning, charmsOf, emptyModel } from './adapters/memory/beginning.ts';
export { pending } from './adapters/memory/dispatch.ts';
export { applyEvent, type ModelEvent } from './adapters/memory/event.ts';
export { type Hook, type HookKind, hookTitle, type RelationHookKind } from './adapters/memory/hook.ts';
export { type EventEntry, type HookEntry, type Log, type LogEntry, replay } from './adapters/memory/log.ts';
export { type Applied, type Model, model, type ModelOptions, type ModelUnit } from './adapters/memory/model.ts';
export type { WriteRecord } from './adapters/memory/databags.ts';
export type { ModelError } from './adapters/memory/error.ts';
export { type HookRecord, type Ran, runHook } from './adapters/memory/run.ts';
export { type Failing, settle, type Settled, type SettleOptions } from './adapters/memory/settle.ts';
export type {
  ApplicationState,
  Config,
  ConfigValue,
  Decision,
  Endpoints,
  FailedHook,
  ModelState,
  RelationEnd,
  RelationState,
  Role,
  Stage,
  UnitRelation,
  UnitState,
  Wake,
} from './adapters/memory/state.ts';
