/**
 * Who asks for what on one relation: the application's databag first, then those of the units by name. The same CSR twice in one databag is
 * one request; from two units it is two.
 *
 * @module
 */
import type { Finding, Place } from '../../model/finding.ts';
import type { Bag } from '../../model/outcome.ts';
import type { UnitName } from '../../model/names.ts';
import { byCodePoint } from '../../model/order.ts';
import type { Databag, Relation, Snapshot } from '../../model/snapshot.ts';
import { malformedIn } from '../malformed.ts';
import { readRequested } from '../requested.ts';
import type { KnownCsr, NormalPem, Texts } from '../texts.ts';
import { REQUIRER_KEYS } from '../wire.ts';

/** One request. */
export interface RequestIn {
  readonly bag: Bag;
  /** Null for the application's. */
  readonly unit: UnitName | null;
  readonly known: KnownCsr;
  readonly isCa: boolean;
}

/** Everything that is requested on one relation. */
export interface AskedOn {
  readonly requests: ReadonlyArray<RequestIn>;
  /** All CSRs, for what is answered in this relation. */
  readonly csrs: ReadonlySet<NormalPem>;
  readonly isJoined: boolean;
  /** Whether some databag, or an entry in one, is unreadable: then nothing is withdrawn. */
  readonly isMalformed: boolean;
  readonly findings: ReadonlyArray<Finding>;
}

const bagsOf = (relation: Relation, leaving: UnitName | null) => {
  const units = Object.entries(relation.remoteUnits)
    // The keys of this map are unit names.
    .map(([unit, data]) => [unit as UnitName, data] as const)
    .filter(([unit]) => unit !== leaving)
    .sort(([a], [b]) => byCodePoint(a, b));
  const bags: ReadonlyArray<readonly [UnitName | null, Databag]> = [[null, relation.remoteApplicationData], ...units];
  return { bags, isJoined: units.length > 0 };
};

/** Reads what is requested on a relation; the departing unit does not count. */
export const askedOn = ({ departing }: Snapshot, relation: Relation, texts: Texts): AskedOn => {
  const { bags, isJoined } = bagsOf(relation, departing?.relationId === relation.id ? departing.unit : null);
  const findings: Array<Finding> = [];
  const requests = bags.flatMap(([unit, data]) => {
    const place: Place = {
      relationId: relation.id,
      ...(unit === null ? {} : { unit }),
      key: REQUIRER_KEYS.requests,
    };
    const { entries, faults } = readRequested(data, texts);
    findings.push(...malformedIn(place, faults));
    const once = new Map<NormalPem, RequestIn>();
    for (const { value: { known, isCa } } of entries) {
      if (!once.has(known.pem)) once.set(known.pem, { bag: unit === null ? 'application' : 'unit', unit, known, isCa });
    }
    return [...once.values()];
  });
  return {
    requests,
    csrs: new Set(requests.map(({ known }) => known.pem)),
    isJoined,
    isMalformed: findings.length > 0,
    findings,
  };
};
