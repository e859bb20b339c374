/**
 * What a bridge decides in a hook: it makes the missing keys and certificate requests, decides with them, and finds out which private keys
 * must be published.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { AnyProvidesView } from '../../core/any/provides/view.ts';
import {
  asPublished,
  bridge,
  type Bridged,
  type BridgeInput,
  BridgeTable,
  decideAbove,
  emptyTable,
  type KeptPair,
  type KeyLabel,
  makeBridged,
} from '../../core/bridge/mod.ts';
import { lookup } from '../../core/databag/lookup.ts';
import type { PrivateKey } from '../../core/model/certificate.ts';
import type { Outcome } from '../../core/model/outcome.ts';
import type { Snapshot } from '../../core/model/snapshot.ts';
import { PROVIDER_KEYS } from '../../core/reactive/wire.ts';
import type { Problem } from '../host.ts';
import type { Notes } from '../reaction.ts';
import type { BridgeKeeper } from '../juju/bridge-keys.ts';
import type { JujuState, OpenedEndpoint } from '../juju/host.ts';
import type { BridgeConfiguration } from './config/bridge.ts';

/** The note of what the unit keeps between hooks. */
export const TABLE = 'bridge';

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

const tableIn = ({ [TABLE]: note }: Notes): BridgeTable => {
  try {
    return pipe(BridgeTable.decode(JSON.parse(note ?? 'null')), E.getOrElse(() => emptyTable));
  } catch {
    // A damaged note counts as none: keys and databags hold nearly all of it.
    return emptyTable;
  }
};

/** Everything that a hook must decide on. */
export interface Ends {
  readonly lower: Outcome<AnyProvidesView>;
  readonly upper: OpenedEndpoint;
  readonly keeper: BridgeKeeper;
  readonly state: JujuState;
}

const inputOf = (
  { renewAfter, sharedClient }: BridgeConfiguration,
  { lower, upper, keeper, state }: Ends,
  made: BridgeInput['made'],
): BridgeInput => ({
  snapshot: state.snapshot,
  below: lower,
  above: decideAbove(upper.state.snapshot, asPublished, upper.state.memory).view,
  table: tableIn(state.notes),
  keys: keeper.keys(),
  made,
  sharedClient,
  ...(renewAfter === undefined ? {} : { renewAfter }),
});

/** Makes what is missing, keys first, and decides with it. */
export const decided = (
  configuration: BridgeConfiguration,
  ends: Ends,
): TE.TaskEither<Problem, { readonly bridged: Bridged; readonly failures: ReadonlyArray<string> }> => {
  const { keeper } = ends;
  const { missing, ...first } = bridge(inputOf(configuration, ends, []));
  if (missing.length === 0) return TE.right({ bridged: { ...first, missing }, failures: [] });
  return pipe(
    missing.filter(({ keyName }) => keyName === null),
    TE.traverseSeqArray(({ request }) => keeper.make(request, configuration.keys)),
    TE.chain(() => {
      const wanted = new Map(missing.map(({ label, keyName }) => [label, keyName]));
      // Of several keys of one request, the first is the newest.
      const newest = new Map(keeper.keys().toReversed().map(({ label, name }) => [label, name]));
      const names = [...wanted].flatMap(([label, keyName]) => {
        const name = keyName ?? newest.get(label);
        return name === undefined ? [] : [[label, name] as const];
      });
      return pipe(
        names,
        TE.traverseSeqArray(([label, name]) => pipe(keeper.read(name), TE.map((key) => [label, key] as const))),
      );
    }),
    TE.chainTaskK((keys) => {
      const byLabel = new Map<KeyLabel, PrivateKey>(keys);
      return makeBridged(missing, { keyOf: (label) => byLabel.get(label) ?? null, random });
    }),
    TE.map(({ made, faults }) => ({
      bridged: bridge(inputOf(configuration, ends, made)),
      failures: faults.map(({ label, fault }) =>
        `no certificate request could be made with the key ${label} (${fault})`
      ),
    })),
  );
};

/** The keys of answers that are not published yet in their current form: no other key is read. */
export const keysToPublish = (
  { answers, globalClientCert }: Bridged['below'],
  { allRequests }: Pick<AnyProvidesView, 'allRequests'>,
  { relations }: Pick<Snapshot, 'relations'>,
): ReadonlyArray<string> => {
  // An application's requests share one answer.
  const subject = (relationId: string, unit: string | null, certType: string, commonName: string): string =>
    JSON.stringify(certType === 'application' ? [relationId, certType] : [relationId, certType, unit, commonName]);
  const present = new Map<string, Set<string | undefined>>();
  for (const { relationId, unit, certType, commonName, cert } of allRequests) {
    const key = subject(relationId, unit, certType, commonName);
    present.set(key, (present.get(key) ?? new Set()).add(cert?.trim()));
  }
  const isPublished = (key: string, cert: string): boolean =>
    [...(present.get(key) ?? [])].every((one) => one === cert.trim());
  const needed = answers.flatMap((answer) => {
    if ('csr' in answer) return [];
    const { relationId, unit, certType, commonName, cert, keyName } = answer;
    return isPublished(subject(relationId, unit, certType, commonName), cert) ? [] : [keyName];
  });
  const isShared = ({ cert }: KeptPair): boolean =>
    relations.every(({ localUnitData }) => lookup(localUnitData, PROVIDER_KEYS.clientCert)?.trim() === cert.trim());
  const shared = globalClientCert ?? null;
  return [...new Set([...needed, ...(shared === null || isShared(shared) ? [] : [shared.keyName])])];
};
