/**
 * Calls of the API over the network, as effect's client makes them from its description.
 *
 * @module
 */
import * as Effect from 'effect/Effect';
import * as FetchHttpClient from 'effect/http/FetchHttpClient';
import * as HttpClient from 'effect/http/HttpClient';
import * as HttpClientRequest from 'effect/http/HttpClientRequest';
import * as HttpApiClient from 'effect/http-api/HttpApiClient';
import type { InputDocument } from '../../core/decide.ts';
import type { Examinations } from '../../core/examine/examine.ts';
import type { DocumentOf } from '../../core/model/codec.ts';
import type { Outcome } from '../../core/model/outcome.ts';
import type { ProvidesView } from '../../core/reactive/provides/view.ts';
import type { RequiresView } from '../../core/reactive/requires/view.ts';
import { Api } from './api.ts';
import type { Published, ToldSession } from './provider/answer.ts';
import type { FaultDocument } from './provider/fault.ts';
import type { Heard, SessionDocument } from './provider/options.ts';
import type { Health, Several } from './schemas.ts';

/** A unit with its databag, as JSON has it. */
type HeardDocument = DocumentOf<typeof Heard>;

/** The options of an inspection, as they stand in the query. */
export interface InspectQuery {
  /** The application that asks, where the output of `juju show-unit` does not show it. */
  readonly requirer?: string;
  /** Days before its end in which a certificate counts as ending soon. */
  readonly endsWithin?: string;
}

/** What an inspection takes: an input document, output of `juju show-unit`, or several of these. */
export type InspectPayload = InputDocument | string | Several;

/** Calls of the API. An error is a problem, or what effect's client says of the network or of an answer that is none. */
export interface Calls {
  readonly decide: (document: InputDocument) => Effect.Effect<Outcome<RequiresView> | Outcome<ProvidesView>, unknown>;
  readonly inspect: (payload: InspectPayload, query: InspectQuery) => Effect.Effect<Examinations, unknown>;
  readonly health: Effect.Effect<Health, unknown>;
  readonly createProvider: (session: SessionDocument) => Effect.Effect<ToldSession, unknown>;
  readonly readProvider: (session: string) => Effect.Effect<ToldSession, unknown>;
  readonly deleteProvider: (session: string) => Effect.Effect<void, unknown>;
  readonly databag: (session: string, heard: HeardDocument) => Effect.Effect<Published, unknown>;
  readonly depart: (session: string, unit: string) => Effect.Effect<Published, unknown>;
  readonly rotate: (session: string) => Effect.Effect<ToldSession, unknown>;
  readonly advance: (session: string, seconds: number) => Effect.Effect<ToldSession, unknown>;
  readonly faults: (session: string, faults: ReadonlyArray<FaultDocument>) => Effect.Effect<ToldSession, unknown>;
}

/** Calls to the server at an address, with a `fetch` and, where it wants one, a token. */
export const callsTo = (
  address: string,
  fetch: (request: Request) => Promise<Response>,
  token: string | null,
): Calls => {
  // Bun's type of fetch has more members, which effect's client does not use.
  const reach =
    ((input: string | URL | Request, init?: RequestInit) => fetch(new Request(input, init))) as typeof globalThis.fetch;
  const withToken = (client: HttpClient.HttpClient) =>
    token === null ? client : HttpClient.mapRequest(client, HttpClientRequest.bearerToken(token));
  const client = HttpApiClient.make(Api, { baseUrl: address, transformClient: withToken });
  const provided = <A, E>(call: Effect.Effect<A, E, HttpClient.HttpClient>): Effect.Effect<A, E> =>
    call.pipe(Effect.provide(FetchHttpClient.layer), Effect.provideService(FetchHttpClient.Fetch, reach));
  return {
    decide: (payload) => provided(Effect.flatMap(client, (calls) => calls.decide({ payload }))),
    inspect: (payload, query) => provided(Effect.flatMap(client, (calls) => calls.inspect({ payload, query }))),
    health: provided(Effect.flatMap(client, (calls) => calls.health({}))),
    createProvider: (payload) => provided(Effect.flatMap(client, (calls) => calls.createProvider({ payload }))),
    readProvider: (session) => provided(Effect.flatMap(client, (calls) => calls.readProvider({ params: { session } }))),
    deleteProvider: (session) =>
      provided(Effect.flatMap(client, (calls) => calls.deleteProvider({ params: { session } }))),
    databag: (session, payload) =>
      provided(Effect.flatMap(client, (calls) => calls.databag({ params: { session }, payload }))),
    depart: (session, unit) =>
      provided(Effect.flatMap(client, (calls) => calls.depart({ params: { session }, payload: { unit } }))),
    rotate: (session) => provided(Effect.flatMap(client, (calls) => calls.rotate({ params: { session } }))),
    advance: (session, seconds) =>
      provided(Effect.flatMap(client, (calls) => calls.advance({ params: { session }, payload: { seconds } }))),
    faults: (session, faults) =>
      provided(Effect.flatMap(client, (calls) => calls.faults({ params: { session }, payload: { faults } }))),
  };
};
