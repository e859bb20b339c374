/**
 * Writes: how two states of a databag differ, and what a snapshot looks like after writes are applied. The latter lets one hook make a
 * second decision after the first.
 *
 * @module
 */
import { emptyMap } from '../model/codec.ts';
import type { RelationId } from '../model/names.ts';
import type { Bag, Write } from '../model/outcome.ts';
import type { Databag, Relation, Snapshot } from '../model/snapshot.ts';
import { byCodePoint } from '../model/order.ts';

/** The field of a relation that holds the databag. */
export const BAG_FIELD = { unit: 'localUnitData', application: 'localApplicationData' } as const;

/** How `after` differs from `before`, or null if it does not. Empty values delete, as in Juju. */
export const difference = (relationId: RelationId, bag: Bag, before: Databag, after: Databag): Write | null => {
  const set: Array<readonly [string, string]> = [];
  const gone: Array<string> = [];
  for (const [key, value] of Object.entries(after)) {
    if (value !== '' && (!Object.hasOwn(before, key) || before[key] !== value)) set.push([key, value]);
  }
  for (const key of Object.keys(before)) {
    if (before[key] !== '' && (!Object.hasOwn(after, key) || after[key] === '')) gone.push(key);
  }
  if (set.length === 0 && gone.length === 0) return null;
  return {
    relationId,
    bag,
    set: Object.fromEntries(set.sort(([a], [b]) => byCodePoint(a, b))),
    delete: gone.sort(byCodePoint),
  };
};

/** The databag after a write. */
export const written = (bag: Databag, write: Pick<Write, 'set' | 'delete'>): Databag => {
  const out = Object.assign(emptyMap<string>(), bag, write.set);
  for (const key of write.delete) delete out[key];
  return out;
};

/** Writes by relation. */
export const byRelation = (writes: ReadonlyArray<Write>): ReadonlyMap<RelationId, ReadonlyArray<Write>> => {
  const groups = new Map<RelationId, Array<Write>>();
  for (const write of writes) {
    const group = groups.get(write.relationId);
    if (group === undefined) groups.set(write.relationId, [write]);
    else group.push(write);
  }
  return groups;
};

const relationAfter = (relation: Relation, writes: ReadonlyArray<Write>): Relation =>
  writes.reduce<Relation>(
    (r, write) => ({ ...r, [BAG_FIELD[write.bag]]: written(r[BAG_FIELD[write.bag]], write) }),
    relation,
  );

/**
 * The snapshot as the same hook would see it after the writes are applied.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decodeInput, emptyMemory, intentOf, requestServerCert, requires } from 'interface-tls-certificates';
 * import { snapshotAfter } from 'interface-tls-certificates/host';
 * const relations = [{ id: 'certificates:3', localUnitData: {}, remoteUnits: { 'easyrsa/0': {} } }];
 * const input = decodeInput({ side: 'reactive/requires', snapshot: { localUnit: 'web/0', endpoint: 'certificates', relations } });
 * if (input._tag === 'Left') throw new Error(input.left.message);
 * const { snapshot } = input.right;
 * const { writes } = requires.decide(snapshot, intentOf(requestServerCert('web.example')), emptyMemory);
 * assert.equal(snapshotAfter(snapshot, writes).relations[0]?.localUnitData['common_name'], 'web.example');
 * ```
 */
export const snapshotAfter = (snapshot: Snapshot, writes: ReadonlyArray<Write>): Snapshot => {
  if (writes.length === 0) return snapshot;
  const groups = byRelation(writes);
  const relations = snapshot.relations.map((relation) => relationAfter(relation, groups.get(relation.id) ?? []));
  return { ...snapshot, relations };
};

/**
 * The difference between two states of the same relations, as writes.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { decodeInput, emptyMemory, intentOf, requestServerCert, requires } from 'interface-tls-certificates';
 * import { snapshotAfter, writesBetween } from 'interface-tls-certificates/host';
 * const relations = [{ id: 'certificates:3', localUnitData: {}, remoteUnits: { 'easyrsa/0': {} } }];
 * const input = decodeInput({ side: 'reactive/requires', snapshot: { localUnit: 'web/0', endpoint: 'certificates', relations } });
 * if (input._tag === 'Left') throw new Error(input.left.message);
 * const { snapshot } = input.right;
 * const { writes } = requires.decide(snapshot, intentOf(requestServerCert('web.example')), emptyMemory);
 * assert.deepEqual(writesBetween(snapshot, snapshotAfter(snapshot, writes)), writes);
 * ```
 */
export const writesBetween = (before: Snapshot, after: Snapshot): ReadonlyArray<Write> => {
  const later = new Map(after.relations.map((relation) => [relation.id, relation]));
  return [...before.relations]
    .sort((a, b) => byCodePoint(a.id, b.id))
    .flatMap((relation) => {
      const other = later.get(relation.id);
      if (other === undefined) return [];
      return (['unit', 'application'] as const)
        .map((bag) => difference(relation.id, bag, relation[BAG_FIELD[bag]], other[BAG_FIELD[bag]]))
        .filter((write) => write !== null);
    });
};
