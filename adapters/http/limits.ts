/**
 * What one request, one client and all of them together may cost.
 *
 * Nobody waits for a place: a promise that another request settles is not allowed in workerd, and a queue would only hide that a
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
  /** Milliseconds within which a body has to have come. */
  readonly bodyTime: number;
  /** Milliseconds that the work for one request may take. It is looked at between two certificates. */
  readonly workTime: number;
  /** Requests at work at once. */
  readonly atOnce: number;
  /** The same of one client, where clients can be told apart. */
  readonly perClient: number;
  /** Sessions with a fake provider that there may be at once. */
  readonly sessions: number;
  /** Milliseconds after which a session expires that nobody uses. */
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

/** The limits unless others are set: a document with a thousand certificates passes. */
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

/** A place among those at work, to be left when done. */
export type Leave = () => void;

/** Takes a place for a client, or tells why there is none. A client that is null cannot be told apart. */
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
