/**
 * What a hook sees: the relations of an endpoint with their databags, read with as few tool calls as possible.
 *
 * If it is known what previous hooks have seen, a hook about a unit reads that unit's databag, its own ones, and the list of units; it
 * notices if that list differs unexpectedly. Relations that vanish while it reads are left out: the hooks about their end will follow.
 *
 * @module
 */
import { pipe } from 'fp-ts/lib/function.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { emptyMap } from '../../core/model/codec.ts';
import type { RelationId, UnitName } from '../../core/model/names.ts';
import type { Databag, Departing, KeptKey, Relation, Snapshot, Timestamp } from '../../core/model/snapshot.ts';
import type { Reads } from '../../core/side/row.ts';
import type { Problem } from '../host.ts';
import { type HookUnit, hookUnit } from './about.ts';
import type { HookEnvironment } from './environment.ts';
import { type Kept, type Seen, type SeenRelation, unseen } from './seen.ts';
import { isGone, type ToolError, unlessGone } from './tool-error.ts';
import type { HookTools } from './tools.ts';

type Tooled<A> = TE.TaskEither<ToolError, A>;

const applicationOf = (unit: string): string => unit.replace(/\/[^/]*$/, '');

/**
 * What is needed to read an endpoint.
 *
 * @internal
 */
export interface Reading {
  /** The hook tools. */
  readonly tools: HookTools;
  /** What Juju says about the hook. */
  readonly environment: HookEnvironment;
  /** The endpoint that is read and written. */
  readonly endpoint: string;
  /** What the side needs to see besides the units' databags; nothing by default. */
  readonly reads?: Reads;
  /** Lists the public halves of the kept keys, for a side that reads them. Its argument is whether the unit leads its application. */
  readonly keys?: (leads: boolean) => TE.TaskEither<Problem, ReadonlyArray<KeptKey>>;
  /** The current time; the machine's clock by default. */
  readonly now?: () => Date;
}

/** The application's databags, if the side needs them. */
interface Applications {
  readonly isLeader: boolean;
  readonly local: string;
}

/** How a relation is read. */
interface Way {
  readonly units: ReadonlyArray<UnitName>;
  /** What does not need to be read. */
  readonly kept: SeenRelation;
  /** The unit whose databag is read even if it was kept. */
  readonly changed: UnitName | null;
  /** Whether the application's databag is read even if it was kept. */
  readonly readsApplication: boolean;
}

/** Everything in a relation is read. */
const wholly = (units: ReadonlyArray<UnitName>): Way => ({
  units,
  kept: unseen,
  changed: null,
  readsApplication: true,
});

/** What is kept or, failing that, what is read. */
const keptOr = <E>(kept: Kept, read: TE.TaskEither<E, Databag>): TE.TaskEither<E, Databag> =>
  kept === null ? read : TE.right(kept);

