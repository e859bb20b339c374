/**
 * The exchanges of a relation that `juju show-unit` shows: the keys that both sides publish show who asks and who answers.
 *
 * It depends on Juju's version, which the output does not show, whose `application-data` an entry has: the other application's in Juju 2.9
 * and 3, the unit's own in Juju 4.0. Usually its keys tell, since each belongs to one side. If nothing else shows who asks, it is read as
 * output of Juju 3, and the examination says so.
 *
 * @module
 */
import { ANSWER_KEYS, REQUIRER_KEYS } from '../../core/csr/wire.ts';
import { lookup } from '../../core/databag/lookup.ts';
import { type Exchange, exchangesOfRelation, type SilentRelation } from '../../core/examine/exchange.ts';
import { byCodePoint } from '../../core/model/order.ts';
import { type ApplicationName, applicationOf, type RelationId, type UnitName } from '../../core/model/names.ts';
import type { Databag } from '../../core/model/snapshot.ts';
import { speaksAs } from '../../core/reactive/wire.ts';
import type { Role } from '../../core/side/row.ts';
import type { ShownRelation } from './shown-relation.ts';

/** Which side of either protocol publishes a unit databag like this; null if it does not tell. */
const unitSpeaksAs = (bag: Databag): Role | null =>
  lookup(bag, REQUIRER_KEYS.requests) !== null ? 'requirer' : speaksAs(bag);

/** Which side publishes an application databag like this: only the CSR protocol uses one. */
const applicationSpeaksAs = (bag: Databag): Role | null => {
  if (ANSWER_KEYS.some((key) => lookup(bag, key) !== null)) return 'provider';
  return lookup(bag, REQUIRER_KEYS.requests) === null ? null : 'requirer';
};

interface Parties {
  readonly requirer: ApplicationName;
  readonly provider: ApplicationName | null;
  readonly isAssumed: boolean;
}

/** Who asks and who answers; null if the relation has nothing to do with certificates. */
const partiesOf = ({ units, endpoints, shownBy }: ShownRelation, stated: string | null): Parties | null => {
  const applications = [...endpoints.keys()].sort(byCodePoint);
  const otherThan = (application: ApplicationName): ApplicationName | null =>
    applications.find((other) => other !== application) ?? null;
  const parties = (application: ApplicationName, role: Role, isAssumed: boolean): Parties | null => {
    const other = otherThan(application);
    if (role === 'requirer') return { requirer: application, provider: other, isAssumed };
    return other === null ? null : { requirer: other, provider: application, isAssumed };
  };
  const told = applications.find((application) => application === stated);
  if (told !== undefined) return parties(told, 'requirer', false);
  const found = (wanted: Role): ApplicationName | null => {
    for (const [unit, bag] of units) if (bag !== null && unitSpeaksAs(bag) === wanted) return applicationOf(unit);
    return null;
  };
  const [asking, answering] = [found('requirer'), found('provider')];
  if (asking !== null) return parties(asking, 'requirer', false);
  if (answering !== null) return parties(answering, 'provider', false);
  for (const [by, bag] of shownBy) {
    const role = applicationSpeaksAs(bag);
    if (role !== null) return parties(by, role === 'requirer' ? 'provider' : 'requirer', true);
  }
  return null;
};

/** What each application published; null if it was not shown. */
const applicationBags = (
  { shownBy }: ShownRelation,
  { requirer }: Parties,
): { readonly asked: Databag | null; readonly published: Databag | null } => {
  const shown = [...shownBy];
  const of = (role: Role): Databag | null => shown.find(([, bag]) => applicationSpeaksAs(bag) === role)?.[1] ?? null;
  const [asked, published] = [of('requirer'), of('provider')];
  const silent = shown.filter(([, bag]) => applicationSpeaksAs(bag) === null);
  // Two entries of different applications show different databags, in every version of Juju.
  const rest = (other: Databag | null, isByRequirer: boolean): Databag | null =>
    silent.find(([by]) => other !== null || (by === requirer) === isByRequirer)?.[1] ?? null;
  return { asked: asked ?? rest(published, false), published: published ?? rest(asked, true) };
};

/** What Juju publishes for every unit, whatever the relation is for. */
const JUJUS: ReadonlySet<string> = new Set(['egress-subnets', 'ingress-address', 'private-address']);

/** A relation on which nobody has said anything yet; null for any other. */
export const silentRelation = ({ number, units, endpoints, shownBy }: ShownRelation): SilentRelation | null => {
  const isSilent = [...units.values(), ...shownBy.values()].every((bag) =>
    Object.keys(bag ?? {}).every((key) => JUJUS.has(key))
  );
  const [[, endpoint] = [null, '']] = endpoints;
  // As Juju names it on one of its sides.
  return isSilent ? { relationId: `${endpoint}:${number}` as RelationId, applications: [...endpoints.keys()] } : null;
};

/** Whether a relation is called as one for certificates is: Juju does not show its interface. */
export const mayBeForCertificates = ({ endpoints }: ShownRelation): boolean =>
  [...endpoints.values()].some((endpoint) => /cert|tls|(?:^|-)ca(?:-|$)|pki/.test(endpoint));

/** The exchanges of a relation; empty if it has nothing to do with certificates. */
export const exchangesOfShown = (relation: ShownRelation, stated: string | null): ReadonlyArray<Exchange> => {
  const parties = partiesOf(relation, stated);
  if (parties === null) return [];
  const { requirer, provider, isAssumed } = parties;
  const of = (application: ApplicationName | null): ReadonlyArray<readonly [UnitName, Databag | null]> =>
    [...relation.units].filter(([unit]) => applicationOf(unit) === application).sort(([a], [b]) => byCodePoint(a, b));
  const published = of(provider).flatMap(([unit, bag]) => (bag === null ? [] : [[unit, bag] as const]));
  const units = of(requirer);
  const bags = applicationBags(relation, parties);
  return exchangesOfRelation({
    // Its name on the requirer's side.
    relationId: `${relation.endpoints.get(requirer) ?? ''}:${relation.number}` as RelationId,
    application: requirer,
    units,
    // One object for all: an examination looks into it once, however many units ask.
    providers: published.length === 0 ? null : Object.fromEntries(published),
    applications: {
      ...bags,
      provider,
      isWhole: bags.asked !== null && units.length > 0 && units.every(([, bag]) => bag !== null),
      isAssumed,
    },
  });
};
