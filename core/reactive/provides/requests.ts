/**
 * Who asks a provider for what: the requirer units of one relation, and the requests of each in order.
 *
 * What is malformed is set aside with a finding, and everything else is served (D27). Source: docs/reactive-protocol.md section 7, D15, D20.
 *
 * @module
 */
import { lookup } from '../../databag/lookup.ts';
import { CERT_TYPES, type CertType } from '../../model/certificate.ts';
import type { Finding } from '../../model/finding.ts';
import { munge, type MungedUnitName, type UnitName } from '../../model/names.ts';
import { byCodePoint } from '../../model/order.ts';
import type { Databag, Relation } from '../../model/snapshot.ts';
import { type BagRequests, ownNameIn, readAsked, type Sans } from '../asked.ts';
import { REQUIRER_KEYS } from '../wire.ts';
import { finding } from './findings.ts';
import type { Slot } from './published.ts';

/** One request of a unit, without repeats. */
export interface UnitRequest {
  readonly slot: Slot;
  readonly certType: CertType;
  readonly certificateName: string;
  readonly commonName: string;
  /** As they are answered; see `ProvidesRequest`. */
  readonly sans: Sans;
}

/** A requirer unit with its requests. */
export interface Requirer {
  readonly unit: UnitName;
  /** Its name for itself, if a unit can have that name; otherwise its Juju name. */
  readonly unitName: MungedUnitName;
  readonly requests: ReadonlyArray<UnitRequest>;
  readonly asked: BagRequests;
}

/** The requirers of a relation. */
export interface Requirers {
  readonly units: ReadonlyArray<Requirer>;
  readonly findings: ReadonlyArray<Finding>;
}

/** The name under which a unit is answered: its name for itself, otherwise its Juju name. */
const ownName = (unit: UnitName, bag: Databag): MungedUnitName => ownNameIn(bag) ?? munge(unit);

/** Whether a unit calls itself something that no unit can be called. */
const isMisnamed = (bag: Databag): boolean => lookup(bag, REQUIRER_KEYS.unitName) !== null && ownNameIn(bag) === null;

/** Which unit owns each name: the one that really has it, otherwise the first that claims it. Two units cannot be answered under one name. */
const holders = (
  units: ReadonlyArray<readonly [UnitName, Databag]>,
): ReadonlyMap<MungedUnitName, UnitName> => {
  const names = new Map<MungedUnitName, UnitName>();
  for (const [unit, bag] of units) {
    const name = ownName(unit, bag);
    if (!names.has(name) || munge(unit) === name) names.set(name, unit);
  }
  return names;
};

const sorted = (collection: ReadonlyMap<string, Sans>): ReadonlyArray<readonly [string, Sans]> =>
  [...collection].sort(([a], [b]) => byCodePoint(a, b));

/** What all units of the application want in their shared certificate: each common name and each SAN. */
const united = (all: Iterable<BagRequests>): Sans => {
  const names = new Set<string>();
  for (const { collections } of all) {
    for (const [commonName, sans] of collections.application) {
      names.add(commonName);
      for (const san of sans) names.add(san);
    }
  }
  return [...names].sort(byCodePoint);
};

/**
 * The SANs of a name that is requested both at top level and in the collection. An answer does not tell the two apart, so one certificate
 * answers both and has the names of both. Null if the name occurs in only one of them.
 */
const sansOfBoth = ({ top, collections }: BagRequests): Sans | null => {
  if (top === null || top.isMalformed) return null;
  const further = collections.server.get(top.commonName);
  return further === undefined ? null : [...new Set([...(top.sans ?? []), ...further])];
};

const requestsOf = (bag: Databag, asked: BagRequests, applicationSans: Sans): ReadonlyArray<UnitRequest> => {
  const { top, collections } = asked;
  const both = sansOfBoth(asked);
  const first: ReadonlyArray<UnitRequest> = top === null || top.isMalformed ? [] : [{
    slot: 'top',
    certType: 'server',
    certificateName: lookup(bag, REQUIRER_KEYS.certificateName) ?? top.commonName,
    commonName: top.commonName,
    sans: both ?? top.sans ?? [],
  }];
  const sansFor = (certType: CertType, commonName: string, own: Sans): Sans =>
    certType === 'application'
      ? applicationSans
      : certType === 'server' && commonName === top?.commonName
      ? both ?? own
      : own;
  return [
    ...first,
    ...CERT_TYPES.flatMap((certType) =>
      sorted(collections[certType]).map(([commonName, own]): UnitRequest => ({
        slot: certType,
        certType,
        certificateName: commonName,
        commonName,
        sans: sansFor(certType, commonName, own),
      }))
    ),
  ];
};

/** Reads what the units of a relation ask for, ordered by name as strings; a departing unit does not count. */
export const readRequirers = ({ id, remoteUnits }: Relation, departing: UnitName | null): Requirers => {
  const present = Object.entries(remoteUnits)
    // The keys of this map are unit names.
    .map(([unit, bag]) => [unit as UnitName, bag] as const)
    .filter(([unit]) => unit !== departing)
    .sort(([a], [b]) => byCodePoint(a, b));
  const names = holders(present);
  const isServed = ([unit, bag]: readonly [UnitName, Databag]): boolean => names.get(ownName(unit, bag)) === unit;
  const read = present.filter(isServed).map(([unit, bag]) => ({ unit, bag, asked: readAsked(bag, id, unit) }));
  const applicationSans = united(read.map(({ asked }) => asked));
  return {
    units: read.map(({ unit, bag, asked }) => ({
      unit,
      unitName: ownName(unit, bag),
      requests: requestsOf(bag, asked, applicationSans),
      asked,
    })),
    findings: [
      ...present.filter(([, bag]) => isMisnamed(bag)).map(([unit]) =>
        finding(
          'unit-name-unfit',
          { relationId: id, unit, key: REQUIRER_KEYS.unitName },
          'the unit calls itself what no unit of Juju is called: it is answered under its name in Juju',
        )
      ),
      ...present.filter((entry) => !isServed(entry)).map(([unit]) =>
        finding(
          'unit-name-taken',
          { relationId: id, unit, key: REQUIRER_KEYS.unitName },
          'the unit calls itself by the name of another one, and so cannot be answered',
        )
      ),
      ...read.flatMap(({ asked }) => asked.findings),
    ],
  };
};