/** Reads the relations of a hook. */
const relationReader = ({ tools, environment, reads }: Reading, leads: boolean) => {
  const { relationApplication, relationGet } = tools;
  const { unit: localUnit, relation: hooked } = environment;
  const applications: Applications | null = reads?.applicationData === true
    ? { isLeader: leads, local: applicationOf(localUnit) }
    : null;
  // The same whether it was kept or read.
  const partOf = (bag: Databag): Databag => reads?.keeps?.partOf(bag) ?? bag;

  const readUnits = (
    id: RelationId,
    { units, kept, changed }: Way,
  ): Tooled<Readonly<Record<UnitName, Databag>> | null> =>
    pipe(
      units,
      TE.traverseSeqArray((unit) =>
        pipe(
          keptOr(unit === changed ? null : kept.units.get(unit) ?? null, relationGet(id, { unit })),
          (read) => unlessGone(read, (error) => error.kind === 'unit-gone'),
          TE.map((bag) => [unit, bag] as const),
        )
      ),
      TE.map((bags) => {
        const out = emptyMap<Databag>();
        for (const [unit, bag] of bags) if (bag !== null) out[unit] = partOf(bag);
        return out;
      }),
      unlessGone,
    );

  return (id: RelationId, membersOf: Tooled<Way>): Tooled<Relation | null> => {
    const leaving = hooked?.id === id && hooked.event === 'departed' ? hooked.remoteUnit : null;
    const remoteApplication = ({ units, kept }: Way): Tooled<string | null> => {
      const known = (hooked?.id === id ? hooked.remoteApplication : null) ?? units[0];
      if (known !== undefined) return TE.right(applicationOf(known));
      if (applications === null) return TE.right(null);
      return kept.application === null ? relationApplication(id) : TE.right(kept.application);
    };
    const applicationData = (application: string | null, kept: Kept): Tooled<Databag> =>
      applications === null || application === null
        ? TE.right({})
        : keptOr(kept, pipe(unlessGone(relationGet(id, { application })), TE.map((bag) => bag ?? {})));
    return pipe(
      TE.Do,
      TE.bind('way', () => membersOf),
      // A unit that is not in the relation, not yet or no longer, has nothing to say on it.
      TE.bind('localUnitData', ({ way }) => keptOr(way.kept.own.unit, relationGet(id, { unit: localUnit }))),
      TE.bind('application', ({ way }) => remoteApplication(way)),
      TE.bind(
        'remoteUnits',
        ({ way }) => readUnits(id, { ...way, units: way.units.filter((one) => one !== leaving) }),
      ),
      TE.bind('remoteApplicationData', ({ application, way }) =>
        pipe(
          applicationData(application, way.readsApplication ? null : way.kept.applicationBag),
          TE.map(partOf),
        )),
      TE.bind(
        'localApplicationData',
        ({ way }) => applicationData(applications?.isLeader ? applications.local : null, way.kept.own.application),
      ),
      TE.map(({ way: _, application, remoteUnits, ...bags }): Relation | null =>
        remoteUnits === null
          ? null
          : { id, ...bags, remoteUnits, ...(application === null ? {} : { remoteApplication: application }) }
      ),
      (work) => unlessGone(work, (error) => isGone(error) || error.kind === 'unit-gone'),
    );
  };
};

/** Whether the units in a relation are the same as before, except for the one that the hook is about. */
const areKnown = (
  units: ReadonlyArray<UnitName>,
  { units: kept }: SeenRelation,
  about: HookUnit | null,
): boolean => {
  const expected = new Set(kept.keys());
  if (about?.event === 'joined') expected.add(about.unit);
  if (about?.event === 'departed') expected.delete(about.unit);
  return units.length === expected.size && units.every((unit) => expected.has(unit));
};

/** The relations according to what is kept; null if a unit has appeared or vanished without a hook that reported it. */
const knownWays = (
  { tools, environment, endpoint }: Reading,
  { relations }: Seen,
): Tooled<ReadonlyArray<readonly [RelationId, Way]> | null> => {
  const about = hookUnit(environment, endpoint);
  const broken = environment.relation?.event === 'broken' ? environment.relation.id : null;
  const keptOf = (id: RelationId): SeenRelation => relations.get(id) ?? unseen;
  // A relation begins and ends with a hook of its own, in which the relations are listed.
  const ids: Tooled<ReadonlyArray<RelationId>> = about === null
    ? tools.relationIds(endpoint)
    : TE.right([...new Set([...relations.keys(), about.relation])].sort());
  const wayOf = (id: RelationId): Tooled<readonly [RelationId, Way] | null> => {
    const kept = keptOf(id);
    const isAbout = about?.relation === id;
    // In a hook about a unit, only that unit has joined or left.
    if (about !== null && !isAbout) {
      return TE.right([id, { units: [...kept.units.keys()], kept, changed: null, readsApplication: false }]);
    }
    return pipe(
      unlessGone(tools.relationList(id)),
      TE.map((units) => {
        if (units === null || !areKnown(units, kept, about)) return null;
        return [id, { units, kept, changed: about?.unit ?? null, readsApplication: about === null }];
      }),
    );
  };
  return pipe(
    ids,
    TE.chain((listed) => pipe(listed.filter((id) => id !== broken), TE.traverseSeqArray(wayOf))),
    TE.map((ways) => {
      const known = ways.filter((way) => way !== null);
      return known.length === ways.length ? known : null;
    }),
  );
};

