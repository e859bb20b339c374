/**
 * Front door `./host`: everything for writing a host of your own: the port, the documents that it keeps, and what an outcome does to them.
 *
 * @module
 */
export {
  type Decided,
  decideOn,
  type ProvidesDocument,
  type ProvidesInput,
  type RequiresDocument,
  type RequiresInput,
} from '../core/decide.ts';
export { type DatabagJson, encodeDatabagJson } from '../core/databag/json.ts';
export { snapshotAfter, writesBetween } from '../core/databag/write.ts';
export type { FlagDelta } from '../core/model/flag.ts';
export type { InputIssue } from '../core/model/input-error.ts';
export type { Digest, MemoryDocument } from '../core/model/memory.ts';
export type { MungedUnitName } from '../core/model/names.ts';
export { byCodePoint } from '../core/model/order.ts';
export { type Bag, changesNothing } from '../core/model/outcome.ts';
export type { Departing, SnapshotDocument, Timestamp } from '../core/model/snapshot.ts';
export type { ProvidesIntentDocument } from '../core/reactive/provides/intent.ts';
export type { RequestDocument, RequiresIntentDocument } from '../core/reactive/requires/intent.ts';
export { decideAndReact, type HostError, type HostErrorReason, type State, type Wants } from './host.ts';
export type { MemoryHost } from './memory/host.ts';
