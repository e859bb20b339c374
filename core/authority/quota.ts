/**
 * The quota of one unit: which of its requests exceed it.
 *
 * @module
 */
import type { Quota } from './policy.ts';

/** A request, as far as its quota is concerned. */
export interface Counted {
  readonly relationId: string;
  /** Null for the application's own. */
  readonly unit: string | null;
}

const unitOf = ({ relationId, unit }: Counted): string => JSON.stringify([relationId, unit]);

/** What to report about the requests beyond the quota. */
export interface Beyond<R extends Counted> {
  /** Requests that are not answered. */
  readonly requests: ReadonlySet<R>;
  /** For the first of them of each unit, how many its unit makes: one message for all, since there may be very many. */
  readonly told: ReadonlyMap<R, number>;
}

/** The requests beyond their unit's quota. Answered ones count first, then the order decides. */
export const beyondQuota = <R extends Counted>(
  { requestsPerUnit }: Pick<Quota, 'requestsPerUnit'>,
  requests: ReadonlyArray<R>,
  isAnswered: (request: R) => boolean,
): Beyond<R> => {
  const taken = new Map<string, number>();
  const take = (request: R): number => {
    const unit = unitOf(request);
    const count = (taken.get(unit) ?? 0) + 1;
    taken.set(unit, count);
    return count;
  };
  for (const request of requests) if (isAnswered(request)) take(request);
  const beyond = new Set<R>();
  const first = new Map<string, R>();
  for (const request of requests) {
    if (isAnswered(request) || take(request) <= requestsPerUnit) continue;
    beyond.add(request);
    if (!first.has(unitOf(request))) first.set(unitOf(request), request);
  }
  return {
    requests: beyond,
    told: new Map([...first].map(([unit, request]) => [request, taken.get(unit) ?? 0])),
  };
};
