/**
 * Limits on what one request, one client and all of them together may cost.
 *
 * Requests do not wait for a place: workerd does not allow a promise that another request settles, and a queue would only hide that a
 * server is busy. When a limit is reached, the server says so immediately.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { problem, type ProblemDocument } from './problem.ts';

/** The limits; every one can be set. */
export interface Limits {
  /** Bytes of a body. */
  readonly bytes: number;
  /** How deeply lists and objects of a JSON body may be nested; the contract needs 6. */
  readonly depth: number;
  /** Milliseconds within which a body must arrive. */
  readonly bodyTime: number;
  /** Milliseconds that the work for one request may take. It is checked between two certificates. */
  readonly workTime: number;
  /** Requests being processed at once. */
  readonly atOnce: number;
  /** The same for one client, if clients can be distinguished. */
  readonly perClient: number;
  /** Maximum number of sessions with a fake provider at once. */
  readonly sessions: number;
  /** Milliseconds after which an unused session expires. */
  readonly sessionIdle: number;
  /** Milliseconds after which a session expires in any case. */
  readonly sessionLife: number;
  /** Units in a session. */
  readonly sessionUnits: number;
  /** Requests for certificates in a session. */
  readonly sessionRequests: number;
  /** Characters of databags that a session keeps. */
  readonly sessionBytes: number;
}

/** The default limits: a document with a thousand certificates passes. */
export const LIMITS: Limits = {
  bytes: 8 * 1024 * 1024,
  depth: 64,
  bodyTime: 15_000,
  workTime: 30_000,
  atOnce: 64,
  perClient: 32,
  sessions: 64,
  sessionIdle: 15 * 60_000,
  sessionLife: 4 * 3_600_000,
  sessionUnits: 64,
  sessionRequests: 256,
  sessionBytes: 1024 * 1024,
};

/** A place among the requests being processed, to be released when done. */
export type Leave = () => void;

/** Takes a place for a client, or says why there is none. A client that is null cannot be distinguished from others. */
export type TakePlace = (client: string | null) => E.Either<ProblemDocument, Leave>;

/** A counter of places. */
export const places = ({ atOnce, perClient }: Pick<Limits, 'atOnce' | 'perClient'>): TakePlace => {
  let taken = 0;
  const byClient = new Map<string, number>();
  return (client) => {
    if (taken >= atOnce) return E.left(problem('busy', `${atOnce} requests are at work already: try again`));
    const own = client === null ? 0 : byClient.get(client) ?? 0;
    if (own >= perClient) {
      return E.left(
        problem('too-many-at-once', `${perClient} requests of this client are at work already: wait for one`),
      );
    }
    taken += 1;
    if (client !== null) byClient.set(client, own + 1);
    return E.right(() => {
      taken -= 1;
      if (client === null) return;
      const left = (byClient.get(client) ?? 1) - 1;
      if (left > 0) byClient.set(client, left);
      else byClient.delete(client);
    });
  };
};
