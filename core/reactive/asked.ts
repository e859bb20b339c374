/**
 * What a requirer's databag asks for. Both sides read it: the requirer its own, to change it, and the provider every other's.
 *
 * What is malformed counts as absent, with a finding; all else is read. Source: protocol-reactive.md sections 1 and 7, D6, D25, D27.
 *
 * @module
 */
import * as E from 'fp-ts/lib/Either.js';
import { readObject } from '../databag/entries.ts';
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

/** Alternative names, in the order in which they were published. */
export type Sans = ReadonlyArray<string>;

/** What a request is about: within one databag, there is one request for a kind and a common name. */
export interface Subject {
  readonly certType: CertType;
  readonly commonName: string;
}

/** A subject as one text. */
export const subjectOf = ({ certType, commonName }: Subject): string => `${certType}/${commonName}`;

/** The request with fields of its own. */
export interface TopLevel {
  readonly commonName: string;
  /** Null where they are absent or malformed. */
  readonly sans: Sans | null;
  readonly isMalformed: boolean;
}

/** What one databag asks for. */
export interface Asked {
  /** The first server request, where there is one. */
  readonly top: TopLevel | null;
  readonly collections: { readonly [K in CertType]: ReadonlyMap<string, Sans> };
  /** The subjects of entries that are malformed: they ask for nothing, but can be withdrawn. */
  readonly malformed: ReadonlyArray<Subject>;
  /** The kinds whose whole collection is malformed. */
  readonly unreadable: ReadonlySet<CertType>;
  readonly findings: ReadonlyArray<Finding>;
}

/** What a unit calls itself in its databag; null where it does not say, or says what no unit is called (D29). */
export const ownNameIn = (bag: Databag): MungedUnitName | null => {
  const name = lookup(bag, REQUIRER_KEYS.unitName);
  // A unit publishes its name munged.
  return name !== null && couldBeUnit(name) ? name as MungedUnitName : null;
};

/** The SANs in a decoded value: absent and null are none at all (D6); null stands for anything that is not a list of strings. */
const sansOf = (value: unknown): Sans | null => {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) && value.every((san): san is string => typeof san === 'string') ? value : null;
};

/** The requests of a kind; null where the whole value is malformed. */
const readCollection = (
  raw: string | null,
  place: Place,
  findings: Array<Finding>,
  setAside: (commonName: string) => void,
): ReadonlyMap<string, Sans> | null => {
  const requests = new Map<string, Sans>();
  if (raw === null) return requests;
  const parsed = readObject(raw, 'a JSON object of requests');
  if (E.isLeft(parsed)) {
    findings.push(malformed('malformed-value', place, parsed.left));
    return null;
  }
  for (const [commonName, entry] of Object.entries(parsed.right)) {
    const sans = isObject(entry) ? sansOf(Object.hasOwn(entry, 'sans') ? entry['sans'] : undefined) : null;
    if (sans !== null) {
      requests.set(commonName, sans);
    } else {
      setAside(commonName);
      findings.push(malformed('malformed-entry', { ...place, commonName }, 'expected an object with a list of SANs'));
    }
  }
  return requests;
};

const readTop = (bag: Databag, place: Place, findings: Array<Finding>): Asked['top'] => {
  const commonName = lookup(bag, REQUIRER_KEYS.commonName);
  if (commonName === null) return null;
  const raw = lookup(bag, REQUIRER_KEYS.sans);
  if (raw === null) return { commonName, sans: null, isMalformed: false };
  const parsed = parseDatabagJson(raw);
  const sans = E.isRight(parsed) ? sansOf(parsed.right) : null;
  if (sans === null) {
    const found = E.isRight(parsed) ? shapeOf(parsed.right) : parsed.left;
    const message = `expected a JSON list of strings, got ${found}`;
    findings.push(malformed('malformed-value', { ...place, key: REQUIRER_KEYS.sans }, message));
  }
  return { commonName, sans, isMalformed: sans === null };
};

/** Reads what a requirer's databag asks for. What is malformed counts as absent, with a finding (D25). */
export const readAsked = (bag: Databag, relationId: RelationId, unit: UnitName): Asked => {
  const findings: Array<Finding> = [];
  const setAside: Array<Subject> = [];
  const place: Place = { relationId, unit };
  const top = readTop(bag, place, findings);
  const unreadable = new Set<CertType>();
  const read = (certType: CertType): ReadonlyMap<string, Sans> => {
    const key = COLLECTIONS[certType].requests;
    const note = (commonName: string) => void setAside.push({ certType, commonName });
    const requests = readCollection(lookup(bag, key), { ...place, key }, findings, note);
    if (requests === null) unreadable.add(certType);
    return requests ?? new Map();
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
