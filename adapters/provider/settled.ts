/**
 * What a provider does once something has happened: the good one answers what is due, and its databags are shown with the faults that
 * fit.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { announcedBy, answerRequests, isDueForRotation, type Moment } from '../../core/authority/mod.ts';
import { snapshotAfter } from '../../core/databag/write.ts';
import type { UnitName } from '../../core/model/names.ts';
import type { Timestamp } from '../../core/model/snapshot.ts';
import { provides } from '../../core/reactive/provides.ts';
import type { ProvidesRequest, ProvidesView } from '../../core/reactive/provides/view.ts';
import { decideAndReact } from '../host.ts';
import { distort, type Distorted, type Distortion } from './distort.ts';
import { type Fault, faultFor } from './fault.ts';
import { Forger } from './forge.ts';
import { type Provider, type Seen, type ShownRequest, withNewCa, withSharedPair } from './provider.ts';

/** What a change is made with. */
export interface Working extends Moment {
  /** Called between two requests; throws to give up. */
  readonly pause: () => void;
}

const keyOf = ({ unit, certType, commonName }: ProvidesRequest): string => JSON.stringify([unit, certType, commonName]);

/** Takes note of requests: a call counts for those of the unit that made it. */
const seenIn = (
  before: ReadonlyMap<string, Seen>,
  requests: ReadonlyArray<ProvidesRequest>,
  caller: UnitName | null,
  now: Date,
): ReadonlyMap<string, Seen> =>
  new Map(requests.map((request) => {
    const { at, calls } = before.get(keyOf(request)) ?? { at: now.getTime(), calls: 0 };
    return [keyOf(request), { at, calls: calls + (request.unit === caller ? 1 : 0) }];
  }));

const isLate = ({ calls = 0, seconds = 0 }: Fault, seen: Seen | undefined, now: Date): boolean =>
  seen === undefined || seen.calls <= calls || now.getTime() < seen.at + seconds * 1_000;

/** What is done to an answer; null where it is shown as it is. */
const distortionOf = async (
  fault: Fault,
  request: ProvidesRequest,
  seen: Seen | undefined,
  forger: Forger,
  now: Date,
): Promise<Distortion | null> => {
  switch (fault.fault) {
    case 'never':
      return { _tag: 'TakenAway' };
    case 'late':
      return isLate(fault, seen, now) ? { _tag: 'TakenAway' } : null;
    case 'half':
      return { _tag: 'WithoutKey' };
    case 'malformed':
      return { _tag: 'BrokenOff' };
    default: {
      const pair = await forger.forge(fault, request);
      // Better no answer than a good one where a bad one is expected.
      return pair === null ? { _tag: 'TakenAway' } : { _tag: 'Replaced', pair };
    }
  }
};

/** What is shown of what the good provider publishes. */
const shown = async (
  provider: Provider,
  { allRequests }: ProvidesView,
  caller: UnitName | null,
  { pause, ...moment }: Working,
): Promise<Provider> => {
  const { authority, ca, policy, faults, good } = provider;
  const seen = seenIn(provider.seen, allRequests, caller, moment.now);
  const forger = new Forger(provider.forgeries, { authority, ca, policy, moment });
  const distorted: Array<Distorted> = [];
  const requests: Array<ShownRequest> = [];
  for (const request of allRequests) {
    const fault = request.cert === null ? null : faultFor(faults, request);
    pause();
    const distortion = fault === null
      ? null
      : await distortionOf(fault, request, seen.get(keyOf(request)), forger, moment.now);
    if (distortion !== null) distorted.push({ request, distortion });
    requests.push({
      request,
      fault: distortion === null ? null : fault?.fault ?? null,
      isAnswered: request.cert !== null && distortion?._tag !== 'TakenAway',
    });
  }
  return {
    ...provider,
    seen,
    forgeries: forger.forgeries,
    requests,
    shown: new Map(good.snapshot.relations.map(({ id, localUnitData }) => [
      id,
      distort(localUnitData, distorted.filter(({ request: { relationId } }) => relationId === id)),
    ])),
  };
};

/** What is asked of a provider, before it answers. */
export const requestsOf = ({ good: { snapshot, memory } }: Provider): number =>
  provides.decide(snapshot, provides.nothing, memory).view.allRequests.length;

/**
 * A provider that has done what is due now: a CA near its end was replaced, new requests were answered, old answers were given anew. The
 * caller is the unit whose databag was sent.
 */
export const settled = async (before: Provider, caller: UnitName | null, working: Working): Promise<Provider> => {
  const { now, random, pause } = working;
  const isDue = isDueForRotation(before.authority, before.policy, now);
  const replaced = isDue ? await withNewCa(before, working) : E.right(before);
  const provider = await withSharedPair(E.isRight(replaced) ? replaced.right : before, working);
  // What a date writes is a timestamp.
  const snapshot = { ...provider.good.snapshot, now: now.toISOString() as Timestamp };
  const { authority, policy } = provider;
  const work = { authority, policy, moment: { now, random }, onProgress: pause };
  const intent = announcedBy(work);
  const outcome = await decideAndReact({ snapshot, memory: provider.good.memory }, {
    side: provides,
    intent,
    react: ({ view }) => answerRequests(work, view, intent)(),
  });
  const good = { snapshot: snapshotAfter(snapshot, outcome.writes), memory: outcome.memory };
  return await shown({ ...provider, good, findings: outcome.findings }, outcome.view, caller, working);
};
