/**
 * What a requirer's databag asks for. Both sides read it: the requirer its own, to change it, and the provider those of all requirers.
 *
 * What is malformed counts as absent, with a finding; all else is read. Source: docs/reactive-protocol.md sections 1 and 7, D6, D25, D27.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { fieldOf, readFields } from '../databag/entries.ts';
import { parseDatabagJson } from '../databag/json.ts';
import { lookup } from '../databag/lookup.ts';
import type { CertType } from '../model/certificate.ts';
import { isObject } from '../model/codec.ts';
import type { Finding, Place } from '../model/finding.ts';
import { couldBeUnit, type MungedUnitName, type RelationId, type UnitName } from '../model/names.ts';
import { shapeOf } from '../model/shape.ts';
import type { Databag } from '../model/snapshot.ts';
import { malformed } from './malformed.ts';
import { COLLECTIONS, REQUIRER_KEYS } from './wire.ts';

/**
 * SANs, in the order in which they were published.
 *
 * @internal
 */
export type Sans = ReadonlyArray<string>;

/**
 * What a request is about. One databag has at most one request per kind and common name.
 *
 * @internal
 */
export interface RequestKey {
  readonly certType: CertType;
  readonly commonName: string;
}

/** A subject as one text. */
export const requestKeyOf = ({ certType, commonName }: RequestKey): string => `${certType}/${commonName}`;

/** The request that has fields of its own. */
export interface TopLevel {
  readonly commonName: string;
  /** Null if they are absent or malformed. */
  readonly sans: Sans | null;
  readonly isMalformed: boolean;
}

/** What one databag asks for. */
export interface BagRequests {
  /** The first server request, if there is one. */
  readonly top: TopLevel | null;
  readonly collections: { readonly [K in CertType]: ReadonlyMap<string, Sans> };
  /** The subjects of malformed entries: they request nothing, but can be withdrawn. */
  readonly malformed: ReadonlyArray<RequestKey>;
  /** The kinds whose whole collection is malformed. */
  readonly unreadable: ReadonlySet<CertType>;
  readonly findings: ReadonlyArray<Finding>;
}

/** What a unit calls itself in its databag; null if it does not say, or if no unit can have that name (D29). */
export const ownNameIn = (bag: Databag): MungedUnitName | null => {
  const name = lookup(bag, REQUIRER_KEYS.unitName);
  // A unit publishes its name munged.
  return name !== null && couldBeUnit(name) ? name as MungedUnitName : null;
};

/** The SANs in a decoded value; absent and null mean none (D6). A `Left` says what was expected. */
const sansOf = (value: unknown): E.Either<string, Sans> => {
  if (value === undefined || value === null) return E.right([]);
  const isList = Array.isArray(value) && value.every((san): san is string => typeof san === 'string');
  return isList ? E.right(value) : E.left('a JSON list of strings');
};

/** The SANs of the request that has fields of its own. */
const readSans = (raw: string): E.Either<string, Sans> => {
  const parsed = parseDatabagJson(raw);
  if (E.isLeft(parsed)) return E.left(`expected a JSON list of strings, got ${parsed.left}`);
  return E.mapLeft((what: string) => `expected ${what}, got ${shapeOf(parsed.right)}`)(sansOf(parsed.right));
};

/** The SANs of a request in a collection. */
const sansIn = (entry: unknown): E.Either<string, Sans> =>
  E.mapLeft(() => 'expected an object with a list of SANs')(
    isObject(entry) ? sansOf(fieldOf(entry, 'sans')) : E.left('an object'),
  );

const readTop = (bag: Databag, place: Place, findings: Array<Finding>): BagRequests['top'] => {
  const commonName = lookup(bag, REQUIRER_KEYS.commonName);
  if (commonName === null) return null;
  const raw = lookup(bag, REQUIRER_KEYS.sans);
  if (raw === null) return { commonName, sans: null, isMalformed: false };
  const sans = readSans(raw);
  if (E.isRight(sans)) return { commonName, sans: sans.right, isMalformed: false };
  findings.push(malformed('malformed-value', { ...place, key: REQUIRER_KEYS.sans }, sans.left));
  return { commonName, sans: null, isMalformed: true };
};

/** Reads what a requirer's databag asks for. Malformed parts count as absent, with a finding (D25). */
export const readAsked = (bag: Databag, relationId: RelationId, unit: UnitName): BagRequests => {
  const findings: Array<Finding> = [];
  const setAside: Array<RequestKey> = [];
  const place: Place = { relationId, unit };
  const top = readTop(bag, place, findings);
  const unreadable = new Set<CertType>();
  const read = (certType: CertType): ReadonlyMap<string, Sans> => {
    const key = COLLECTIONS[certType].requests;
    const { entries, faults } = readFields(lookup(bag, key), 'a JSON object of requests', sansIn);
    for (const { at: commonName, message } of faults) {
      if (commonName === null) {
        unreadable.add(certType);
        findings.push(malformed('malformed-value', { ...place, key }, message));
      } else {
        setAside.push({ certType, commonName });
        findings.push(malformed('malformed-entry', { ...place, key, commonName }, message));
      }
    }
    return new Map(entries.map(({ at, value }) => [at, value]));
  };
  return {
    top,
    collections: {
      server: read('server'),
      client: read('client'),
      application: read('application'),
      intermediate: read('intermediate'),
    },
    malformed: setAside,
    unreadable,
    findings,
  };
};
