/**
 * The CSR protocol's provider after an event: the correct one, which is the real provider's side with an authority, answers what is new,
 * and its application databags are shown with the matching faults.
 *
 * @module
 */
import { answerCsrs } from '../../../core/authority/mod.ts';
import { ERROR_CODES, type ErrorName, type RequestError } from '../../../core/csr/errors.ts';
import { csrProvides } from '../../../core/csr/provides.ts';
import type { ProvidedRequest } from '../../../core/csr/provides/view.ts';
import { type KnownCsr, textsOnce } from '../../../core/csr/texts.ts';
import { snapshotAfter } from '../../../core/databag/write.ts';
import type { UnitName } from '../../../core/model/names.ts';
import { emptyMemory } from '../../../core/model/memory.ts';
import { decideAndReact, type State } from '../../host.ts';
import { type Fault, faultFor } from '../fault.ts';
import { Forger } from '../forge.ts';
import { type Provider, relationOf, type ShownRequest, type Working } from '../provider.ts';
import { isLate, seenNow } from '../seen.ts';
import { distort, type Distorted, type Distortion } from './distort.ts';
import { forgeCertificate, kindOf } from './forge.ts';

/** A readable request, as every one in a view is. */
interface ReadRequest {
  readonly request: ProvidedRequest;
  readonly known: KnownCsr;
  /** What distinguishes it from other requests: a renewal is another request. */
  readonly key: string;
}

const codeNames = Object.entries(ERROR_CODES) as ReadonlyArray<readonly [ErrorName, number]>;

/** The error of a fault. A code without a name is reported as `other`. */
const errorOf = ({ code = ERROR_CODES.other }: Fault): RequestError => ({
  code,
  name: codeNames.find(([, known]) => known === code)?.[0] ?? 'other',
  message: 'this request is denied by the fake provider',
  reason: null,
  provider: null,
  endpoint: null,
});

/** Everything that is published, as the leader sees it: whoever shows it need not lead. */
const publishedIn = ({ snapshot }: State): ReadonlyArray<ProvidedRequest> =>
  csrProvides.decide({ ...snapshot, isLeader: true }, { ...csrProvides.nothing, onWithdrawal: 'keep' }, emptyMemory)
    .view.requests;

/** Decides what happens to answers. */
class Distorter {
  readonly #provider: Provider;
  readonly #now: Date;
  readonly #forger: Forger<string>;
  /** How many requests a fault matched. */
  readonly #fitted = new Map<Fault, number>();

  constructor(provider: Provider, forger: Forger<string>, now: Date) {
    this.#provider = provider;
    this.#forger = forger;
    this.#now = now;
  }

  /** What happens to the answer to a request; null if it is shown unchanged. */
  async distortion(fault: Fault, { request, known, key }: ReadRequest): Promise<Distortion | null> {
    const before = this.#fitted.get(fault) ?? 0;
    this.#fitted.set(fault, before + 1);
    switch (fault.fault) {
      case 'never':
        return { _tag: 'TakenAway' };
      case 'late':
        return isLate(fault, this.#provider.seen.get(key), this.#now) ? { _tag: 'TakenAway' } : null;
      case 'half-answered':
        return before % 2 === 1 ? { _tag: 'TakenAway' } : null;
      case 'malformed':
        return { _tag: 'BrokenOff' };
      case 'malformed-entry':
        return { _tag: 'EntryBroken' };
      case 'revoked':
        return { _tag: 'Revoked' };
      case 'denied':
        return { _tag: 'Refused', error: errorOf(fault) };
      case 'reversed-chain':
        return { _tag: 'Chain', of: (good) => [...good].reverse() };
      case 'leaf-missing':
        return { _tag: 'Chain', of: (good) => good.slice(1) };
      case 'empty-chain':
        return { _tag: 'Chain', of: () => [] };
      default: {
        const certificate = await forgeCertificate(this.#forger, fault, request, known);
        // Better no answer than a good one where a bad one is expected.
        return certificate === null ? { _tag: 'TakenAway' } : { _tag: 'Replaced', certificate };
      }
    }
  }
}

const stateOf = ({ state }: ProvidedRequest, distortion: Distortion | null): ShownRequest['state'] => {
  if (distortion?._tag === 'TakenAway') return 'unanswered';
  if (distortion?._tag === 'Refused') return 'refused';
  return state === 'new' ? 'unanswered' : state;
};

/** What is shown of what the correct provider publishes. */
const shown = async (before: Provider, caller: UnitName | null, { pause, ...moment }: Working): Promise<Provider> => {
  const { authority, ca, faults, good } = before;
  const texts = textsOnce();
  const asked = publishedIn(good).flatMap((request): ReadonlyArray<ReadRequest> => {
    const known = texts.csr(request.csr);
    const key = JSON.stringify([request.relationId, request.unit, request.csr]);
    return known === null ? [] : [{ request, known, key }];
  });
  const called = caller === null ? null : relationOf(before, caller)?.id ?? null;
  const sightings = asked.map(({ request: { relationId, unit }, key }) => ({
    key,
    // The application asks through all of its units.
    isCalling: caller !== null && (unit === null ? relationId === called : unit === caller),
  }));
  const provider = { ...before, seen: seenNow(before.seen, sightings, moment.now) };
  const forger = new Forger(provider.forgedCertificates, { authority, ca, moment });
  const distorter = new Distorter(provider, forger, moment.now);
  const distorted: Array<Distorted & { readonly relationId: ProvidedRequest['relationId'] }> = [];
  const requests: Array<ShownRequest> = [];
  const isWaiting = !good.snapshot.isLeader;
  for (const one of asked) {
    const { request, known } = one;
    const { relationId, unit, commonName } = request;
    const subject = { unit, certType: kindOf(request, known), commonName };
    const fault = request.state === 'answered' ? faultFor(faults, subject) : null;
    pause();
    const distortion = fault === null ? null : await distorter.distortion(fault, one);
    if (distortion !== null) distorted.push({ relationId, known, distortion });
    requests.push({
      relationId,
      ...subject,
      state: stateOf(request, distortion),
      fault: distortion !== null ? fault?.fault ?? null : isWaiting && request.state === 'new' ? 'no-leader' : null,
    });
  }
  return {
    ...provider,
    forgedCertificates: forger.forgeries,
    requests,
    shown: new Map(good.snapshot.relations.map(({ id, localApplicationData }) => [id, {
      unit: {},
      application: distort(localApplicationData, distorted.filter(({ relationId }) => relationId === id), texts),
    }])),
  };
};

/** How much is requested from a provider. */
export const requestsIn = (state: State): number => publishedIn(state).length;

/** A provider that has answered its new requests, unless it has no leader. */
export const csrCaughtUp = async (provider: Provider, caller: UnitName | null, working: Working): Promise<Provider> => {
  const { authority, policy, good: { snapshot, memory } } = provider;
  const { now, random, pause } = working;
  const work = { authority, policy, moment: { now, random }, onProgress: pause };
  const idle = { side: csrProvides, intent: csrProvides.nothing };
  const outcome = await decideAndReact(
    { snapshot, memory },
    snapshot.isLeader ? { ...idle, react: ({ view }) => answerCsrs(work, view)() } : idle,
  );
  const good = { snapshot: snapshotAfter(snapshot, outcome.writes), memory: outcome.memory };
  return await shown({ ...provider, good, findings: outcome.findings }, caller, working);
};
