/**
 * Publishing: what a hook wrote goes into the databags, either all of it or, if Juju would refuse any of it, nothing.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { written } from '../../core/databag/write.ts';
import type { RelationId } from '../../core/model/names.ts';
import { byCodePoint } from '../../core/model/order.ts';
import type { Bag, Write } from '../../core/model/outcome.ts';
import type { Databag } from '../../core/model/snapshot.ts';
import type { ModelHook } from './hook.ts';
import {
  endsOf,
  leads,
  type ModelState,
  own,
  type RelationEnd,
  relationIdOf,
  relationNumberOf,
  type RelationState,
} from './state.ts';

/** What changed in one databag, without its content. */
export interface WriteRecord {
  /** The relation that it is published on. */
  readonly relationId: RelationId;
  /** The unit's or the application's databag. */
  readonly bag: Bag;
  /** The bytes of each value that was set, by key. */
  readonly set: Readonly<Record<string, number>>;
  /** Keys that are removed. */
  readonly delete: ReadonlyArray<string>;
}

/** The state with everything published, and what really changed. */
export interface DatabagsAfter {
  readonly state: ModelState;
  readonly writes: ReadonlyArray<WriteRecord>;
}

const encoder = new TextEncoder();

/** What a write really changes in a databag; null if nothing. An empty value deletes, as in Juju. */
const changeOf = (bag: Databag, write: Write): Pick<Write, 'set' | 'delete'> | null => {
  const differing = Object.entries(write.set).filter(([key, value]) => own(bag, key) !== value);
  const set = differing.filter(([, value]) => value !== '');
  const emptied = differing.filter(([, value]) => value === '').map(([key]) => key);
  const gone = [...write.delete, ...emptied].filter((key) => Object.hasOwn(bag, key)).sort(byCodePoint);
  return set.length === 0 && gone.length === 0 ? null : { set: Object.fromEntries(set), delete: gone };
};

const bagOf = (end: RelationEnd, { unit }: ModelHook, bag: Bag): Databag =>
  bag === 'application' ? end.applicationData : own(end.units, unit) ?? {};

const withBag = (end: RelationEnd, { unit }: ModelHook, bag: Bag, data: Databag): RelationEnd =>
  bag === 'application' ? { ...end, applicationData: data } : { ...end, units: { ...end.units, [unit]: data } };

/** The relation of a write, if the unit may write there. */
const writable = (state: ModelState, hook: ModelHook, write: Write): E.Either<string, RelationState> => {
  const number = relationNumberOf(write.relationId);
  const relation = own(state.relations, number);
  const here = own(own(state.units, hook.unit)?.relations ?? {}, number);
  const isBroken = hook.kind === 'relation-broken' && hook.relationId === write.relationId;
  if (
    relation === undefined || here === undefined || isBroken || relationIdOf(here.endpoint, number) !== write.relationId
  ) {
    return E.left('it wrote to a relation that the unit is not in');
  }
  return write.bag === 'application' && !leads(state, hook.unit)
    ? E.left(`it wrote to the application's databag on ${write.relationId}, which only the leader may`)
    : E.right(relation);
};

/** Publishes what a hook wrote. `Left` with the reason if Juju would refuse one of the writes. */
export const databagsAfter = (
  state: ModelState,
  hook: ModelHook,
  writes: ReadonlyArray<Write>,
): E.Either<string, DatabagsAfter> => {
  const relations: Record<string, RelationState> = { ...state.relations };
  const records: Array<WriteRecord> = [];
  for (const write of writes) {
    const found = writable({ ...state, relations }, hook, write);
    if (E.isLeft(found)) return found;
    const relation = found.right;
    const { here, own: end } = endsOf(relation, own(state.units, hook.unit)?.application ?? '');
    const before = bagOf(end, hook, write.bag);
    const change = changeOf(before, write);
    if (change === null) continue;
    const after = withBag(end, hook, write.bag, written(before, change));
    relations[relationNumberOf(write.relationId)] = { ...relation, [here]: after };
    records.push({
      relationId: write.relationId,
      bag: write.bag,
      set: Object.fromEntries(Object.entries(change.set).map(([key, value]) => [key, encoder.encode(value).length])),
      delete: change.delete,
    });
  }
  return E.right({ state: records.length === 0 ? state : { ...state, relations }, writes: records });
};