const departingIn = ({ relation }: HookEnvironment): Departing | null =>
  relation?.event === 'departed' && relation.remoteUnit !== null
    ? { relationId: relation.id, unit: relation.remoteUnit }
    : null;

/** What a hook sees, and whether everything was read. */
export interface Sight {
  readonly snapshot: Snapshot;
  readonly isWhole: boolean;
}

/** The relations of a hook, and whether everything was read. */
interface ReadRelations {
  readonly leads: boolean;
  readonly relations: ReadonlyArray<Relation | null>;
  readonly isWhole: boolean;
}

const leadsIn = ({ tools, reads }: Reading): Tooled<boolean> =>
  reads?.applicationData === true || reads?.keys === true ? tools.isLeader : TE.right(false);

const readAll = (reading: Reading): Tooled<ReadRelations> => {
  const { tools, environment: { relation }, endpoint } = reading;
  // In `broken`, Juju before 3.4 still lists it.
  const broken = relation?.event === 'broken' ? relation.id : null;
  return pipe(
    TE.Do,
    TE.bind('ids', () => tools.relationIds(endpoint)),
    TE.bind('leads', () => leadsIn(reading)),
    TE.bind('relations', ({ ids, leads }) => {
      const read = relationReader(reading, leads);
      return pipe(
        ids.filter((id) => id !== broken),
        TE.traverseSeqArray((id) => read(id, pipe(tools.relationList(id), TE.map(wholly)))),
      );
    }),
    TE.map(({ leads, relations }) => ({ leads, relations, isWhole: true })),
  );
};

/** Reads what has changed, or everything if what was seen does not match what exists. */
const readChanged = (reading: Reading, seen: Seen): Tooled<ReadRelations> =>
  pipe(
    TE.Do,
    TE.bind('leads', () => leadsIn(reading)),
    TE.bind('ways', ({ leads }) => leads === seen.leads ? knownWays(reading, seen) : TE.right(null)),
    TE.chain(({ leads, ways }) => {
      if (ways === null) return readAll(reading);
      const read = relationReader(reading, leads);
      return pipe(
        ways,
        TE.traverseSeqArray(([id, way]) => read(id, TE.right(way))),
        TE.map((relations) => ({ leads, relations, isWhole: false })),
      );
    }),
  );

/** Reads what a hook sees, given what previous hooks have seen; null: everything is read. */
export const readSight = (reading: Reading, seen: Seen | null): TE.TaskEither<Problem, Sight> => {
  const { environment, endpoint, reads, keys, now = () => new Date() } = reading;
  const { unit, relation } = environment;
  const departing = departingIn(environment);
  return pipe(
    TE.Do,
    TE.bindW('read', () => (seen === null ? readAll(reading) : readChanged(reading, seen))),
    TE.bindW(
      'keys',
      ({ read: { leads } }): TE.TaskEither<Problem, { readonly keys?: ReadonlyArray<KeptKey> }> =>
        reads?.keys === true && keys !== undefined
          ? pipe(keys(leads), TE.map((listed) => ({ keys: listed })))
          : TE.right({}),
    ),
    TE.map(({ read: { leads, relations, isWhole }, keys: listed }): Sight => ({
      isWhole,
      snapshot: {
        localUnit: unit,
        endpoint,
        isLeader: leads,
        now: now().toISOString() as Timestamp,
        ...listed,
        ...(departing === null ? {} : { departing }),
        ...(relation?.event === 'created' ? { created: relation.id } : {}),
        ...(relation?.departingUnit === unit ? { isLeaving: true } : {}),
        relations: relations.filter((one) => one !== null),
      },
    })),
  );
};
