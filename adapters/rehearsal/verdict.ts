/**
 * What `inspect` reports about a rehearsal: every relation, as both sides see it.
 *
 * @module
 */
import type { Examinations } from '../../core/examine/examination.ts';
import { examine } from '../../core/examine/examine.ts';
import { type Exchange, exchangesOfRelation } from '../../core/examine/exchange.ts';
import type { ApplicationName, RelationId, UnitName } from '../../core/model/names.ts';
import type { Databag, Timestamp } from '../../core/model/snapshot.ts';
import type { Juju } from './juju/juju.ts';
import { applicationOf, type ModelRelation } from './juju/model.ts';

/** What the units that are there have published on a relation. */
const exchangesOn = (relation: ModelRelation): ReadonlyArray<Exchange> => {
  const [provider, requirer] = relation.ends;
  const unitsOf = (application: string): ReadonlyArray<UnitName> =>
    // These are Juju's own names of units.
    [...relation.inScope].filter((unit) => applicationOf(unit) === application).sort() as ReadonlyArray<
      string
    > as ReadonlyArray<UnitName>;
  const bagOf = (unit: string): Databag => relation.bag('units', unit).data;
  const providers: Record<UnitName, Databag> = {};
  for (const unit of unitsOf(provider.application)) providers[unit] = bagOf(unit);
  return exchangesOfRelation({
    // These are Juju's own names too.
    relationId: relation.idFor(requirer.application) as RelationId,
    application: requirer.application as ApplicationName,
    units: unitsOf(requirer.application).map((unit) => [unit, bagOf(unit)] as const),
    providers,
    applications: {
      asked: relation.bag('applications', requirer.application).data,
      published: relation.bag('applications', provider.application).data,
      provider: provider.application as ApplicationName,
      isWhole: true,
      isAssumed: false,
    },
  });
};

/** Examines everything that is published. */
export const verdictOn = (juju: Juju, now: Date): Promise<Examinations> => {
  const relations = juju.relations.filter(({ dying, gone }) => !dying && !gone);
  // `toISOString` always writes a timestamp.
  return examine({ exchanges: relations.flatMap(exchangesOn), now: now.toISOString() as Timestamp })();
};
