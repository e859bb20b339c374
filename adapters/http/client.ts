/**
 * A client of the API, made from its own description: requests and answers have types, and errors are values.
 *
 * @module
 */
import * as Effect from 'effect/Effect';
import * as Schema from 'effect/Schema';
import * as E from 'fp-ts/lib/Either.js';
import type * as TE from 'fp-ts/lib/TaskEither.js';
import type { Examinations } from '../../core/examine/examination.ts';
import type { Outcome } from '../../core/model/outcome.ts';
import type { HostError } from '../host.ts';
import type { AnyOutcome, DocumentOf, InputDocument, SideName, ViewOf } from '../../core/any/decide.ts';
import { callsTo, type InspectPayload, type InspectQuery } from './api.ts';
import { answering } from './codec.ts';
import type { ProblemDocument } from './problem.ts';
import type { Published, ToldSession } from '../provider/answer.ts';
import type { FaultDocument } from '../provider/fault.ts';
import type { SessionDocument } from '../provider/options.ts';
import { ProblemSchema } from './schemas.ts';

/** The server refused. */
export interface RefusedCall {
  /** Distinguishes it from other problems. */
  readonly _tag: 'Refused';
  /** What the server answered. */
  readonly problem: ProblemDocument;
  /** The problem in one line. */
  readonly message: string;
}

/**
 * The result of a call.
 *
 * @internal
 */
type Call<A> = TE.TaskEither<RefusedCall | HostError, A>;

/**
 * A decision, with the view of the side that was sent.
 *
 * @internal
 */
interface Decide {
  <Name extends SideName>(document: DocumentOf<Name> & { readonly side: Name }): Call<Outcome<ViewOf<Name>>>;
  (document: InputDocument): Call<AnyOutcome>;
}

/** The API as functions. */
export interface Client {
  /** `POST /decide`. */
  readonly decide: Decide;
  /** `POST /inspect`. */
  readonly inspect: (
    payload: InspectPayload,
    query?: InspectQuery,
  ) => Call<Examinations>;
  /** Starts a session with a fake provider; the answer has its name. */
  readonly createProvider: (session?: SessionDocument) => Call<ToldSession>;
  /** The fake provider of a session. */
  readonly provider: (session: string) => ProviderClient;
}

/** A fake provider, as seen from a test. */
export interface ProviderClient {
  /** What the provider publishes to a unit that publishes this. Only a leader sends its application's databag. */
  readonly databag: (
    unit: string,
    databag: Readonly<Record<string, string>>,
    applicationDatabag?: Readonly<Record<string, string>>,
  ) => Call<Published>;
  /** Makes a unit leave. */
  readonly depart: (unit: string) => Call<Published>;
  /** Replaces the CA with a new one. */
  readonly rotate: Call<ToldSession>;
  /** Moves the session's clock forward. */
  readonly advance: (seconds: number) => Call<ToldSession>;
  /** Sets what the provider does wrong from now on; nothing for an empty list. */
  readonly faults: (faults: ReadonlyArray<FaultDocument>) => Call<ToldSession>;
  /** `GET /provider/{session}`. */
  readonly read: Call<ToldSession>;
  /** `DELETE /provider/{session}`. */
  readonly delete: Call<void>;
}

/** How a server is reached. */
export interface ClientOptions {
  /** For a server that requires one. */
  readonly token?: string;
  /** Instead of the runtime's own, for example a handler in the same process. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

const isProblem = Schema.is(answering(ProblemSchema));

const refusedBy = (error: unknown): RefusedCall | HostError => {
  if (!isProblem(error)) {
    // The messages of effect's client may quote what was sent.
    const message = 'the server cannot be reached, or what answered is not this API: check the address';
    return { _tag: 'HostError', reason: 'failed', message };
  }
  const issues = (error.errors ?? []).map(({ path, message }) => `${path}: ${message}`);
  return { _tag: 'Refused', problem: error, message: [`${error.title}: ${error.detail}`, ...issues].join('\n') };
};

const carriedOut = <A>(call: Effect.Effect<A, unknown>): Call<A> => () =>
  Effect.runPromise(call.pipe(
    Effect.match({ onFailure: (error) => E.left(refusedBy(error)), onSuccess: E.right }),
  ));

/**
 * A client of the server at an address, e.g. `http://127.0.0.1:8080`.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { client, httpHandler } from 'interface-tls-certificates/http';
 * const { decide } = client('http://localhost', { fetch: httpHandler().fetch });
 * const outcome = await decide({ side: 'reactive/requires', snapshot: { localUnit: 'web/0', endpoint: 'certificates', relations: [] } })();
 * assert.equal(outcome._tag, 'Right');
 * ```
 */
export const client = (address: string, { token, fetch }: ClientOptions = {}): Client => {
  const calls = callsTo(address, fetch ?? ((request) => globalThis.fetch(request)), token ?? null);
  // The overloads say for each side what one signature cannot: the server answers for the side that was sent.
  function decide<Name extends SideName>(
    document: DocumentOf<Name> & { readonly side: Name },
  ): Call<Outcome<ViewOf<Name>>>;
  function decide(document: InputDocument): Call<AnyOutcome>;
  function decide(document: InputDocument): Call<AnyOutcome> {
    return carriedOut(calls.decide(document));
  }
  return {
    decide,
    inspect: (payload, query = {}) => carriedOut(calls.inspect(payload, query)),
    createProvider: (options = {}) => carriedOut(calls.createProvider(options)),
    provider: (session) => ({
      databag: (unit, databag, applicationDatabag) => {
        const heard = { unit, databag, ...(applicationDatabag === undefined ? {} : { applicationDatabag }) };
        return carriedOut(calls.databag(session, heard));
      },
      depart: (unit) => carriedOut(calls.depart(session, unit)),
      rotate: carriedOut(calls.rotate(session)),
      advance: (seconds) => carriedOut(calls.advance(session, seconds)),
      faults: (faults) => carriedOut(calls.faults(session, faults)),
      read: carriedOut(calls.readProvider(session)),
      delete: carriedOut(calls.deleteProvider(session)),
    }),
  };
};
