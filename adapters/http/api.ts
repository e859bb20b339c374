/**
 * The API, described once with effect's HttpApi. The table of routes, the OpenAPI document and the client are made from it.
 *
 * Requests are not decoded here: the core's codecs do that, because they report where a mistake is. So this description is only
 * documentation, and the tests compare it with what the server does.
 *
 * @module
 */
import * as HttpApi from 'effect/http-api/HttpApi';
import * as HttpApiEndpoint from 'effect/http-api/HttpApiEndpoint';
import * as HttpApiGroup from 'effect/http-api/HttpApiGroup';
import * as HttpApiSchema from 'effect/http-api/HttpApiSchema';
import * as OpenApi from 'effect/http-api/OpenApi';
import * as Schema from 'effect/Schema';
import { type AnyOutcome, Input, type InputDocument } from '../../core/any/decide.ts';
import { ExaminationsSchema } from '../schema/examination.ts';
import { OutcomeSchema } from '../schema/outcome.ts';
import { VERSION } from '../version.ts';
import { answering, taking } from './codec.ts';
import { PROBLEM_JSON, type ProblemKind, PROBLEMS } from './problem.ts';
import type { ProviderOperation } from './provider.ts';
import { Ahead, Departing, Faults, Heard, type SessionDocument, SessionOptions } from '../provider/options.ts';
import {
  type Health,
  HealthSchema,
  ProblemSchema,
  PublishedSchema,
  SessionSchema,
  type Several,
  SeveralSchema,
  ShowUnitSchema,
} from './schemas.ts';
import * as Effect from 'effect/Effect';
import * as FetchHttpClient from 'effect/http/FetchHttpClient';
import * as HttpClient from 'effect/http/HttpClient';
import * as HttpClientRequest from 'effect/http/HttpClientRequest';
import * as HttpApiClient from 'effect/http-api/HttpApiClient';
import type { Examinations } from '../../core/examine/examination.ts';
import type { DocumentOf } from '../../core/model/codec.ts';
import type { Published, ToldSession } from '../provider/answer.ts';
import type { FaultDocument } from '../provider/fault.ts';

const Told = answering(SessionSchema);

/** Problems of these kinds, one schema for each status. */
const problems = (...kinds: ReadonlyArray<ProblemKind>) =>
  [...new Set(kinds.map((kind): number => PROBLEMS[kind][0]))].sort().map((status) =>
    answering(ProblemSchema).pipe(HttpApiSchema.status(status), HttpApiSchema.asJson({ contentType: PROBLEM_JSON }))
  );

/** The problems that every request with a body can end in. */
const OF_BODIES = [
  'bad-request',
  'not-json',
  'token-wanted',
  'foreign-origin',
  'too-slow',
  'too-large',
  'media-type',
  'malformed-input',
  'too-many-at-once',
  'busy',
] as const satisfies ReadonlyArray<ProblemKind>;

/** The problems that every request to a session can end in. */
const OF_SESSIONS = [
  'token-wanted',
  'foreign-origin',
  'no-session',
  'too-many-at-once',
  'busy',
  'no-store',
] as const satisfies ReadonlyArray<
  ProblemKind
>;

/** The problems that every change of a session can also end in. */
const OF_CHANGES = ['no-session', 'session-full', 'too-much-work', 'no-store'] as const satisfies ReadonlyArray<
  ProblemKind
>;

const OfSession = { session: Schema.String };

/** The one operation that is open to all. */
export const HEALTH = '/health';

