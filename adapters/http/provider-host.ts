/**
 * A session with a fake provider as a host: a requirer's charm runs on it as in a hook, and the provider is the other side.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { snapshotAfter } from '../../core/databag/write.ts';
import { emptyMemory } from '../../core/model/memory.ts';
import type { RelationId, UnitName } from '../../core/model/names.ts';
import type { Outcome } from '../../core/model/outcome.ts';
import type { KeptKey, Relation, Snapshot } from '../../core/model/snapshot.ts';
import type { Host, HostError, Problem, State } from '../host.ts';
import { turns } from '../turns.ts';
import type { Published } from '../provider/answer.ts';
import type { ProviderClient, RefusedCall } from './client.ts';

/** The unit that a charm runs as. */
export interface ProviderHostOptions {
  /** E.g. `web/0`. */
  readonly unit: string;
  /** `certificates` by default. */
  readonly endpoint?: string;
  /** Whether it leads its application; false by default. */
  readonly isLeader?: boolean;
  /** The public halves of its keys, for the CSR protocol. */
  readonly keys?: ReadonlyArray<KeptKey>;
}

const hostError = (fault: RefusedCall | HostError): HostError =>
  fault._tag === 'HostError' ? fault : { _tag: 'HostError', reason: 'failed', message: fault.message };

/**
 * A host whose other side is a fake provider. A run sees what the provider shows at that time, and sends it what the run publishes; the
 * next run sees the answer. The time is that of the session’s clock. Databags and memory are kept in a variable.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { client, httpHandler, providerHost } from 'interface-tls-certificates/http';
 * import { intentOf, orThrow, requestServerCert, requires, run } from 'interface-tls-certificates';
 * const { createProvider, provider } = client('http://localhost', { fetch: httpHandler().fetch });
 * const host = providerHost(provider((await orThrow(createProvider())).id), { unit: 'web/0' });
 * const charm = { side: requires, intent: intentOf(requestServerCert('web.example')) };
 * await orThrow(run(host)(charm)); // asks
 * assert.equal((await orThrow(run(host)(charm))).view.serverCerts[0]?.commonName, 'web.example');
 * ```
 */
export const providerHost = (
  fake: ProviderClient,
  { unit, endpoint = 'certificates', isLeader = false, keys }: ProviderHostOptions,
): Host => {
  let own: Pick<Relation, 'localUnitData' | 'localApplicationData'> = { localUnitData: {}, localApplicationData: {} };
  let memory = emptyMemory;
  const inTurn = turns();

  const sent = ({ localUnitData, localApplicationData }: typeof own): TE.TaskEither<HostError, Published> =>
    // Only a leader writes its application's databag.
    pipe(fake.databag(unit, localUnitData, ...(isLeader ? [localApplicationData] : [])), TE.mapLeft(hostError));

  /** The current state: what was published last is sent again, to see what the provider has done since. */
  const read = (): TE.TaskEither<Problem, State> =>
    pipe(
      sent(own),
      TE.bindTo('published'),
      TE.bind('session', () => pipe(fake.read, TE.mapLeft(hostError))),
      TE.map(({ published, session: { now } }): State => ({ snapshot: seen(published, now), memory })),
    );

  const seen = (
    { unit: provider, databag, applicationDatabag }: Published,
    now: NonNullable<Snapshot['now']>,
  ): Snapshot => ({
    // The session has accepted it as a unit.
    localUnit: unit as UnitName,
    endpoint,
    isLeader,
    now,
    ...(keys === undefined ? {} : { keys }),
    relations: [{
      // The requirer's own number for it, since it has only one.
      id: `${endpoint}:0` as RelationId,
      ...own,
      remoteApplication: 'provider',
      remoteApplicationData: applicationDatabag,
      remoteUnits: { [provider]: databag },
    }],
  });

  /** Publishes the result of a run, if any, and keeps it once the provider has received it. */
  const published = ({ snapshot }: State, { writes, memory: after }: Outcome): TE.TaskEither<HostError, void> => {
    const now = snapshotAfter(snapshot, writes).relations[0] ?? own;
    const told: TE.TaskEither<HostError, Published | null> = writes.length === 0 ? TE.right(null) : sent(now);
    return pipe(
      told,
      TE.map(() => {
        own = { localUnitData: now.localUnitData, localApplicationData: now.localApplicationData };
        memory = after;
      }),
    );
  };

  return {
    transact: (work) => () =>
      inTurn(() =>
        pipe(
          read(),
          TE.chain((state) =>
            pipe(work(state), TE.chainFirstW(([outcome]) => published(state, outcome)), TE.map(([, result]) => result))
          ),
        )()
      ),
  };
};
