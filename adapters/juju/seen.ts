/**
 * What a provider's hook keeps of what it has seen, so that the next one only reads what has changed since.
 *
 * Of another unit's databag it keeps the part that the side uses to decide; of an own databag it keeps everything, if it is short. A
 * databag with a private key is never kept, nor is a long one: each hook reads those again.
 *
 * @module
 */
import { snapshotAfter } from '../../core/databag/write.ts';
import type { RelationId, UnitName } from '../../core/model/names.ts';
import type { Bag, Outcome } from '../../core/model/outcome.ts';
import type { Databag, Relation, Snapshot } from '../../core/model/snapshot.ts';
import type { Keeps } from '../../core/side/row.ts';

/** What is kept of a databag; null if every hook must read it. */
export type Kept = Databag | null;

/** What is kept of a relation. */
export interface SeenRelation {
  /** The application on the other side; null while it is unknown. */
  readonly application: string | null;
  readonly applicationBag: Kept;
  readonly own: Readonly<Record<Bag, Kept>>;
  /** All units on the other side. */
  readonly units: ReadonlyMap<UnitName, Kept>;
}

/** What is kept of an endpoint's relations. */
export interface Seen {
  /** Whether the unit led its application; false if the side does not ask. */
  readonly leads: boolean;
  readonly relations: ReadonlyMap<RelationId, SeenRelation>;
}

/** A relation of which nothing has been seen. */
export const unseen: SeenRelation = {
  application: null,
  applicationBag: null,
  own: { unit: null, application: null },
  units: new Map(),
};

/** Maximum bytes of a kept databag: a unit's is an entry of Juju's state, which takes 65,536; the others share one. */
const LONGEST = { unit: 60_000, application: 8_000, own: 8_000 } as const;

/** Juju's own keys in a unit's databag, which affect no decision. */
const FROM_JUJU: ReadonlySet<string> = new Set(['egress-subnets', 'ingress-address', 'private-address']);

/** Text with its JSON escapes undone. */
const unescaped = (text: string): string =>
  text.includes('\\u')
    ? text.replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;

/** Whether Juju accepts a value, and the value contains no private key. */
const mayBeKept = (value: string): boolean =>
  !/[\ud800-\udfff]/u.test(value) && !unescaped(value).includes('PRIVATE KEY');

const keptOf = (bag: Databag | null, longest: number): Kept => {
  if (bag === null) return null;
  const entries = Object.entries(bag);
  const bytes = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  return bytes <= longest && entries.every(([key, value]) => mayBeKept(value) && mayBeKept(key)) ? bag : null;
};

const ownOf = (bag: Databag, isSecret: Keeps['isSecret']): Kept => {
  if (Object.keys(bag).some(isSecret)) return null;
  const own = Object.entries(bag).filter(([key, value]) => !FROM_JUJU.has(key) && value !== '');
  return keptOf(Object.fromEntries(own), LONGEST.own);
};

const relationSeen = (relation: Relation, leads: boolean, { partOf, isSecret }: Keeps): SeenRelation => ({
  application: relation.remoteApplication ?? null,
  applicationBag: keptOf(partOf(relation.remoteApplicationData), LONGEST.application),
  own: {
    unit: ownOf(relation.localUnitData, isSecret),
    // A unit that does not lead has not read it.
    application: leads ? ownOf(relation.localApplicationData, isSecret) : null,
  },
  units: new Map(
    // The keys of this map are unit names.
    Object.entries(relation.remoteUnits).map(([unit, bag]) => [unit as UnitName, keptOf(partOf(bag), LONGEST.unit)]),
  ),
});

/** What has been seen when a hook ends well: what it read and what it wrote. */
export const seenAfter = (snapshot: Snapshot, writes: Outcome['writes'], keeps: Keeps): Seen => {
  const leads = snapshot.isLeader ?? false;
  return {
    leads,
    relations: new Map(
      snapshotAfter(snapshot, writes).relations.map((relation) => [relation.id, relationSeen(relation, leads, keeps)]),
    ),
  };
};
