/**
 * Front door `./http`: the contract over HTTP, as one fetch handler and a typed client.
 *
 * @module
 */
export type { InputDocument, ProvidesDocument, RequiresDocument } from '../../core/decide.ts';
export type { PolicyDocument } from '../../core/authority/policy.ts';
export type { InspectPayload, InspectQuery } from './api.ts';
export { type Client, client, type ClientOptions, type ProviderClient, type RefusedCall } from './client.ts';
export { type HttpHandler, httpHandler, type HttpOptions } from './handler.ts';
export { LIMITS, type Limits } from './limits.ts';
export type { LogRecord } from './log.ts';
export { type ProblemDocument, type ProblemKind, PROBLEMS } from './problem.ts';
export { providerHost, type ProviderHostOptions } from './provider-host.ts';
export type { Published, ToldSession } from '../provider/answer.ts';
export { type FaultDocument, type FaultName, FAULTS, FAULTS_OF } from '../provider/fault.ts';
export type { SessionDocument, SessionOptions } from '../provider/options.ts';
export type { KeptSessions, SessionCipher } from '../provider/cipher.ts';
export type { Found, Life, Room, SessionStore, Store, Vacancy } from '../provider/store.ts';
export type { ProtocolName } from '../provider/protocol.ts';
export type { ShownRequest } from '../provider/provider.ts';
export type { SessionEntry } from '../provider/session.ts';
