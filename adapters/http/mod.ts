/**
 * Front door `./http`: the contract over HTTP, as one fetch handler and a typed client.
 *
 * @module
 */
export type { InspectPayload, InspectQuery } from './api.ts';
export { type Client, client, type ClientOptions, type ProviderClient, type Refused } from './client.ts';
export { type HttpHandler, httpHandler, type HttpOptions } from './handler.ts';
export { LIMITS, type Limits } from './limits.ts';
export type { LogRecord } from './log.ts';
export { type Problem, type ProblemKind, PROBLEMS } from './problem.ts';
export type { InputDocument, ProvidesDocument, RequiresDocument } from './schemas/input.ts';
export type { Published, ToldRequest, ToldSession } from './provider/answer.ts';
export { type FaultName, FAULTS } from './provider/fault.ts';
export type { SessionEntry } from './provider/sessions.ts';
export type { FaultDocument, PolicyDocument, SessionDocument } from './schemas/provider.ts';
