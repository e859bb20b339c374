/**
 * Worlds of the sides about trust: a valid snapshot to begin with, of which a test changes one thing.
 *
 * @module
 */
import { emptyMemory, type Memory, type Outcome, Snapshot } from '../../../mod.ts';
import { snapshotAfter } from '../../../adapters/port.ts';
import {
  trustProvides,
  TrustProvidesIntent,
  type TrustProvidesView,
  trustRequires,
  TrustRequiresIntent,
  type TrustRequiresView,
} from '../../../core/trust/mod.ts';
import { certificatePem, ecKey } from '../csr/forge.ts';

export const ID = 'trust:4';

export interface WorldRelation {
  readonly id: string;
  readonly localUnitData: Readonly<Record<string, string>>;
  readonly localApplicationData: Readonly<Record<string, string>>;
  readonly remoteApplication: string;
  readonly remoteApplicationData: Readonly<Record<string, string>>;
  readonly remoteUnits: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A relation with one unit on the other side, and nothing published. */
export const relation = (change: Partial<WorldRelation> = {}): WorldRelation => ({
  id: ID,
  localUnitData: {},
  localApplicationData: {},
  remoteApplication: 'other',
  remoteApplicationData: {},
  remoteUnits: { 'other/0': {} },
  ...change,
});

/** What a test may change. */
export interface World {
  readonly isLeader?: boolean;
  readonly departing?: unknown;
  readonly relations?: ReadonlyArray<unknown>;
  readonly intent?: unknown;
  readonly memory?: Memory;
}

/** A certificate of a CA of this number. */
export const ca = (n: number): string =>
  certificatePem({ key: ecKey(n), commonName: `CA ${n}`, issuer: `CA ${n}`, sans: [], isCa: true });

/** The certificates of four CAs. */
export const [A, B, C, D]: readonly [string, string, string, string] = [ca(1), ca(2), ca(3), ca(4)];

/** Certificates as version 1 publishes them. */
export const published = (...certificates: ReadonlyArray<unknown>): Readonly<Record<string, string>> => ({
  certificates: JSON.stringify(certificates),
  version: '1',
});

const decoded = <A>(result: { readonly _tag: 'Left' } | { readonly _tag: 'Right'; readonly right: A }): A => {
  if (result._tag === 'Left') throw new Error('the document is not valid');
  return result.right;
};

export const snapshotOf = (
  localUnit: string,
  { isLeader = true, relations = [relation()], departing }: World,
): Snapshot =>
  decoded(
    Snapshot.decode({
      localUnit,
      endpoint: 'trust',
      isLeader,
      relations,
      ...(departing === undefined ? {} : { departing }),
    }),
  );

export const requiring = (world: World = {}): Outcome<TrustRequiresView> =>
  trustRequires.decide(
    snapshotOf('web/0', world),
    decoded(TrustRequiresIntent.decode(world.intent ?? {})),
    world.memory ?? emptyMemory,
  );

export const providing = (world: World = {}): Outcome<TrustProvidesView> =>
  trustProvides.decide(
    snapshotOf('ca/0', world),
    decoded(TrustProvidesIntent.decode(world.intent ?? {})),
    world.memory ?? emptyMemory,
  );

/** The first relation of a provider once its decision is applied, if it has one. */
export const afterProviding = (world: World) =>
  snapshotAfter(snapshotOf('ca/0', world), providing(world).writes).relations[0];

export const pems = ({ view }: Outcome<TrustRequiresView>): ReadonlyArray<string> =>
  view.certificates.map(({ pem }) => pem);

export const codes = ({ findings }: Outcome): ReadonlyArray<string> => findings.map(({ code }) => code);

/** The flags that are set, without the endpoint's prefix. */
export const flagNames = ({ memory: { flags } }: Outcome): ReadonlyArray<string> =>
  flags.map((flag) => flag.replace('trust.', ''));
