/**
 * What a provider does after an event: a CA near its end is replaced, and then its protocol decides what to answer and show.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { isDueForRotation } from '../../core/authority/mod.ts';
import type { UnitName } from '../../core/model/names.ts';
import type { Timestamp } from '../../core/model/snapshot.ts';
import type { State } from '../host.ts';
import { csrCaughtUp, requestsIn as csrRequestsIn } from './csr/caught-up.ts';
import { type Provider, withLeader, withNewCa, withSharedPair, type Working } from './provider.ts';
import type { ProtocolName } from './protocol.ts';
import { reactiveCaughtUp, requestsIn as reactiveRequestsIn } from './reactive/caught-up.ts';

/** What a protocol does with a provider. */
interface Protocol {
  readonly requestsIn: (state: State) => number;
  /** What a provider must have before it answers. */
  readonly prepared: (provider: Provider, working: Working) => Provider | Promise<Provider>;
  readonly caughtUp: (provider: Provider, caller: UnitName | null, working: Working) => Promise<Provider>;
}

const PROTOCOL: Readonly<Record<ProtocolName, Protocol>> = {
  reactive: { requestsIn: reactiveRequestsIn, prepared: withSharedPair, caughtUp: reactiveCaughtUp },
  csr: { requestsIn: csrRequestsIn, prepared: withLeader, caughtUp: csrCaughtUp },
};

/** What is requested from a provider, before it answers. */
export const requestsOf = ({ protocol, good }: Provider): number => PROTOCOL[protocol].requestsIn(good);

/**
 * A provider that has done everything that is due: it has replaced a CA near its end, answered new requests, and renewed old answers. The
 * caller is the unit whose databag was sent.
 */
export const caughtUp = async (before: Provider, caller: UnitName | null, working: Working): Promise<Provider> => {
  const { now } = working;
  const protocol = PROTOCOL[before.protocol];
  const isDue = isDueForRotation(before.authority, before.policy, now);
  const replaced = isDue ? await withNewCa(before, working) : E.right(before);
  const provider = await protocol.prepared(E.isRight(replaced) ? replaced.right : before, working);
  const { snapshot, memory } = provider.good;
  // A date writes itself as a timestamp.
  const good = { snapshot: { ...snapshot, now: now.toISOString() as Timestamp }, memory };
  return await protocol.caughtUp({ ...provider, good }, caller, working);
};