const Api = HttpApi.make('tls-certificates')
  .add(
    HttpApiGroup.make('relation', { topLevel: true })
      .add(
        HttpApiEndpoint.post('decide', '/decide', {
          payload: taking(Input),
          success: answering(OutcomeSchema),
          error: problems(...OF_BODIES, 'answer-too-large'),
        }).annotateMerge(OpenApi.annotations({
          summary: 'Decide what to write, which flags change, and what the charm can read',
          description:
            'A pure function: the same document gives the same outcome, and nothing is kept. Nothing is redacted: private keys that were sent come back in the view.',
        })),
        HttpApiEndpoint.post('inspect', '/inspect', {
          payload: [
            taking(Input),
            answering(SeveralSchema),
            answering(ShowUnitSchema).pipe(HttpApiSchema.asText({ contentType: 'text/plain' })),
          ],
          query: { requirer: Schema.optionalKey(Schema.String), endsWithin: Schema.optionalKey(Schema.String) },
          success: answering(ExaminationsSchema),
          error: problems(...OF_BODIES, 'answer-too-large', 'too-much-work'),
        }).annotateMerge(OpenApi.annotations({
          summary: 'Show who requested what, what was answered, and what is wrong with it',
          description:
            'Takes an input document of either side, or what juju show-unit prints. Each certificate is described, matched with its request and its key, and verified. Private keys are never in the answer.',
        })),
      ),
    HttpApiGroup.make('provider', { topLevel: true })
      .add(
        HttpApiEndpoint.post('createProvider', '/provider', {
          payload: taking(SessionOptions),
          success: Told.pipe(HttpApiSchema.status(201)),
          error: problems(...OF_BODIES, 'session-exists', 'too-many-sessions', 'no-store'),
        }).annotateMerge(OpenApi.annotations({
          summary: 'Start a session with a fake provider',
          description:
            'A provider with a CA of its own, for tests, which speaks the reactive protocol or answers CSRs. It is kept in memory, or in a store that servers share, and expires. Faults say how it misbehaves.',
        })),
        HttpApiEndpoint.get('readProvider', '/provider/:session', {
          params: OfSession,
          success: Told,
          error: problems(...OF_SESSIONS),
        }).annotateMerge(OpenApi.annotations({
          summary: 'Show a session',
          description: 'Its CA, its faults, what is asked of it, and its log. No private key is in it.',
        })),
        HttpApiEndpoint.delete('deleteProvider', '/provider/:session', {
          params: OfSession,
          success: HttpApiSchema.NoContent,
          error: problems(...OF_SESSIONS),
        }).annotateMerge(OpenApi.annotations({ summary: 'End a session' })),
        HttpApiEndpoint.post('databag', '/provider/:session/databag', {
          params: OfSession,
          payload: taking(Heard),
          success: answering(PublishedSchema),
          error: problems(...OF_BODIES, ...OF_CHANGES),
        }).annotateMerge(OpenApi.annotations({
          summary: 'Send the databags of a requirer unit, and get what the provider publishes to it',
          description:
            'The answers are real certificates, unless a fault fits: with their private keys in the databag of the provider’s unit, or, in a session of the protocol csr, without any in that of its application. Sending the same again changes nothing: what is good stays as it is.',
        })),
        HttpApiEndpoint.post('depart', '/provider/:session/depart', {
          params: OfSession,
          payload: taking(Departing),
          success: answering(PublishedSchema),
          error: problems(...OF_BODIES, ...OF_CHANGES),
        }).annotateMerge(OpenApi.annotations({
          summary: 'Let a unit leave',
          description: 'What it was answered is withdrawn. The last unit of an application takes the relation with it.',
        })),
        HttpApiEndpoint.post('rotate', '/provider/:session/rotate', {
          params: OfSession,
          success: Told,
          error: problems(...OF_SESSIONS, ...OF_CHANGES),
        }).annotateMerge(OpenApi.annotations({
          summary: 'Replace the CA with a new one',
          description: 'Everything is reissued at once; the former CA stays in the chain.',
        })),
        HttpApiEndpoint.post('advance', '/provider/:session/advance', {
          params: OfSession,
          payload: taking(Ahead),
          success: Told,
          error: problems(...OF_BODIES, ...OF_CHANGES),
        }).annotateMerge(OpenApi.annotations({
          summary: 'Move the clock of a session forward',
          description:
            'Certificates that are near their end are reissued, as the policy says. In a session of the protocol csr the requirer renews.',
        })),
        HttpApiEndpoint.put('faults', '/provider/:session/faults', {
          params: OfSession,
          payload: taking(Faults),
          success: Told,
          error: problems(...OF_BODIES, ...OF_CHANGES),
        }).annotateMerge(OpenApi.annotations({
          summary: 'Set how the provider misbehaves from now on',
          description: 'They replace the former faults. If several fit a request, the first counts.',
        })),
      ),
    HttpApiGroup.make('server', { topLevel: true }).add(
      HttpApiEndpoint.get('health', HEALTH, { success: answering(HealthSchema) }).annotateMerge(
        OpenApi.annotations({ summary: 'Check that the server is up' }),
      ),
    ),
  )
  .annotateMerge(OpenApi.annotations({
    title: 'tls-certificates',
    version: VERSION,
    description: "Juju's tls-certificates relation: what is asked, what is answered, what changes.",
    license: { name: 'Apache-2.0' },
  }));

/** The operations that the API describes. */
export type OperationName = 'decide' | 'inspect' | 'health' | ProviderOperation;

/** One route. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: OperationName;
}

const routes = (): ReadonlyArray<Route> => {
  const found: Array<Route> = [];
  HttpApi.reflect(Api, {
    onGroup: () => {},
    // A new endpoint needs an operation: the handler's table must have all of them.
    onEndpoint: ({ endpoint: { method, path, identifier } }) =>
      void found.push({ method, path, operation: identifier as OperationName }),
  });
  return found;
};

/** The routes, as described. */
export const ROUTES: ReadonlyArray<Route> = routes();

/** The operations as effect writes them into an OpenAPI document. */
export const describedOperations = (): OpenApi.OpenAPISpec => OpenApi.fromApi(Api);

/** A unit with its databag, as JSON. */
type HeardDocument = DocumentOf<typeof Heard>;

/** The options of an inspection, as in the query. */
export interface InspectQuery {
  /** The application that asks, if the output of `juju show-unit` does not show it. */
  readonly requirer?: string;
  /** How many days before its end a certificate counts as ending soon. */
  readonly endsWithin?: string;
}

/** The input of an inspection: an input document, output of `juju show-unit`, or several of these. */
export type InspectPayload = InputDocument | string | Several;

/** Calls of the API. An error is a problem, or what effect's client reports about the network or an invalid answer. */
export interface Calls {
  readonly decide: (document: InputDocument) => Effect.Effect<AnyOutcome, unknown>;
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

/** Calls to the server at an address, with a `fetch` and, if the server requires one, a token. */
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
