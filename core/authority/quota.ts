/**
 * The quota of one unit: which of its requests are more than it may have.
 *
 * @module
 */
import type { ProvidesRequest } from '../reactive/provides/view.ts';
import type { Quota } from './policy.ts';

const unitOf = ({ relationId, unit }: ProvidesRequest): string => JSON.stringify([relationId, unit]);

/** What is said of the requests beyond the quota. */
export interface Beyond {
  /** Requests that are not answered. */
  readonly requests: ReadonlySet<ProvidesRequest>;
  /** For the first of them of each unit, how many its unit makes: one word for all, since there may be very many. */
  readonly told: ReadonlyMap<ProvidesRequest, number>;
}

/** The requests that are more than their unit may have. Those that are answered already count first, and then the order counts. */
export const beyondQuota = (
  { requestsPerUnit }: Pick<Quota, 'requestsPerUnit'>,
  requests: ReadonlyArray<ProvidesRequest>,
): Beyond => {
  const taken = new Map<string, number>();
  const take = (request: ProvidesRequest): number => {
    const unit = unitOf(request);
    const count = (taken.get(unit) ?? 0) + 1;
    taken.set(unit, count);
    return count;
  };
  for (const request of requests) if (request.cert !== null) take(request);
  const beyond = new Set<ProvidesRequest>();
  const first = new Map<string, ProvidesRequest>();
  for (const request of requests) {
    if (request.cert !== null || take(request) <= requestsPerUnit) continue;
    beyond.add(request);
    if (!first.has(unitOf(request))) first.set(unitOf(request), request);
  }
  return {
    requests: beyond,
    told: new Map([...first].map(([unit, request]) => [request, taken.get(unit) ?? 0])),
  };
};
