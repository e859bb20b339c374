/**
 * Relations of `certificate_transfer` that `juju show-unit` shows. It does not print the interface's name, so the databags' keys tell: an
 * application hands out a list of PEM texts, where a provider of certificates has a list of objects; a unit of version 0 has `certificate`. While nothing
 * is handed out, such a relation looks like one of any other interface, and is passed over.
 *
 * @module
 */
import { REQUIRER_KEYS } from '../../core/csr/wire.ts';
import { lookup } from '../../core/databag/lookup.ts';
import { handsOut } from '../../core/examine/trust.ts';
import type { TrustExchange } from '../../core/examine/trust-exchange.ts';
import { type ApplicationName, applicationOf, type RelationId } from '../../core/model/names.ts';
import { byCodePoint } from '../../core/model/order.ts';
import type { Databag } from '../../core/model/snapshot.ts';
import { speaksAs } from '../../core/reactive/wire.ts';
import { UNIT_KEYS } from '../../core/trust/wire.ts';
import type { ShownRelation } from './shown-relation.ts';

const has = (bag: Databag, key: string): boolean => lookup(bag, key) !== null;

/** A unit of version 0; a reactive provider has `ca` and `chain` too, but not this. */
const isHandingUnit = (bag: Databag | null): boolean =>
  bag !== null && has(bag, UNIT_KEYS.ca) && (lookup(bag, UNIT_KEYS.certificate) ?? '').includes('BEGIN CERTIFICATE');

/** Whether somebody asks for a certificate, or answers: then the relation is not for trust. */
const concernsCertificates = ({ units }: ShownRelation): boolean =>
  [...units.values()].some((bag) =>
    bag !== null && !isHandingUnit(bag) && (has(bag, REQUIRER_KEYS.requests) || speaksAs(bag) === 'requirer')
  );

/** Whether a relation is one for trust. */
export const isForTrust = (relation: ShownRelation): boolean =>
  !concernsCertificates(relation) &&
  ([...relation.units.values()].some(isHandingUnit) ||
    [...relation.shownBy.values()].some(handsOut));

/** Who hands out, and whether that was seen. */
const providerIn = (
  { units, endpoints, shownBy }: ShownRelation,
  stated: string | null,
): { readonly provider: ApplicationName | null; readonly isAssumed: boolean } => {
  const applications = [...endpoints.keys()];
  const otherThan = (one: string): ApplicationName | null => applications.find((other) => other !== one) ?? null;
  if (stated !== null && applications.some((one) => one === stated)) {
    return { provider: otherThan(stated), isAssumed: false };
  }
  for (const [unit, bag] of units) if (isHandingUnit(bag)) return { provider: applicationOf(unit), isAssumed: false };
  // Juju 2.9 and 3 show the other application's databag, Juju 4.0 the own one: what is printed does not tell which.
  for (const [by, bag] of shownBy) if (handsOut(bag)) return { provider: otherThan(by), isAssumed: true };
  return { provider: null, isAssumed: true };
};

/** A relation for trust; see {@link isForTrust}. */
export const trustOfShown = (relation: ShownRelation, stated: string | null): TrustExchange => {
  const { provider, isAssumed } = providerIn(relation, stated);
  const { number, units, endpoints, shownBy } = relation;
  const requirer = [...endpoints.keys()].find((one) => one !== provider) ?? null;
  const [endpoint = ''] = [requirer, provider].flatMap((one) => (one === null ? [] : endpoints.get(one) ?? []));
  return {
    // As Juju names it on the requirer's side, where that was seen.
    relationId: `${endpoint}:${number}` as RelationId,
    requirer,
    provider,
    application: [...shownBy.values()].find(handsOut) ?? null,
    units: [...units]
      .flatMap(([unit, bag]) => (bag !== null && applicationOf(unit) === provider ? [{ unit, bag }] : []))
      .sort((a, b) => byCodePoint(a.unit, b.unit)),
    areRolesAssumed: isAssumed,
  };
};
