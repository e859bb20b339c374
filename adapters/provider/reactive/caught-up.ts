/**
 * The reactive protocol's provider after an event: the correct one answers what is due, and its databags are shown with the matching
 * faults.
 *
 * @module
 */
import { announcedBy, answerRequests } from '../../../core/authority/mod.ts';
import { snapshotAfter } from '../../../core/databag/write.ts';
import type { KeyPair } from '../../../core/model/certificate.ts';
import type { UnitName } from '../../../core/model/names.ts';
import { provides } from '../../../core/reactive/provides.ts';
import type { ProvidesRequest, ProvidesView } from '../../../core/reactive/provides/view.ts';
import { decideAndReact, type State } from '../../host.ts';
import { type Fault, faultFor } from '../fault.ts';
import { Forger } from '../forge.ts';
import type { Provider, ShownRequest, Working } from '../provider.ts';
import { isLate, type Seen, seenNow } from '../seen.ts';
import { distort, type Distorted, type Distortion } from './distort.ts';
import { forgePair } from './forge.ts';

const keyOf = ({ unit, certType, commonName }: ProvidesRequest): string => JSON.stringify([unit, certType, commonName]);

/** What a distortion needs. */
interface Distorting {
  readonly provider: Provider;
  readonly seen: ReadonlyMap<string, Seen>;
  readonly forger: Forger<KeyPair>;
  readonly now: Date;
}

/** What happens to an answer; null if it is shown unchanged. */
const distortionOf = async (
  fault: Fault,
  request: ProvidesRequest,
  { provider: { policy }, seen, forger, now }: Distorting,
): Promise<Distortion | null> => {
  switch (fault.fault) {
    case 'never':
      return { _tag: 'TakenAway' };
    case 'late':
      return isLate(fault, seen.get(keyOf(request)), now) ? { _tag: 'TakenAway' } : null;
    case 'half':
      return { _tag: 'WithoutKey' };
    case 'malformed':
      return { _tag: 'BrokenOff' };
    default: {
      const pair = await forgePair(forger, fault, request, policy);
      // Better no answer than a good one where a bad one is expected.
      return pair === null ? { _tag: 'TakenAway' } : { _tag: 'Replaced', pair };
    }
  }
};

/** What is shown of what the correct provider publishes. */
const shown = async (
  provider: Provider,
  { allRequests }: ProvidesView,
  caller: UnitName | null,
  { pause, ...moment }: Working,
): Promise<Provider> => {
  const { authority, ca, faults, good } = provider;
  const { now } = moment;
  const sightings = allRequests.map((request) => ({ key: keyOf(request), isCalling: request.unit === caller }));
  const seen = seenNow(provider.seen, sightings, now);
  const forger = new Forger(provider.forgedPairs, { authority, ca, moment });
  const distorted: Array<Distorted> = [];
  const requests: Array<ShownRequest> = [];
  for (const request of allRequests) {
    const { relationId, unit, certType, commonName, cert } = request;
    const fault = cert === null ? null : faultFor(faults, request);
    pause();
    const distortion = fault === null ? null : await distortionOf(fault, request, { provider, seen, forger, now });
    if (distortion !== null) distorted.push({ request, distortion });
    requests.push({
      relationId,
      unit,
      certType,
      commonName,
      state: cert !== null && distortion?._tag !== 'TakenAway' ? 'answered' : 'unanswered',
      fault: distortion === null ? null : fault?.fault ?? null,
    });
  }
  return {
    ...provider,
    seen,
    forgedPairs: forger.forgeries,
    requests,
    shown: new Map(good.snapshot.relations.map(({ id, localUnitData }) => [id, {
      unit: distort(localUnitData, distorted.filter(({ request: { relationId } }) => relationId === id)),
      application: {},
    }])),
  };
};

/** How much is requested from a provider. */
export const requestsIn = ({ snapshot, memory }: State): number =>
  provides.decide(snapshot, provides.nothing, memory).view.allRequests.length;

/** A provider that has answered its new requests and renewed the old answers that were due. */
export const reactiveCaughtUp = async (
  provider: Provider,
  caller: UnitName | null,
  working: Working,
): Promise<Provider> => {
  const { authority, policy, good: { snapshot, memory } } = provider;
  const { now, random, pause } = working;
  const work = { authority, policy, moment: { now, random }, onProgress: pause };
  const intent = announcedBy(work);
  const outcome = await decideAndReact({ snapshot, memory }, {
    side: provides,
    intent,
    react: ({ view }) => answerRequests(work, view, intent)(),
  });
  const good = { snapshot: snapshotAfter(snapshot, outcome.writes), memory: outcome.memory };
  return await shown({ ...provider, good, findings: outcome.findings }, outcome.view, caller, working);
};
